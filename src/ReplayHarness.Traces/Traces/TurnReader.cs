using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>Groups tool calls by turn, and completes what a span leaves out from the messages around it.</summary>
internal static class TurnReader
{
    // A call belongs to the last model call of its caller that had answered when it began; where tools are nested in the model's span, to
    // the one that holds it.
    public static Turn[] Of(Trace trace, List<ModelCall> models, ToolCall[] tools)
    {
        var byModel = tools.ToLookup(t => AskedBy(models, t));
        List<Turn> turns = [];
        if (byModel.Contains(-1))
            turns.Add(new(null, Ordered(byModel[-1])));
        for (var i = 0; i < models.Count; i++)
        {
            var asked = Parts<ToolCallPart>(models[i].Output);
            var answered = AnsweredAfter(models, i, asked);
            var calls = CallIds.Of(trace, Ordered(byModel[i]), asked);
            turns.Add(new(models[i], Ordered(calls.Select(c => WithContent(trace, c, asked, answered)))));
        }
        return [.. turns];
    }

    // What the same caller told next; or whoever took over and told of these calls.
    private static ToolResultPart[] AnsweredAfter(List<ModelCall> models, int asking, ToolCallPart[] asked)
    {
        var ids = asked.Select(a => a.CallId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var next = models.FindIndex(
            asking + 1,
            m =>
                Callers.AreOne(m.Caller, models[asking].Caller)
                || Array.Exists(Parts<ToolResultPart>(m.Input), r => r.CallId is not null && ids.Contains(r.CallId))
        );
        return next < 0 ? [] : Parts<ToolResultPart>(models[next].Input);
    }

    private static int AskedBy(List<ModelCall> models, ToolCall call)
    {
        var own = models.FindLastIndex(m => Callers.AreOne(m.Caller, call.Caller) && m.Attempts[0].StartNanos <= call.Span.StartNanos);
        return own >= 0 ? own : models.FindLastIndex(m => m.Attempts[0].StartNanos <= call.Span.StartNanos);
    }

    private static ToolCall[] Ordered(IEnumerable<ToolCall> calls) =>
        [.. calls.OrderBy(c => c.Span.StartNanos).ThenBy(c => c.Span.EndNanos).ThenBy(c => c.Span.SpanId, StringComparer.Ordinal)];

    private static T[] Parts<T>(IReadOnlyList<Message>? messages) => [.. (messages ?? []).SelectMany(m => m.Parts).OfType<T>()];

    // What the tool's span does not say, the messages may: arguments in the model's answer, the result or the error in the next request.
    private static ToolCall WithContent(Trace trace, ToolCall call, ToolCallPart[] asked, ToolResultPart[] answered)
    {
        if (call.CallId is not { } id)
            return call;
        var dialect = trace.DialectOf(call.Span);
        if (call.Arguments is null && Array.Find(asked, a => a.CallId == id) is { } request)
            call = call with { Arguments = request.Arguments };
        // What the agent told the model instead is not what the tool gave.
        if (dialect?.TellsAll == true || Array.FindLast(answered, a => a.CallId == id) is not { } answer)
            return call;
        if (call.Error is null && answer.IsError)
            return call with { Error = Errors.FromText(answer.Result) };
        // Who tells the model what stands on the span did not write it as JSON there.
        if (call.Result != answer.Result && dialect?.ResultAsWritten(call.Span) == answer.Result)
            return call with { Result = answer.Result };
        return call.Error is null && call.Result is null ? call with { Result = answer.Result } : call;
    }
}
