using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>Reads one run from its spans: finds the calls, drops what is seen twice, folds retries, and groups by turn.</summary>
internal static class RunReader
{
    private sealed record Call(Span Span, Dialect Dialect);

    public static AgentRun Read(Trace trace, Span? root, IReadOnlyList<Span> spans, string? dialectName = null)
    {
        List<Call> models = [], tools = [];
        foreach (var span in spans)
        {
            if (DialectTable.Of(span) is not { } dialect) continue;
            var role = dialect.RoleOf(span);
            if (role == SpanRole.Model && !IsSeenTwice(trace, span, SpanRole.Model)) models.Add(new(span, dialect));
            if (role == SpanRole.Tool && !IsSeenTwice(trace, span, SpanRole.Tool)) tools.Add(new(span, dialect));
        }
        var rootDialect = root is null ? null : DialectTable.Of(root);
        var failed = root is not null ? Errors.Of(root) is not null : spans.Any(s => trace.ParentOf(s) is null && Errors.Of(s) is not null);
        return new AgentRun
        {
            Trace = trace,
            Root = root,
            Spans = spans,
            Dialect = dialectName ?? rootDialect?.Name ?? models.Concat(tools).FirstOrDefault()?.Dialect.Name ?? "",
            Turns = TurnsOf(Fold(models, tools), [.. tools.Select(ToolCallOf)]),
            Failed = failed,
            Error = failed ? spans.Select(s => s == root || (root is null && trace.ParentOf(s) is null) ? Errors.Of(s) : null).FirstOrDefault(e => e is not null) : null,
            StopReason = root is null ? null : (rootDialect?.StopReason(root) ?? root.Attributes.Text("stop_reason")),
            Attempt = (int?)spans.Select(s => s.Attributes.Number("attempt")).FirstOrDefault(n => n is not null),
        };
    }

    // Two instrumentations may record one call: the inner span is of the same tool, or of the same model, as a span above it.
    private static bool IsSeenTwice(Trace trace, Span span, SpanRole role)
    {
        var dialect = DialectTable.Of(span)!;
        foreach (var above in trace.AncestorsOf(span))
        {
            if (above.Scope == AgentRuns.ReplayScope != (span.Scope == AgentRuns.ReplayScope)) continue;
            if (DialectTable.Of(above) is not { } other || other.RoleOf(above) != role) continue;
            if (role == SpanRole.Model) return true;
            return other.ToolName(above) == dialect.ToolName(span) || (dialect.CallId(span) is { } id && other.CallId(above) == id);
        }
        return false;
    }

    // A failed call that is followed by another one before any tool runs was retried by the client.
    private static List<ModelCall> Fold(List<Call> models, List<Call> tools)
    {
        var folded = new List<ModelCall>();
        List<Span> attempts = [];
        for (var i = 0; i < models.Count; i++)
        {
            var (span, dialect) = models[i];
            attempts.Add(span);
            var error = Errors.Of(span);
            var next = i + 1 < models.Count ? models[i + 1].Span : null;
            var retried = error is not null && next is not null && !tools.Any(t => t.Span.StartNanos >= span.StartNanos && t.Span.StartNanos < next.StartNanos);
            if (retried) continue;
            folded.Add(ModelCallOf(span, [.. attempts], dialect, error));
            attempts = [];
        }
        return folded;
    }

    private static ModelCall ModelCallOf(Span span, Span[] attempts, Dialect dialect, CallError? error) => new(span, attempts)
    {
        Model = dialect.Model(span),
        FinishReason = FinishReasons.Fold(dialect.FinishReason(span)),
        Input = dialect.Input(span),
        Output = dialect.Output(span),
        Error = error,
    };

    private static ToolCall ToolCallOf(Call call) => new(call.Span, call.Dialect.ToolName(call.Span))
    {
        CallId = call.Dialect.CallId(call.Span),
        Arguments = call.Dialect.Arguments(call.Span),
        Result = call.Dialect.Result(call.Span),
        Error = Errors.Of(call.Span),
    };

    // A call belongs to the last model call that had answered when it began; where tools are nested in the model's span, to the one that holds it.
    private static Turn[] TurnsOf(List<ModelCall> models, ToolCall[] tools)
    {
        var byModel = tools.ToLookup(t => models.FindLastIndex(m => m.Attempts[0].StartNanos <= t.Span.StartNanos));
        List<Turn> turns = [];
        if (byModel.Contains(-1)) turns.Add(new(null, Ordered(byModel[-1])));
        for (var i = 0; i < models.Count; i++)
        {
            var parts = models[i].Output?.SelectMany(m => m.Parts).OfType<ToolCallPart>().ToArray() ?? [];
            turns.Add(new(models[i], Ordered(byModel[i].Select(c => WithContent(c, parts)))));
        }
        return [.. turns];
    }

    private static ToolCall[] Ordered(IEnumerable<ToolCall> calls) =>
        [.. calls.OrderBy(c => c.Span.StartNanos).ThenBy(c => c.Span.EndNanos).ThenBy(c => c.Span.SpanId, StringComparer.Ordinal)];

    // What the tool's span does not say, the model's answer may: arguments by call id, or the id where only one call fits.
    private static ToolCall WithContent(ToolCall call, ToolCallPart[] asked)
    {
        if (call.CallId is { } id && call.Arguments is null && asked.FirstOrDefault(a => a.CallId == id) is { } same) return call with { Arguments = same.Arguments };
        if (call.CallId is not null || call.Arguments is null) return call;
        var fitting = asked.Where(a => a.Name == call.Name && Json.Canonical(a.Arguments) == Json.Canonical(call.Arguments)).ToArray();
        return fitting.Length == 1 ? call with { CallId = fitting[0].CallId } : call;
    }
}

/// <summary>Finish reasons in one spelling.</summary>
internal static class FinishReasons
{
    public static string? Fold(string? reason) => reason switch
    {
        "tool-calls" or "tool_calls" or "tool_call" or "toolUse" or "tool_use" => "tool_calls",
        "stop" or "end_turn" or "endTurn" or "STOP" => "stop",
        "length" or "max_tokens" or "maxTokens" or "MAX_TOKENS" => "length",
        _ => reason,
    };
}
