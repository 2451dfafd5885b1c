namespace ReplayHarness.Traces.Containers;

/// <summary>Collects the spans and the problems of a source, and builds traces that hold together.</summary>
internal sealed class SpanCollector(bool strict)
{
    /// <summary>The most spans that one load may hold.</summary>
    public const int MaxSpans = 5_000_000;

    private readonly Dictionary<string, Dictionary<string, (Span Span, InputProblem Place)>> _traces = new(StringComparer.Ordinal);
    private readonly List<InputProblem> _problems = [];
    private int _count;

    /// <summary>Notes a problem; with --strict it is fatal.</summary>
    public void Report(InputProblem problem)
    {
        if (strict) throw new BadInputException($"{problem}. Without --strict the rest would be read.");
        _problems.Add(problem);
    }

    /// <summary>Adds a span that was read at a place.</summary>
    public void Add(Span span, InputProblem place)
    {
        if (++_count > MaxSpans) throw new BadInputException($"{place.Source}: more than {MaxSpans} spans, the most one load may hold; select with a narrower glob");
        if (span.EndNanos < span.StartNanos)
        {
            Report(place with { Message = $"span {span.SpanId} ends {(span.StartNanos - span.EndNanos) / 1000} µs before it starts; its end was set to its start" });
            span = span with { EndNanos = span.StartNanos };
        }
        if (!_traces.TryGetValue(span.TraceId, out var spans)) _traces[span.TraceId] = spans = new(StringComparer.Ordinal);
        if (spans.TryAdd(span.SpanId, (span, place)) || IsSame(spans[span.SpanId].Span, span)) return;
        Report(place with { Message = $"span {span.SpanId} of trace {span.TraceId} occurs twice with different content; the first one was kept" });
    }

    public TraceSet Build()
    {
        Trace[] traces = [.. _traces.Select(t => new Trace(t.Key, WithoutCycles(t.Value))).OrderBy(t => t.Spans[0].StartNanos).ThenBy(t => t.TraceId, StringComparer.Ordinal)];
        return new(traces, _problems);
    }

    // An exporter that retries sends the same span again.
    private static bool IsSame(Span a, Span b) =>
        a.Name == b.Name && a.ParentSpanId == b.ParentSpanId && a.StartNanos == b.StartNanos && a.EndNanos == b.EndNanos && a.Status == b.Status
        && a.Attributes.Count == b.Attributes.Count && a.Events.Count == b.Events.Count;

    private List<Span> WithoutCycles(Dictionary<string, (Span Span, InputProblem Place)> spans)
    {
        var sound = new HashSet<string>(StringComparer.Ordinal);
        var cut = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (span, place) in spans.Values)
        {
            var path = new List<Span>();
            var onPath = new HashSet<string>(StringComparer.Ordinal);
            for (var at = span; at is not null && !sound.Contains(at.SpanId) && !cut.Contains(at.SpanId) && onPath.Add(at.SpanId); at = Parent(spans, at)) path.Add(at);
            if (path.Count > 0 && Parent(spans, path[^1]) is { } next && onPath.Contains(next.SpanId))
            {
                // The earliest span of the cycle becomes a root, so that nothing is lost.
                var first = path.SkipWhile(s => s.SpanId != next.SpanId).MinBy(s => (s.StartNanos, s.SpanId))!;
                cut.Add(first.SpanId);
                Report(place with { Message = $"the parents of span {first.SpanId} form a cycle; it was made a root" });
            }
            sound.UnionWith(onPath);
        }
        return [.. spans.Values.Select(s => cut.Contains(s.Span.SpanId) ? s.Span with { ParentSpanId = null } : s.Span)];
    }

    private static Span? Parent(Dictionary<string, (Span Span, InputProblem Place)> spans, Span span) =>
        span.ParentSpanId is { } id && spans.TryGetValue(id, out var parent) ? parent.Span : null;
}
