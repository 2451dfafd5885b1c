using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Answers;

/// <summary>The authored responses of a fixture: what a healthy backend answers; or, where that is imposed, what becomes of it.</summary>
internal static class AuthoredAnswers
{
    private const int ServerError = 500;

    /// <summary>The answer to a request; null where no response is authored for it.</summary>
    public static Answer? Of(ReplayContext context, HttpAsked asked)
    {
        HttpAnswer? response;
        Behaviour? imposed;
        BoundaryCall call;
        lock (context.Gate)
        {
            response = context.Http.Next(asked.Method, asked.IsTo, Encoding.UTF8.GetString(asked.Body));
            if (response is null)
                return null;
            imposed = ImposedBy(context, response.Record);
            call = context.CallOf(
                BoundaryKind.Http,
                $"{asked.Method} {response.Record.Url}",
                behaviour: imposed,
                request: CallLog.WordOf(asked.Url, asked.Body)
            );
        }
        var refusal = imposed?.Error is { } error ? WireRefusal.OfTool(error) ?? new(ServerError, null) : (WireRefusal?)null;
        if (context.IsLogged)
            context.Tell($"http: {asked.Method} {asked.Url} -> {Told(response.Record, refusal)}");
        var never = refusal is { } r ? r.Hangs : response.Record.Fault == HttpFault.NoAnswer;
        return new(
            call,
            never ? null : TimeSpan.FromSeconds(imposed?.LatencySeconds ?? response.Record.LatencySeconds),
            refusal is { } refused ? OutcomeOf(refused, imposed!.Error!.Message) : OutcomeOf(response)
        );
    }

    // A tool that asks over HTTP fails where its result would have come: the response that carries it behaves as the call did.
    private static Behaviour? ImposedBy(ReplayContext context, HttpResponseRecord record) =>
        context.ImposesOnHttp && record.BodyFromResult is { } call
            ? context.Tools.Match(call.Tool, FixtureIndex.Key(call.Tool, call.Arguments).Arguments, context.Conversation.Attempt).Behaviour
            : null;

    /// <summary>What a client gets of a response.</summary>
    public static Outcome OutcomeOf(HttpAnswer answer)
    {
        var record = answer.Record;
        if (record.Fault is { } fault)
            return new Broken(fault);
        var body = Encoding.UTF8.GetBytes(answer.Body);
        return new Sent(record.Status, record.ContentType, body)
        {
            Headers = record.Headers,
            Pace = record.Dribble is { } dribble ? Pace.Dribbled(body, dribble, begins: 0) : null,
            Result = $"{record.Status}",
        };
    }

    private static Outcome OutcomeOf(WireRefusal refusal, string message) =>
        refusal.Hangs ? new Broken(HttpFault.NoAnswer)
        : refusal.Breaks ? new Broken(HttpFault.ConnectionReset)
        : new Sent(refusal.Status, Sent.Plain, Encoding.UTF8.GetBytes(message))
        {
            RetryAfter = refusal.RetryAfter,
            Result = $"{refusal.Status}",
        };

    private static string Told(HttpResponseRecord record, WireRefusal? refusal) =>
        refusal switch
        {
            null => record.Fault is { } fault ? $"{fault}" : $"{record.Status}",
            { Hangs: true } => "no answer, as captured",
            { Breaks: true } => "the connection breaks, as captured",
            { } refused => $"{refused.Status}, as captured",
        };
}
