using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Metrics;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>Metrics that were kept over many runs: one snapshot is made of them, wherever they are kept.</summary>
/// <param name="names">Which of them holds which signal.</param>
internal abstract class KeptMetrics(PrometheusNames names)
{
    /// <summary>The percentile that latencies are told by.</summary>
    protected const double P95 = 0.95;

    /// <summary>What of a metric counts: all, or only what failed, by a status or by the type of an error.</summary>
    /// <param name="Metric">The metric.</param>
    /// <param name="Label">The label that says what failed; null for all.</param>
    /// <param name="IsStatus">Whether that is a status, which may also say that all went well.</param>
    protected readonly record struct Counted(string Metric, string? Label = null, bool IsStatus = false);

    /// <summary>The snapshot.</summary>
    /// <param name="origin">Where it is from.</param>
    /// <param name="context">The run's segments.</param>
    /// <param name="tool">The tool of its first error, or null.</param>
    /// <param name="baseline">The release to compare with, or null.</param>
    protected MetricsSnapshot Snapshot(string origin, RunContext context, string? tool, string? baseline)
    {
        (string, string?)[] ours = [("workflow", context.Workflow), ("release", context.Release)];
        var current = new MetricsSnapshot
        {
            Origin = origin,
            RunLatencyP95 = Latency("run_latency", ours),
            ToolLatencyP95 = Latency("tool_latency", ours),
            ErrorRate = ErrorRate("runs", "run_errors", ours),
            ErrorRates = [.. SegmentRates(context, tool)],
            ToolErrorRate = ErrorRate("tool_calls", "tool_errors", ours),
            RepeatedCalls =
                names.Of("repeated_tool_calls") is { } repeated && names.Of("runs") is { } runs ? Finite(Each(repeated, runs, ours)) : null,
            SloLatency = names.Of("slo_latency") is { } slo ? Finite(Least(slo, ours)) * PrometheusNames.UnitOf(slo) : null,
            HealthScore = names.Of("health_score") is { } health ? Finite(Mean(health, ours)) : null,
            SyntheticRunStatus =
                names.Of("synthetic_run") is { } synthetic && Least(synthetic, ours) is { } up ? (up > 0 ? "pass" : "fail") : null,
            Mistakes = [.. names.All.SelectMany(Mistakes)],
        };
        if (baseline is null)
            return current;
        (string, string?)[] before = [("workflow", context.Workflow), ("release", baseline)];
        var errorRate = ErrorRate("runs", "run_errors", before, isBaseline: true);
        return current with
        {
            ReleaseErrorRateDelta = current.ErrorRate - errorRate,
            BaselineErrorRate = errorRate,
            BaselineToolErrorRate = ErrorRate("tool_calls", "tool_errors", before, isBaseline: true),
            BaselineRunLatencyP95 = Latency("run_latency", before, isBaseline: true),
        };
    }

    /// <summary>The labels of a metric.</summary>
    protected abstract string[] LabelsOf(string metric);

    /// <summary>How many values a label of a metric has.</summary>
    protected abstract int ValuesOf(string label, string metric);

    /// <summary>The percentile of a histogram, in its own unit.</summary>
    protected abstract double? Quantile(string metric, (string, string?)[] segments, bool isBaseline);

    /// <summary>What failed, by all.</summary>
    protected abstract double? Ratio(Counted failed, string all, (string, string?)[] segments, bool isBaseline);

    /// <summary>How many of one there are for each of the other.</summary>
    protected abstract double? Each(string metric, string all, (string, string?)[] segments);

    /// <summary>The least of the newest values.</summary>
    protected abstract double? Least(string metric, (string, string?)[] segments);

    /// <summary>The mean of the newest values.</summary>
    protected abstract double? Mean(string metric, (string, string?)[] segments);

    /// <summary>By which labels the segments are chosen: only those that the metric is kept by.</summary>
    protected IEnumerable<(string Label, string Value)> Wanted(string metric, (string Segment, string? Value)[] segments)
    {
        var labels = LabelsOf(metric);
        foreach (var (segment, value) in segments)
            if (value is not null && MetricLabels.Of(segment, labels) is { } label)
                yield return (label, value);
    }

    private double? Latency(string signal, (string, string?)[] segments, bool isBaseline = false) =>
        names.Of(signal) is { } metric ? Finite(Quantile(metric, segments, isBaseline)) * PrometheusNames.UnitOf(metric) : null;

    // Errors are a counter of their own, or a value of the status, or a label that names the error.
    private double? ErrorRate(string all, string errors, (string Segment, string? Value)[] segments, bool isBaseline = false)
    {
        if (names.Of(all) is not { } total)
            return null;
        var labels = LabelsOf(total);
        if (segments.Any(s => s.Value is not null && s.Segment is "model" or "tool" && MetricLabels.Of(s.Segment, labels) is null))
            return null;
        Counted? failed =
            names.Of(errors) is { } own ? new(own)
            : MetricLabels.Of("status", labels) is { } status ? new(total, status, IsStatus: true)
            : MetricLabels.Of("error", labels) is { } type ? new(total, type)
            : null;
        return failed is { } counted ? Finite(Ratio(counted, total, segments, isBaseline)) : null;
    }

    private IEnumerable<SegmentRate> SegmentRates(RunContext context, string? tool)
    {
        foreach (var segment in MetricLabels.Segments(context, tool))
        {
            var (all, errors) = segment.Name == "tool" ? ("tool_calls", "tool_errors") : ("runs", "run_errors");
            if (ErrorRate(all, errors, [segment]) is { } rate)
                yield return new(segment.Name, segment.Value, rate);
        }
    }

    private IEnumerable<string> Mistakes(string metric) =>
        LabelsOf(metric)
            .Where(MetricsSnapshot.IsHighCardinality)
            .Select(label => FormattableString.Invariant($"{label} ({metric}, {ValuesOf(label, metric)} values)"));

    // Of numbers beyond all measure nothing is known.
    private static double? Finite(double? number) => number is { } known && double.IsFinite(known) ? known : null;
}
