using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Answers;

/// <summary>What the recorded model answers: to a client in this process, and, in its provider's format, over HTTP.</summary>
internal static class ModelAnswers
{
    private const string Unnamed = "model";
    private const int Ok = 200,
        BadRequest = 400;

    /// <summary>The answer to a client that stands above the provider's own retries.</summary>
    /// <param name="context">The schedule.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="model">The model that is asked, or null.</param>
    /// <param name="offered">The tools that the request offers.</param>
    /// <param name="schema">The schema of the JSON that the answer is to be; null where it is text.</param>
    public static Answer Of(
        ReplayContext context,
        IReadOnlyList<ChatMessage> messages,
        string? model,
        IReadOnlyList<RecordedTool> offered,
        JsonElement? schema = null
    )
    {
        lock (context.Gate)
        {
            context.Conversation.NoteOffer(offered);
            messages = context.Conversation.Names.Recorded(messages);
            var (turn, divergence) = context.Conversation.Next(messages, schema: schema);
            if (divergence is not null)
                return context.Diverge(divergence, Empty);
            var call = context.CallOf(BoundaryKind.Model, model ?? Unnamed, input: messages);
            context.Conversation.Provider?.Note(call);
            return new(call, TimeSpan.FromSeconds(turn!.LatencySeconds), OutcomeOf(context, turn));
        }
    }

    /// <summary>A model that says nothing.</summary>
    public static Outcome Empty => new Spoken(new ChatResponse(new ChatMessage(ChatRole.Assistant, "")));

    private static Outcome OutcomeOf(ReplayContext context, RecordedTurn turn) =>
        turn.Error is { } error
            ? new Failed(error)
            : new Spoken(Conversation.Respond(context.Conversation.Names.Offered(turn))) { Output = Conversation.Respond(turn) };

    /// <summary>The answer to a request in a provider's format; null where it is in none.</summary>
    public static Answer? Of(ReplayContext context, HttpAsked asked)
    {
        if (WireFormats.Of(asked.Method, asked.Path) is not { } format)
            return null;
        try
        {
            if (format.Refuses(asked.Header) is { } wrong)
                throw new WireException(wrong);
            return Of(context, format, format.Read(asked.Body, asked.Path + asked.Query));
        }
        catch (WireException e)
        {
            Told(context, format, $"refused: {e.Message}");
            return Answer.Refuse(
                new($"the agent sent {asked.Method} {asked.Url}", null, [e.Message]),
                Refusal(format, BadRequest, e.Message)
            );
        }
    }

    private static Answer Of(ReplayContext context, WireFormat format, WireRequest request)
    {
        WireAnswer? answer;
        BoundaryCall call;
        lock (context.Gate)
        {
            (answer, var messages, var divergence) = context.Model.Next(request, format);
            if (divergence is not null)
            {
                Told(context, format, $"refused: {divergence}");
                return context.Diverge(divergence, Refusal(format, BadRequest, $"{divergence}"));
            }
            call = context.CallOf(BoundaryKind.Model, request.Model.Length == 0 ? Unnamed : request.Model, input: messages);
            context.Conversation.Provider?.Note(call);
        }
        var pace = Pace.Of(format, answer!);
        var refusal = pace is null && answer!.Turn.Error is { } error ? WireRefusal.Of(error) : null;
        if (context.IsLogged)
            Told(context, format, Line(answer!, refusal, call.IsDeserved));
        return new(
            call,
            refusal is { Hangs: true } ? null : TimeSpan.FromSeconds(pace?.First ?? answer!.Turn.LatencySeconds),
            OutcomeOf(format, answer!, refusal, pace)
        );
    }

    private static Outcome OutcomeOf(WireFormat format, WireAnswer answer, WireRefusal? refusal, Pace? pace)
    {
        if (answer.Turn.Error is not { } error)
            return Whole(format, answer, pace) with { Output = Conversation.Respond(answer.Recorded) };
        // The client may get an answer; the record says that the model failed.
        var recorded = error.AsCallError();
        return refusal switch
        {
            null => Whole(format, answer, pace) with { Error = recorded },
            { Hangs: true } => new Broken(HttpFault.NoAnswer, error.Message) { Error = recorded },
            { Breaks: true } => new Broken(HttpFault.ConnectionReset, error.Message) { Error = recorded },
            { } refused => Refusal(format, refused.Status, error.Message) with { RetryAfter = refused.RetryAfter, Error = recorded },
        };
    }

    private static Sent Whole(WireFormat format, WireAnswer answer, Pace? pace) =>
        pace is null
            ? new(Ok, Sent.Json, WireFormat.Bytes(format.Body(answer)))
            : new(Ok, answer.Request.Streams ? format.StreamType(answer.Request) : Sent.Json, []) { Pace = pace };

    private static Sent Refusal(WireFormat format, int status, string message) =>
        new(status, Sent.Json, WireFormat.Bytes(format.Refusal(status, message))) { Headers = format.RefusalHeaders(status) };

    /// <summary>The refusal of a request that could not be read; null where it is to no model.</summary>
    public static Sent? Refusal(string method, string path, int status, string message) =>
        WireFormats.Of(method, path) is { } format ? Refusal(format, status, message) : null;

    private static void Told(ReplayContext context, WireFormat format, string line)
    {
        if (context.IsLogged)
            context.Tell($"{format.Name}: {line.ReplaceLineEndings(" ")}");
    }

    private static string Line(WireAnswer answer, WireRefusal? refusal, bool isDeserved)
    {
        var what =
            refusal is { Hangs: true } ? "no answer, as captured"
            : refusal is { Breaks: true } ? "the connection breaks, as captured"
            : refusal is { } r ? $"{r.Status}, {(isDeserved ? "which the request deserves" : "as captured")}"
            : answer.Turn.Calls.Count > 0 ? $"calls {string.Join(", ", answer.Turn.Calls.Select(c => c.Tool))}"
            : answer.Turn.Text?.Contains(Conversation.SyntheticText, StringComparison.Ordinal) == true ? "a synthetic final message"
            : "a final message";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what} after {answer.Turn.LatencySeconds:0.###} s{(answer.Request.Streams ? ", streamed" : "")}"
        );
    }
}
