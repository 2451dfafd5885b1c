using System.Text;
using Microsoft.AspNetCore.Http;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Wire;

namespace ReplayHarness.Server;

/// <summary>The authored responses of a fixture: <c>/http/HOST/PATH</c> stands for <c>http(s)://HOST/PATH</c>, and so does a request that comes as to a proxy.</summary>
internal sealed class HttpStubs(Func<Session> session)
{
    private const int MostKnown = 6;

    /// <summary>Whether there is a response to a request, whatever its body.</summary>
    public bool Knows(string method, string target) =>
        session().Index.Responses.Any(r => r.Record.Method == method && IsTo(r.Record.Url, target));

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Host, path and query.</param>
    public async Task AnswerAsync(HttpContext context, string target)
    {
        var (method, now) = (context.Request.Method, session());
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false);
        HttpAnswer? answer;
        lock (now.Gate)
            answer = now.Http.Next(method, known => IsTo(known, target), body);
        if (answer is null)
        {
            await RefuseAsync(context, now, target).ConfigureAwait(false);
            return;
        }
        var (behaviour, refusal) = ImposedBy(now, answer.Record);
        now.Tell(
            $"http: {method} {target} -> {(refusal is { } r ? Told(r) : answer.Record.Fault is { } fault ? $"{fault}" : $"{answer.Record.Status}")}"
        );
        var asked = new Asked(
            BoundaryKind.Http,
            $"{method} {answer.Record.Url}",
            refusal is { Hangs: true } || (refusal is null && answer.Record.Fault == HttpFault.NoAnswer)
                ? null
                : behaviour?.LatencySeconds ?? answer.Record.LatencySeconds
        )
        {
            Behaviour = behaviour,
            Result = $"{(refusal is { } status ? status.Status : answer.Record.Status)}",
        };
        await now
            .Responder.AnswerAsync(
                asked,
                () => refusal is { } imposed ? RefuseAsync(context, imposed, behaviour!.Error!.Message) : SendAsync(context, now, answer),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static async Task SendAsync(HttpContext context, Session session, HttpAnswer answer)
    {
        var (record, body) = (answer.Record, Encoding.UTF8.GetBytes(answer.Body));
        if (record.Fault is { } fault)
        {
            await FaultyConnection.FailAsync(context, fault).ConfigureAwait(false);
            return;
        }
        context.Response.StatusCode = record.Status;
        foreach (var (name, value) in record.Headers ?? new Dictionary<string, string>())
            context.Response.Headers[name] = value;
        if (record.Dribble is { } dribble)
            await ModelEndpoints
                .PieceAsync(context, session, Pace.Dribbled(body, dribble, begins: 0), record.ContentType)
                .ConfigureAwait(false);
        else
        {
            context.Response.ContentType = record.ContentType;
            await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task RefuseAsync(HttpContext context, WireRefusal refusal, string message)
    {
        if (refusal.Breaks)
        {
            await FaultyConnection.FailAsync(context, HttpFault.ConnectionReset).ConfigureAwait(false);
            return;
        }
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (refusal.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = $"{seconds}";
        await context.Response.WriteAsync(message, context.RequestAborted).ConfigureAwait(false);
    }

    // A tool that asks over HTTP fails where its result would have come: the response that carries it behaves as the call did.
    private static (Behaviour? Behaviour, WireRefusal? Refusal) ImposedBy(Session session, HttpResponseRecord record)
    {
        if (!session.ImposesOnHttp || record.BodyFromResult is not { } call)
            return default;
        Behaviour? behaviour;
        lock (session.Gate)
            (behaviour, _) = session.Tools.Match(
                call.Tool,
                FixtureIndex.Key(call.Tool, call.Arguments).Arguments,
                session.Conversation.Attempt
            );
        return (
            behaviour,
            behaviour?.Error is { } error ? WireRefusal.Of(error) ?? new(StatusCodes.Status500InternalServerError, null) : null
        );
    }

    private static async Task RefuseAsync(HttpContext context, Session session, string target)
    {
        string[] known = [.. session.Index.Responses.Select(r => $"{r.Record.Method} {r.Record.Url}")];
        var divergence = new Divergence(
            $"the agent sent {context.Request.Method} {target}",
            null,
            [
                known.Length == 0
                    ? "the fixture holds no http responses"
                    : $"the fixture has no such response; it has {string.Join(", ", known.Take(MostKnown))}{(known.Length > MostKnown ? ", …" : "")}",
            ],
            "author the response in the fixture's folder http/"
        );
        session.DivergeUnlessPolicy(divergence, "404");
        session.Tell($"http: {context.Request.Method} {target} -> 404, the fixture has no response to it");
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        await context.Response.WriteAsync($"{divergence}", context.RequestAborted).ConfigureAwait(false);
    }

    private static string Told(WireRefusal refusal) =>
        refusal.Hangs ? "no answer, as captured"
        : refusal.Breaks ? "the connection breaks, as captured"
        : $"{refusal.Status}, as captured";

    private static bool IsTo(string url, string target) => url.EndsWith("://" + target, StringComparison.Ordinal);
}
