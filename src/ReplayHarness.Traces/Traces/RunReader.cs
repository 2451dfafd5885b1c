using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>
/// Reads one run from its spans: folds retries, groups calls by turn, and completes what a span leaves out from the messages around it.
/// </summary>
internal static class RunReader
{
    public static AgentRun Read(Trace trace, Span? root, IReadOnlyList<Span> spans)
    {
        var finder = new CallFinder(trace, spans);
        var models = finder.Of(SpanRole.Model);
        var tools = finder.Of(SpanRole.Tool);
        var rootDialect = root is null ? null : trace.DialectOf(root);
        var failed = root is not null ? Errors.Of(root) is not null : spans.Any(s => trace.ParentOf(s) is null && Errors.Of(s) is not null);
        return new AgentRun
        {
            Trace = trace,
            Root = root,
            Spans = spans,
            Dialect = rootDialect?.Name ?? models.Concat(tools).FirstOrDefault()?.Dialect.Name ?? "",
            Turns = TurnsOf(trace, Retries(models, tools), [.. tools.Select(ToolCallOf)]),
            Failed = failed,
            Error = failed
                ? spans
                    .Select(s => s == root || (root is null && trace.ParentOf(s) is null) ? Errors.Of(s) : null)
                    .FirstOrDefault(e => e is not null)
                : null,
            StopReason = root is null ? null : (rootDialect?.StopReason(root) ?? root.Attributes.Text("stop_reason")),
            LateCrash = root is null ? null : rootDialect?.LateCrash(root),
            Attempt = (int?)spans.Select(s => s.Attributes.Number("attempt")).FirstOrDefault(n => n is not null),
        };
    }

    // A failed call that is followed by another one before any tool runs was retried by the client.
    private static List<ModelCall> Retries(IReadOnlyList<FoundCall> models, IReadOnlyList<FoundCall> tools)
    {
        var folded = new List<ModelCall>();
        List<Span> attempts = [];
        for (var i = 0; i < models.Count; i++)
        {
            var span = models[i].Span;
            attempts.AddRange(AttemptsOf(models[i]));
            var error = Errors.Of(span);
            var next = i + 1 < models.Count ? models[i + 1].Span : null;
            var retried =
                error is not null
                && next is not null
                && next.StartNanos >= span.EndNanos
                && !tools.Any(t => t.Span.StartNanos >= span.StartNanos && t.Span.StartNanos < next.StartNanos);
            if (retried)
                continue;
            folded.Add(ModelCallOf(models[i], [.. attempts], error));
            attempts = [];
        }
        return folded;
    }

    // A layer below may have seen the client's own attempts.
    private static IEnumerable<Span> AttemptsOf(FoundCall call) =>
        call.Seen.Count > 1 && call.Seen[..^1].TrueForAll(s => Errors.Of(s.Span) is not null) ? call.Seen.Select(s => s.Span) : [call.Span];

    private static ModelCall ModelCallOf(FoundCall call, Span[] attempts, CallError? error) =>
        new(call.Span, attempts)
        {
            Model = call.Read((d, s) => d.Model(s)),
            FinishReason = FinishReasons.Fold(call.Read((d, s) => d.FinishReason(s)), call.Read((d, s) => d.Output(s))),
            Input = call.Read((d, s) => d.Input(s)),
            Output = call.Read((d, s) => d.Output(s)),
            Error = error,
        };

    private static ToolCall ToolCallOf(FoundCall call) =>
        new(call.Span, call.Dialect.ToolName(call.Span))
        {
            CallId = call.Read((d, s) => d.CallId(s)),
            Arguments = call.Read((d, s) => d.Arguments(s)),
            Result = call.Read((d, s) => d.Result(s)),
            Error = call.Read((_, s) => Errors.Of(s)),
            ContendedWith = call.Dialect.ContendedWith(call.Span),
            IsAbandoned = call.Dialect.IsAbandoned(call.Span),
        };

    // A call belongs to the last model call that had answered when it began; where tools are nested in the model's span, to the one that
    // holds it.
    private static Turn[] TurnsOf(Trace trace, List<ModelCall> models, ToolCall[] tools)
    {
        var byModel = tools.ToLookup(t => models.FindLastIndex(m => m.Attempts[0].StartNanos <= t.Span.StartNanos));
        List<Turn> turns = [];
        if (byModel.Contains(-1))
            turns.Add(new(null, Ordered(byModel[-1])));
        for (var i = 0; i < models.Count; i++)
        {
            var asked = Parts<ToolCallPart>(models[i].Output);
            var answered = i + 1 < models.Count ? Parts<ToolResultPart>(models[i + 1].Input) : [];
            turns.Add(
                new(
                    models[i],
                    Ordered(WithCallIds([.. byModel[i]], asked).Select(c => WithContent(c, asked, answered, TellsAll(trace, c))))
                )
            );
        }
        return [.. turns];
    }

    private static bool TellsAll(Trace trace, ToolCall call) => trace.DialectOf(call.Span)?.TellsAll == true;

    private static ToolCall[] Ordered(IEnumerable<ToolCall> calls) =>
        [.. calls.OrderBy(c => c.Span.StartNanos).ThenBy(c => c.Span.EndNanos).ThenBy(c => c.Span.SpanId, StringComparer.Ordinal)];

    private static T[] Parts<T>(IReadOnlyList<Message>? messages) => [.. (messages ?? []).SelectMany(m => m.Parts).OfType<T>()];

    // An id that a span lacks is that of the one request it fits: by arguments, or the only one of its tool that no other call has taken.
    private static IEnumerable<ToolCall> WithCallIds(ToolCall[] calls, ToolCallPart[] asked)
    {
        var taken = calls.Select(c => c.CallId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var call in calls)
        {
            ToolCallPart[] fitting = call.CallId is not null
                ? []
                :
                [
                    .. asked.Where(a =>
                        a.Name == call.Name
                        && a.CallId is not null
                        && !taken.Contains(a.CallId)
                        && (call.Arguments is null || Json.Canonical(a.Arguments) == Json.Canonical(call.Arguments))
                    ),
                ];
            var only =
                fitting.Length == 1 && (call.Arguments is not null || calls.Count(c => c.Name == call.Name && c.CallId is null) == 1);
            yield return only ? call with { CallId = fitting[0].CallId } : call;
        }
    }

    // What the tool's span does not say, the messages may: arguments in the model's answer, the result or the error in the next request.
    private static ToolCall WithContent(ToolCall call, ToolCallPart[] asked, ToolResultPart[] answered, bool tellsAll)
    {
        if (call.CallId is not { } id)
            return call;
        if (call.Arguments is null && Array.Find(asked, a => a.CallId == id) is { } request)
            call = call with { Arguments = request.Arguments };
        // What the agent told the model instead is not what the tool gave.
        if (tellsAll || Array.FindLast(answered, a => a.CallId == id) is not { } answer)
            return call;
        if (call.Error is null && answer.IsError)
            return call with { Error = Errors.FromText(answer.Result) };
        return call.Error is null && call.Result is null ? call with { Result = answer.Result } : call;
    }
}

/// <summary>Finish reasons in one spelling.</summary>
internal static class FinishReasons
{
    // Gemini and those that follow it say stop even where calls are asked for.
    public static string? Fold(string? reason, IReadOnlyList<Message>? output) =>
        Fold(reason) is var folded && folded == "stop" && output?.Any(m => m.Parts.Any(p => p is ToolCallPart)) == true
            ? "tool_calls"
            : folded;

    private static string? Fold(string? reason) =>
        reason switch
        {
            "tool-calls" or "tool_calls" or "tool_call" or "toolUse" or "tool_use" or "ToolCalls" => "tool_calls",
            "stop" or "end_turn" or "endTurn" or "STOP" or "completed" => "stop",
            "length" or "max_tokens" or "maxTokens" or "MAX_TOKENS" => "length",
            _ => reason,
        };
}
