using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Documents;

/// <summary>What <c>find --json</c> prints.</summary>
internal sealed record FindDocument(IReadOnlyList<string> TraceIds, IReadOnlyList<FoundSpan> Spans);

/// <summary>A span that was found.</summary>
internal sealed record FoundSpan(
    string TraceId,
    string SpanId,
    string Start,
    string Name,
    double Seconds,
    string? Exception,
    string? Message
)
{
    public static FoundSpan Of(Span span) =>
        new(
            span.TraceId,
            span.SpanId,
            JsonOut.Time(span.StartNanos),
            span.Name,
            span.Duration.TotalSeconds,
            SpanTree.ExceptionType(span),
            span.StatusMessage
        );
}

/// <summary>What <c>tree --json</c> prints.</summary>
internal sealed record TreeDocument(string TraceId, IReadOnlyList<TreeNode> Roots)
{
    public static TreeDocument Of(Trace trace) => new(trace.TraceId, [.. trace.Roots.Select(s => TreeNode.Of(trace, s))]);
}

/// <summary>A span with those below it.</summary>
internal sealed record TreeNode(
    string SpanId,
    string Name,
    string Start,
    double Seconds,
    string? Exception,
    IReadOnlyDictionary<string, PlainValue> Attributes,
    IReadOnlyList<TreeNode> Children
)
{
    public static TreeNode Of(Trace trace, Span span) =>
        new(
            span.SpanId,
            span.Name,
            JsonOut.Time(span.StartNanos),
            span.Duration.TotalSeconds,
            SpanTree.ExceptionType(span),
            AttributesOf(span),
            [.. trace.ChildrenOf(span).Select(c => Of(trace, c))]
        );

    // The last value of a name that comes twice counts.
    private static Dictionary<string, PlainValue> AttributesOf(Span span)
    {
        var map = new Dictionary<string, PlainValue>(StringComparer.Ordinal);
        foreach (var (name, value) in span.Attributes)
            map[name] = new(value);
        return map;
    }
}

/// <summary>What <c>attempts --json</c> prints.</summary>
internal sealed record AttemptsDocument(bool Deterministic, string Conclusion, int SameShape, IReadOnlyList<AttemptRow> Attempts);

/// <summary>An attempt.</summary>
internal sealed record AttemptRow(
    long Attempt,
    string TraceId,
    string Start,
    double Seconds,
    string Outcome,
    string Fingerprint,
    double? BackoffSeconds
);

/// <summary>What <c>bridge --json</c> prints.</summary>
internal sealed record BridgeDocument(IReadOnlyList<BridgeLine> Hits);

/// <summary>A line of source that the trace points at.</summary>
internal sealed record BridgeLine(string Why, string File, int Line, string Text);
