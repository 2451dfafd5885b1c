using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Wire;

namespace ReplayHarness.Server;

/// <summary>The recorded model behind its providers' APIs.</summary>
internal sealed class ModelEndpoints(Func<Session> session)
{
    private const string Json = "application/json; charset=utf-8";
    private const int BadRequest = StatusCodes.Status400BadRequest;

    public async Task AnswerAsync(HttpContext context, WireFormat format)
    {
        var now = session();
        try
        {
            if (format.Refuses(name => context.Request.Headers[name].FirstOrDefault()) is { } wrong)
                throw new WireException(wrong);
            var (answer, messages, divergence) = Next(now, format.Read(await BodyAsync(context).ConfigureAwait(false)));
            if (divergence is not null)
                await RefuseAsync(context, now, format, BadRequest, divergence).ConfigureAwait(false);
            else
                await AnswerAsync(context, now, format, answer!, messages).ConfigureAwait(false);
        }
        catch (WireException e)
        {
            await RefuseAsync(context, now, format, BadRequest, e.Message).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, now, format, e.StatusCode, e.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            now.Tell($"{format.Name}: the client went away before it had its answer");
        }
    }

    private static (WireAnswer? Answer, IReadOnlyList<ChatMessage> Messages, string? Divergence) Next(Session session, WireRequest asked)
    {
        lock (session.Gate)
        {
            var (answer, messages, divergence) = session.Model.Next(asked);
            if (divergence is not null)
                session.Diverge(divergence);
            return (answer, messages, divergence?.ToString());
        }
    }

    private static Task AnswerAsync(
        HttpContext context,
        Session session,
        WireFormat format,
        WireAnswer answer,
        IReadOnlyList<ChatMessage> messages
    )
    {
        var error = answer.Turn.Error;
        var pace = Pace.Of(format, answer);
        var refusal = error is null || pace is not null ? null : WireRefusal.Of(error);
        session.Tell(Line(format, answer, refusal));
        var asked = new Asked(
            BoundaryKind.Model,
            answer.Model.Length == 0 ? "model" : answer.Model,
            refusal is { Hangs: true } ? null : pace?.First ?? answer.Turn.LatencySeconds
        )
        {
            Input = messages,
            Output = error is null ? Conversation.Respond(answer.Turn) : null,
            Error = error is null ? null : new(error.Type, error.Message),
        };
        return session.Responder.AnswerAsync(
            asked,
            () => SendAsync(context, session, format, answer, refusal, pace),
            context.RequestAborted
        );
    }

    private static async Task SendAsync(
        HttpContext context,
        Session session,
        WireFormat format,
        WireAnswer answer,
        WireRefusal? refusal,
        Pace? pace
    )
    {
        if (pace is not null)
            await PieceAsync(context, session, pace, answer.Request.Streams ? "text/event-stream; charset=utf-8" : Json)
                .ConfigureAwait(false);
        else if (refusal is { Breaks: true })
            await FaultyConnection.FailAsync(context, HttpFault.ConnectionReset).ConfigureAwait(false);
        else if (refusal is { } refused)
        {
            if (refused.RetryAfter is { } seconds)
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await SendAsync(context, refused.Status, format.Refusal(refused.Status, answer.Turn.Error!.Message)).ConfigureAwait(false);
        }
        else
            await SendAsync(context, StatusCodes.Status200OK, format.Body(answer)).ConfigureAwait(false);
    }

    /// <summary>Sends an answer piece by piece.</summary>
    public static async Task PieceAsync(HttpContext context, Session session, Pace pace, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-cache";
        for (var i = 0; i < pace.Count; i++)
        {
            if (i > 0)
                await session.Responder.GapAsync(pace.Gap(i), context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.WriteAsync(pace[i], context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
        if (pace.Tail > 0)
            await session.Responder.GapAsync(pace.Tail, context.RequestAborted).ConfigureAwait(false);
        if (pace.Ending == PaceEnding.Breaks)
        {
            await session.Responder.LeaveAsync(context.RequestAborted).ConfigureAwait(false);
            context.Abort();
        }
        if (pace.Ending == PaceEnding.Stalls)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task RefuseAsync(HttpContext context, Session session, WireFormat format, int status, string message)
    {
        session.Tell($"{format.Name}: refused: {message.ReplaceLineEndings(" ")}");
        await SendAsync(context, status, format.Refusal(status, message)).ConfigureAwait(false);
    }

    private static string Line(WireFormat format, WireAnswer answer, WireRefusal? refusal)
    {
        var what =
            refusal is { Hangs: true } ? "no answer, as captured"
            : refusal is { Breaks: true } ? "the connection breaks, as captured"
            : refusal is { } r ? $"{r.Status}, as captured"
            : answer.Turn.Calls.Count > 0 ? $"calls {string.Join(", ", answer.Turn.Calls.Select(c => c.Tool))}"
            : answer.Turn.Text == Conversation.SyntheticText ? "a synthetic final message"
            : "a final message";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{format.Name}: {what} after {answer.Turn.LatencySeconds:0.###} s{(answer.Request.Streams ? ", streamed" : "")}"
        );
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        return body.ToArray();
    }

    public static async Task SendAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = Json;
        await context.Response.Body.WriteAsync(WireFormat.Bytes(body), context.RequestAborted).ConfigureAwait(false);
    }
}
