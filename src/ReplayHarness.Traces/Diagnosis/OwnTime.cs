using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis;

/// <summary>The time a span spent itself: its duration without the time in which any of its children ran.</summary>
internal static class OwnTime
{
    public static TimeSpan Of(Trace trace, Span span)
    {
        long covered = 0,
            until = span.StartNanos;
        foreach (var child in trace.ChildrenOf(span).OrderBy(c => c.StartNanos))
        {
            var start = Math.Max(child.StartNanos, until);
            var end = Math.Min(child.EndNanos, span.EndNanos);
            if (end <= start)
                continue;
            covered += end - start;
            until = end;
        }
        return TimeSpan.FromTicks((span.EndNanos - span.StartNanos - covered) / 100);
    }
}
