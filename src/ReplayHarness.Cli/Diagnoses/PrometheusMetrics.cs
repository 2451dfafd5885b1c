using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Stores;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>The metrics of a run's segments, asked of Prometheus at the time of the run.</summary>
internal sealed class PrometheusMetrics(string source, string[] given)
{
    public const string Prefix = "prometheus:";

    // What happened until the run's end is scraped a little later; a release's baseline is what it did in a week.
    private const long ScrapeLag = 120_000_000_000;
    private const string BaselineWindow = "7d";
    private const double P95 = 0.95;

    private readonly Dictionary<string, string[]> _labelsOf = new(StringComparer.Ordinal);

    /// <summary>The snapshot at the end of a run.</summary>
    /// <param name="context">Its segments.</param>
    /// <param name="tool">The tool of its first error, or null.</param>
    /// <param name="baseline">The release to compare with, or null.</param>
    /// <param name="endNanos">When it ended.</param>
    /// <param name="window">The time before that to look at.</param>
    public MetricsSnapshot Read(RunContext context, string? tool, string? baseline, long endNanos, string window)
    {
        using var api = new PrometheusApi(Secret.Hide(source), source[Prefix.Length..], RealTime.Clock);
        var names = new PrometheusNames(Secret.Hide(source), api.MetricNames(), given);
        foreach (var name in names.All)
            _labelsOf[name] = api.LabelsOf(name);
        var now = (RealTime.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
        var at = Math.Min(endNanos + ScrapeLag, now);
        double? Ask(string? query) => query is null ? null : api.Number(query, at);
        var current = Current(names, Ask, context, tool, window) with { Mistakes = [.. names.All.SelectMany(name => Mistakes(api, name))] };
        return baseline is null ? current : Compared(current, names, Ask, [("workflow", context.Workflow), ("release", baseline)]);
    }

    private MetricsSnapshot Current(PrometheusNames names, Func<string?, double?> ask, RunContext context, string? tool, string window)
    {
        (string, string?)[] ours = [("workflow", context.Workflow), ("release", context.Release)];
        return new MetricsSnapshot
        {
            Origin = "Prometheus",
            RunLatencyP95 = ask(Quantile(names.Of("run_latency"), ours, window)),
            ToolLatencyP95 = ask(Quantile(names.Of("tool_latency"), ours, window)),
            ErrorRate = ask(Ratio(names, "runs", "run_errors", ours, window)),
            ErrorRates = [.. SegmentRates(names, ask, context, tool, window)],
            ToolErrorRate = ask(Ratio(names, "tool_calls", "tool_errors", ours, window)),
            RepeatedCalls = ask(
                names.Of("repeated_tool_calls") is { } repeated && names.Of("runs") is { } runs
                    ? $"sum(increase({Select(repeated, ours)}[{window}])) / sum(increase({Select(runs, ours)}[{window}]))"
                    : null
            ),
            SloLatency =
                names.Of("slo_latency") is { } slo && ask($"min({Select(slo, ours)})") is { } promised
                    ? promised * PrometheusNames.UnitOf(slo)
                    : null,
            HealthScore = ask(names.Of("health_score") is { } health ? $"avg({Select(health, ours)})" : null),
            SyntheticRunStatus = ask(names.Of("synthetic_run") is { } synthetic ? $"min({Select(synthetic, ours)})" : null) is { } up
                ? up > 0
                    ? "pass"
                    : "fail"
                : null,
        };
    }

    private MetricsSnapshot Compared(MetricsSnapshot current, PrometheusNames names, Func<string?, double?> ask, (string, string?)[] before)
    {
        var errorRate = ask(Ratio(names, "runs", "run_errors", before, BaselineWindow));
        return current with
        {
            ReleaseErrorRateDelta = current.ErrorRate - errorRate,
            BaselineErrorRate = errorRate,
            BaselineToolErrorRate = ask(Ratio(names, "tool_calls", "tool_errors", before, BaselineWindow)),
            BaselineRunLatencyP95 = ask(Quantile(names.Of("run_latency"), before, BaselineWindow)),
        };
    }

    private IEnumerable<SegmentRate> SegmentRates(
        PrometheusNames names,
        Func<string?, double?> ask,
        RunContext context,
        string? tool,
        string window
    )
    {
        foreach (var segment in MetricLabels.Segments(context, tool))
        {
            var (all, errors) = segment.Name == "tool" ? ("tool_calls", "tool_errors") : ("runs", "run_errors");
            if (ask(Ratio(names, all, errors, [segment], window)) is { } rate)
                yield return new(segment.Name, segment.Value, rate);
        }
    }

    private IEnumerable<string> Mistakes(PrometheusApi api, string metric) =>
        _labelsOf[metric]
            .Where(MetricsSnapshot.IsHighCardinality)
            .Select(label => $"{label} ({metric}, {api.ValuesOf(label, metric).Length} values)");

    private string? Quantile(string? metric, (string, string?)[] segments, string window) =>
        metric is null
            ? null
            : FormattableString.Invariant(
                $"{PrometheusNames.UnitOf(metric)} * histogram_quantile({P95}, sum by (le) (rate({Select(metric, segments)}[{window}])))"
            );

    // Errors are a counter of their own, or a value of the status, or a label that names the error.
    private string? Ratio(PrometheusNames names, string all, string errors, (string Segment, string? Value)[] segments, string window)
    {
        if (
            names.Of(all) is not { } total
            || segments.Any(s => s.Value is not null && s.Segment is "model" or "tool" && LabelOf(total, s.Segment) is null)
        )
            return null;
        var failed =
            names.Of(errors) is { } own ? Select(own, segments)
            : LabelOf(total, "status") is { } status ? Select(total, segments, $"{status}=~\"(?i:error|failed|failure|fail)\"")
            : LabelOf(total, "error") is { } type ? Select(total, segments, $"{type}!=\"\"")
            : null;
        return failed is null ? null : $"(sum(rate({failed}[{window}])) or vector(0)) / sum(rate({Select(total, segments)}[{window}]))";
    }

    private string? LabelOf(string metric, string segment) => MetricLabels.Of(segment, _labelsOf[metric]);

    // Only by segments that the metric is kept by.
    private string Select(string metric, (string Segment, string? Value)[] segments, string? more = null)
    {
        List<string> matchers =
        [
            .. segments
                .Where(s => s.Value is not null && LabelOf(metric, s.Segment) is not null)
                .Select(s => $"{LabelOf(metric, s.Segment)}=\"{Escaped(s.Value!)}\""),
        ];
        if (more is not null)
            matchers.Add(more);
        return $"{metric}{{{string.Join(',', matchers)}}}";
    }

    private static string Escaped(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
