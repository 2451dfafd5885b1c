using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>
/// Reads one run from its spans: folds retries, groups calls by turn, and completes what a span leaves out from the messages around it.
/// </summary>
internal static class RunReader
{
    /// <param name="trace">The trace.</param>
    /// <param name="root">The span that stands for the whole run, or null.</param>
    /// <param name="spans">The spans of the run.</param>
    /// <param name="parts">Where several agents, or several questions, make the run: their spans.</param>
    public static AgentRun Read(Trace trace, Span? root, IReadOnlyList<Span> spans, IReadOnlyList<Span>? parts = null)
    {
        var finder = new CallFinder(trace, spans);
        var models = finder.Of(SpanRole.Model);
        var tools = finder.Of(SpanRole.Tool);
        var rootDialect = root is null ? null : trace.DialectOf(root);
        // What a part failed with is nearer to the cause than what the code around it made of that.
        IEnumerable<Span> tops =
            root is not null ? [root]
            : parts is not null ? []
            : spans.Where(s => trace.ParentOf(s) is null);
        var turns = TurnReader.Of(trace, ModelCallsOf(trace, models, tools), [.. tools.Select(t => ToolCallOf(trace, t))]);
        var error =
            (parts ?? []).Where(p => !IsGivenUp(root, p, parts!)).Concat(tops).Select(Errors.Of).FirstOrDefault(e => e is not null)
            ?? (root is null && parts is null ? Loops.ErrorOf(trace, turns) : null);
        return new AgentRun
        {
            Trace = trace,
            Root = root,
            Spans = spans,
            Dialect = rootDialect?.Name ?? models.Concat(tools).FirstOrDefault()?.Dialect.Name ?? "",
            Turns = turns,
            Failed = error is not null,
            Error = error,
            StopReason = root is null ? null : (rootDialect?.StopReason(root) ?? root.Attributes.Text("stop_reason")),
            LateCrash = root is null ? null : rootDialect?.LateCrash(root),
            Attempt = (int?)
                spans.Where(s => !IsCall(trace, s)).Select(s => s.Attributes.Number("attempt")).FirstOrDefault(n => n is not null),
        };
    }

    // The loser of a race: its workflow stopped it while another agent went on, and ended well.
    private static bool IsGivenUp(Span? root, Span part, IReadOnlyList<Span> parts) =>
        root is not null
        && Errors.Of(root) is null
        && Errors.Of(part) is { } error
        && Errors.IsCancellation(error)
        && parts.Any(p => p.StartNanos < part.EndNanos && p.EndNanos > part.EndNanos && Errors.Of(p) is null);

    // The number on a call's span is the call's own.
    private static bool IsCall(Trace trace, Span span) => trace.DialectOf(span)?.RoleOf(span) is SpanRole.Model or SpanRole.Tool;

    // Of several callers each one's own calls follow each other.
    private static List<ModelCall> ModelCallsOf(Trace trace, IReadOnlyList<FoundCall> models, IReadOnlyList<FoundCall> tools)
    {
        var byCaller = models.ToLookup(m => Callers.Of(trace, m.Span));
        if (byCaller.Count <= 1)
            return Retries(trace, models, tools);
        return
        [
            .. byCaller
                .SelectMany(c => Retries(trace, [.. c], [.. tools.Where(t => Callers.AreOne(Callers.Of(trace, t.Span), c.Key))]))
                .OrderBy(m => m.Attempts[0].StartNanos),
        ];
    }

    // A failed call that is followed by another one before any tool runs was retried by the client.
    private static List<ModelCall> Retries(Trace trace, IReadOnlyList<FoundCall> models, IReadOnlyList<FoundCall> tools)
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
            folded.Add(ModelCallOf(trace, models[i], [.. attempts], error));
            attempts = [];
        }
        return folded;
    }

    // A layer below may have seen the client's own attempts.
    private static IEnumerable<Span> AttemptsOf(FoundCall call) =>
        call.Seen.Count > 1 && call.Seen[..^1].TrueForAll(s => Errors.Of(s.Span) is not null) ? call.Seen.Select(s => s.Span) : [call.Span];

    private static ModelCall ModelCallOf(Trace trace, FoundCall call, Span[] attempts, CallError? error)
    {
        var caller = Callers.Of(trace, call.Span);
        var output = call.Read((d, s) => d.Output(s));
        return new(call.Span, attempts)
        {
            Agent = Callers.AgentOf(trace, call.Span),
            Caller = caller,
            CoversTools = CoveredTools.Are(call, caller, output, error),
            Model = call.Read((d, s) => d.Model(s)),
            FinishReason = FinishReasons.Fold(call.Read((d, s) => d.FinishReason(s)), output),
            Input = call.Read((d, s) => d.Input(s)),
            Output = output,
            Error = error,
        };
    }

    private static ToolCall ToolCallOf(Trace trace, FoundCall call) =>
        new(call.Span, call.Dialect.ToolName(call.Span))
        {
            Caller = Callers.Of(trace, call.Span),
            CallId = call.Read((d, s) => d.CallId(s)),
            Arguments = call.Read((d, s) => d.Arguments(s)),
            Result = call.Read((d, s) => d.Result(s)),
            Error = call.Read((_, s) => Errors.Of(s)),
            ContendedWith = call.Dialect.ContendedWith(call.Span),
            IsAbandoned = call.Dialect.IsAbandoned(call.Span),
        };
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
            "stop" or "end_turn" or "endTurn" or "STOP" or "completed" or "Stop" => "stop",
            // Where the framework did not know it.
            "" or "N/A" => null,
            "length" or "max_tokens" or "maxTokens" or "MAX_TOKENS" or "Length" or "model_context_window_exceeded" => "length",
            "ContentFilter"
            or "content-filter"
            or "content_filtered"
            or "guardrail_intervened"
            or "SAFETY"
            or "RECITATION"
            or "BLOCKLIST"
            or "PROHIBITED_CONTENT"
            or "SPII" => "content_filter",
            "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" or "malformed_tool_use" => "malformed_function_call",
            _ => reason,
        };
}
