using System.Globalization;
using ReplayHarness.Diagnosis.Releases;

namespace ReplayHarness.Diagnosis.Metrics;

/// <summary>Metrics computed from runs themselves, where nobody kept them.</summary>
internal static class ComputedMetrics
{
    private const double P95 = 0.95;

    /// <summary>The metrics of the runs of a release and workflow, compared with those of a baseline release.</summary>
    /// <param name="fleet">All runs there are.</param>
    /// <param name="context">Whose release and workflow count.</param>
    /// <param name="tool">The tool of the run's first error, or null.</param>
    /// <param name="baseline">The release to compare with, or null.</param>
    public static MetricsSnapshot Of(IReadOnlyList<RunSummary> fleet, RunContext context, string? tool, string? baseline)
    {
        var (now, before) = ReleaseRuns.Of(fleet, context, baseline);
        return new MetricsSnapshot
        {
            Origin = From(now.Length),
            Runs = now.Length,
            RunLatencyP95 = Percentile(now.Select(r => r.Duration.TotalSeconds)),
            ToolLatencyP95 = Percentile(now.SelectMany(r => r.Tools).Select(t => t.Duration.TotalSeconds)),
            ErrorRate = Rate(now, r => r.Failed),
            ErrorRates = [.. Segments(fleet, context, tool)],
            ToolErrorRate = Rate(now.SelectMany(r => r.Tools), t => t.Failed),
            RepeatedCalls = now.Length == 0 ? null : now.Average(r => r.RepeatedCalls),
            BaselineErrorRate = Rate(before, r => r.Failed),
            BaselineToolErrorRate = Rate(before.SelectMany(r => r.Tools), t => t.Failed),
            BaselineRunLatencyP95 = Percentile(before.Select(r => r.Duration.TotalSeconds)),
            ReleaseErrorRateDelta = before.Length == 0 || now.Length == 0 ? null : Rate(now, r => r.Failed) - Rate(before, r => r.Failed),
        };
    }

    internal static string From(int runs) => string.Create(CultureInfo.InvariantCulture, $"computed from {runs} run(s) of the traces");

    private static IEnumerable<SegmentRate> Segments(IReadOnlyList<RunSummary> fleet, RunContext context, string? tool)
    {
        foreach (
            var (name, value, of) in new (string, string?, Func<RunContext, string?>)[]
            {
                ("release", context.Release, c => c.Release),
                ("workflow", context.Workflow, c => c.Workflow),
                ("model", context.Model, c => c.Model),
            }
        )
            if (value is not null && Rate(fleet.Where(r => of(r.Context) == value), r => r.Failed) is { } rate)
                yield return new(name, value, rate);
        if (tool is not null && Rate(fleet.SelectMany(r => r.Tools).Where(t => t.Tool == tool), t => t.Failed) is { } calls)
            yield return new("tool", tool, calls);
    }

    private static double? Rate<T>(IEnumerable<T> items, Func<T, bool> failed)
    {
        var all = items.ToArray();
        return all.Length == 0 ? null : (double)all.Count(failed) / all.Length;
    }

    // The nearest rank: the smallest value that at least 95 of 100 do not exceed.
    private static double? Percentile(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : sorted[Math.Max(0, (int)Math.Ceiling(P95 * sorted.Length) - 1)];
    }
}
