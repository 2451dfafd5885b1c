using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>The metrics of a run's segments, computed from a file of OTLP metrics such as <c>listen</c> keeps.</summary>
internal sealed class OtlpMetrics(string file, string[] given)
{
    private const double P95 = 0.95;

    /// <summary>The end of the name that <c>listen</c> gives to such a file.</summary>
    public const string Extension = ".metrics.jsonl";

    private static readonly string[] s_failed = ["error", "failed", "failure", "fail"];

    private readonly OtlpSeries[] _series = OtlpMetricsReader.Read(file);

    /// <summary>The snapshot over the whole file.</summary>
    /// <param name="context">The run's segments.</param>
    /// <param name="tool">The tool of its first error, or null.</param>
    /// <param name="baseline">The release to compare with, or null.</param>
    /// <exception cref="BadInputException">The file cannot be read, or holds no metric that is known.</exception>
    public MetricsSnapshot Read(RunContext context, string? tool, string? baseline)
    {
        var names = new PrometheusNames(file, [.. _series.Select(s => s.Name).Distinct(StringComparer.Ordinal)], given);
        (string, string?)[] ours = [("workflow", context.Workflow), ("release", context.Release)];
        var errorRate = Ratio(names, "runs", "run_errors", ours);
        var snapshot = new MetricsSnapshot
        {
            Origin = Path.GetFileName(file),
            RunLatencyP95 = Quantile(names.Of("run_latency"), ours),
            ToolLatencyP95 = Quantile(names.Of("tool_latency"), ours),
            ErrorRate = errorRate,
            ErrorRates = [.. SegmentRates(names, context, tool)],
            ToolErrorRate = Ratio(names, "tool_calls", "tool_errors", ours),
            RepeatedCalls = Share(Sum(names.Of("repeated_tool_calls"), ours), Sum(names.Of("runs"), ours)),
            SloLatency = names.Of("slo_latency") is { } slo ? Last(slo, ours)?.Min() * PrometheusNames.UnitOf(slo) : null,
            HealthScore = Last(names.Of("health_score"), ours)?.Average(),
            SyntheticRunStatus = Last(names.Of("synthetic_run"), ours)?.Min() is { } up ? (up > 0 ? "pass" : "fail") : null,
            Mistakes = [.. names.All.SelectMany(Mistakes)],
        };
        return baseline is null ? snapshot : Compared(snapshot, names, [("workflow", context.Workflow), ("release", baseline)]);
    }

    private MetricsSnapshot Compared(MetricsSnapshot current, PrometheusNames names, (string, string?)[] before)
    {
        var errorRate = Ratio(names, "runs", "run_errors", before);
        return current with
        {
            ReleaseErrorRateDelta = current.ErrorRate - errorRate,
            BaselineErrorRate = errorRate,
            BaselineToolErrorRate = Ratio(names, "tool_calls", "tool_errors", before),
            BaselineRunLatencyP95 = Quantile(names.Of("run_latency"), before),
        };
    }

    private IEnumerable<SegmentRate> SegmentRates(PrometheusNames names, RunContext context, string? tool)
    {
        foreach (var segment in MetricLabels.Segments(context, tool))
        {
            var (all, errors) = segment.Name == "tool" ? ("tool_calls", "tool_errors") : ("runs", "run_errors");
            if (Ratio(names, all, errors, [segment]) is { } rate)
                yield return new(segment.Name, segment.Value, rate);
        }
    }

    private IEnumerable<string> Mistakes(string metric) =>
        LabelsOf(metric)
            .Where(MetricsSnapshot.IsHighCardinality)
            .Select(label => FormattableString.Invariant($"{label} ({metric}, {ValuesOf(label, metric)} values)"));

    private int ValuesOf(string label, string metric) =>
        _series.Where(s => s.Name == metric).Select(s => s.Labels.GetValueOrDefault(label)).Distinct(StringComparer.Ordinal).Count();

    private string[] LabelsOf(string metric) =>
        [
            .. _series
                .Where(s => s.Name == metric)
                .SelectMany(s => s.Labels.Keys)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    // Errors are a counter of their own, or a value of the status, or a label that names the error.
    private double? Ratio(PrometheusNames names, string all, string errors, (string Segment, string? Value)[] segments)
    {
        if (names.Of(all) is not { } total)
            return null;
        var labels = LabelsOf(total);
        if (segments.Any(s => s.Value is not null && s.Segment is "model" or "tool" && MetricLabels.Of(s.Segment, labels) is null))
            return null;
        var failed =
            names.Of(errors) is { } own ? Sum(own, segments) ?? 0
            : MetricLabels.Of("status", labels) is { } status ? Sum(total, segments, s => IsFailed(s.Labels.GetValueOrDefault(status))) ?? 0
            : MetricLabels.Of("error", labels) is { } type
                ? Sum(total, segments, s => s.Labels.GetValueOrDefault(type) is { Length: > 0 }) ?? 0
            : (double?)null;
        return Share(failed, Sum(total, segments));
    }

    private static bool IsFailed(string? status) => s_failed.Contains(status, StringComparer.OrdinalIgnoreCase);

    private static double? Share(double? part, double? all) => all is > 0 ? part / all : null;

    private double? Sum(string? metric, (string, string?)[] segments, Func<OtlpSeries, bool>? more = null)
    {
        OtlpSeries[] chosen = [.. Chosen(metric, segments).Where(more ?? (static _ => true))];
        return chosen.Length == 0 ? null : chosen.Sum(s => s.Total);
    }

    private double[]? Last(string? metric, (string, string?)[] segments) =>
        Chosen(metric, segments).Select(s => s.Last).ToArray() is { Length: > 0 } values ? values : null;

    private double? Quantile(string? metric, (string, string?)[] segments) =>
        metric is null
            ? null
            : Histogram.Quantile(P95, Chosen(metric, segments).SelectMany(s => s.Buckets)) * PrometheusNames.UnitOf(metric);

    // Only by segments that the metric is kept by.
    private IEnumerable<OtlpSeries> Chosen(string? metric, (string Segment, string? Value)[] segments)
    {
        if (metric is null)
            return [];
        var labels = LabelsOf(metric);
        var wanted = segments
            .Select(s => (Label: s.Value is null ? null : MetricLabels.Of(s.Segment, labels), s.Value))
            .Where(w => w.Label is not null)
            .ToArray();
        return _series.Where(s => s.Name == metric && Array.TrueForAll(wanted, w => s.Labels.GetValueOrDefault(w.Label!) == w.Value));
    }
}
