using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>What a span is in how a run failed.</summary>
internal enum SpanMark
{
    /// <summary>Nothing of it.</summary>
    None,

    /// <summary>The cause.</summary>
    Cause,

    /// <summary>A span above the cause that carries its error.</summary>
    Unwind,

    /// <summary>Failed, but neither the cause nor above it.</summary>
    Failed,
}

/// <summary>One span of a waterfall.</summary>
/// <param name="Span">The span; null where the row says how many are not drawn.</param>
/// <param name="Name">Its name, indented as it is nested.</param>
/// <param name="Start">Where its bar begins: columns from the left.</param>
/// <param name="Length">How long its bar is, in columns; at least 1.</param>
/// <param name="HoldsOthers">Whether it has children, which lie on lanes of their own.</param>
/// <param name="Mark">What it is in how the run failed.</param>
internal sealed record WaterfallRow(Span? Span, string Name, int Start, int Length, bool HoldsOthers, SpanMark Mark);

/// <summary>Spans on one axis of time, each on a lane of its own: what ran in parallel lies under each other.</summary>
internal static class Waterfall
{
    private const int MostIndents = 12;

    /// <summary>The rows of a trace, parents before children.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="columns">The width of the axis, at least 10.</param>
    /// <param name="within">Only these spans, for example those of one run; or null.</param>
    public static IReadOnlyList<WaterfallRow> Of(Trace trace, int columns, IReadOnlyCollection<Span>? within = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 10);
        var spans = within ?? trace.Spans;
        var marks = Marks(trace);
        var (from, to) = (spans.Min(s => s.StartNanos), spans.Max(s => s.EndNanos));
        var shown = within?.Select(s => s.SpanId).ToHashSet(StringComparer.Ordinal);
        return [.. Drawn(InOrder(trace, shown), marks).Select(r => r.Span is null ? LeftOf(r.Left) : RowOf(r.Span, r.Depth))];

        WaterfallRow LeftOf(int count) => new(null, Indent(Depth.Most) + Depth.Left(count), 0, 0, false, SpanMark.None);
        WaterfallRow RowOf(Span span, int depth)
        {
            var start = Column(span.StartNanos, columns - 1);
            var end = Column(span.EndNanos, columns);
            return new(
                span,
                Indent(depth) + SpanTree.DisplayName(span),
                start,
                Math.Max(1, end - start),
                trace.ChildrenOf(span).Any(),
                marks.GetValueOrDefault(span.SpanId)
            );
        }
        int Column(long nanos, int most) => to == from ? 0 : Math.Min(most, (int)((double)(nanos - from) / (to - from) * columns));
    }

    // A name must have room beside its bar.
    private static string Indent(int depth) => new(' ', 2 * Math.Min(depth, MostIndents));

    private static IEnumerable<(Span? Span, int Depth, int Left)> Drawn(
        IEnumerable<(Span Span, int Depth)> spans,
        IReadOnlyDictionary<string, SpanMark> marks
    )
    {
        var left = 0;
        foreach (var (span, depth) in spans)
        {
            if (depth > Depth.Most && !marks.ContainsKey(span.SpanId))
            {
                left++;
                continue;
            }
            if (left > 0)
                yield return (null, 0, left);
            left = 0;
            yield return (span, depth, 0);
        }
        if (left > 0)
            yield return (null, 0, left);
    }

    /// <summary>Spans, parents before children, each with how many of those shown it lies within.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="shown">Only these span ids; null for all.</param>
    internal static IEnumerable<(Span Span, int Depth)> InOrder(Trace trace, IReadOnlySet<string>? shown)
    {
        var open = new Stack<(Span Span, int Depth)>(trace.Roots.Reverse().Select(r => (r, 0)));
        while (open.TryPop(out var next))
        {
            var isShown = shown is null || shown.Contains(next.Span.SpanId);
            if (isShown)
                yield return next;
            foreach (var child in trace.ChildrenOf(next.Span).Reverse())
                open.Push((child, isShown ? next.Depth + 1 : next.Depth));
        }
    }

    /// <summary>What each failed span of a trace is, by span id.</summary>
    public static IReadOnlyDictionary<string, SpanMark> Marks(Trace trace)
    {
        var marks = trace
            .Spans.Where(s => s.Status == SpanStatus.Error)
            .ToDictionary(s => s.SpanId, _ => SpanMark.Failed, StringComparer.Ordinal);
        foreach (var run in AgentRuns.Read(trace))
        {
            if (new RunView(run).Cause() is not { } cause)
                continue;
            if (run.Failed)
                foreach (var above in trace.AncestorsOf(cause.Span).Where(a => a.Status == SpanStatus.Error))
                    marks[above.SpanId] = SpanMark.Unwind;
            marks[cause.Span.SpanId] = SpanMark.Cause;
        }
        return marks;
    }
}
