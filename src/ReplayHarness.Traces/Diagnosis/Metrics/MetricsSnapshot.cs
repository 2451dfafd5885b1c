namespace ReplayHarness.Diagnosis.Metrics;

/// <summary>
/// How things stand over many runs: what metrics say of one workflow at one time. What is not known is null. Durations are seconds, rates
/// lie between 0 and 1.
/// </summary>
internal sealed record MetricsSnapshot
{
    /// <summary>Where it is from, for people: a file, Prometheus, or computed from so many runs.</summary>
    public required string Origin { get; init; }

    /// <summary>How many runs it was computed from; null where metrics were kept.</summary>
    public int? Runs { get; init; }

    /// <summary>The 95th percentile of the latency of runs.</summary>
    public double? RunLatencyP95 { get; init; }

    /// <summary>The 95th percentile of the latency of tool calls.</summary>
    public double? ToolLatencyP95 { get; init; }

    /// <summary>Failed runs by runs.</summary>
    public double? ErrorRate { get; init; }

    /// <summary>Failed tool calls by tool calls.</summary>
    public double? ToolErrorRate { get; init; }

    /// <summary>
    /// The error rate of each segment that the run belongs to: its release, its workflow, its model; and of the tool of its first error.
    /// </summary>
    public IReadOnlyList<SegmentRate> ErrorRates { get; init; } = [];

    /// <summary>Repeated tool calls (same tool and arguments again) by runs.</summary>
    public double? RepeatedCalls { get; init; }

    /// <summary>The latency that is promised.</summary>
    public double? SloLatency { get; init; }

    /// <summary>The error rate of the newest release less that of the one before.</summary>
    public double? ReleaseErrorRateDelta { get; init; }

    /// <summary>The error rate of the baseline release.</summary>
    public double? BaselineErrorRate { get; init; }

    /// <summary>The tool error rate of the baseline release.</summary>
    public double? BaselineToolErrorRate { get; init; }

    /// <summary>The 95th percentile of run latency of the baseline release.</summary>
    public double? BaselineRunLatencyP95 { get; init; }

    /// <summary>A score of health, 1 is best.</summary>
    public double? HealthScore { get; init; }

    /// <summary>The last status of the synthetic run of the workflow, for example <c>pass</c> or <c>fail</c>.</summary>
    public string? SyntheticRunStatus { get; init; }

    /// <summary>Mistakes in how the metrics are kept, for example labels that make a series of each run.</summary>
    public IReadOnlyList<string> Mistakes { get; init; } = [];

    /// <summary>Whether a label makes a series of each run, request or user, which no metric should.</summary>
    public static bool IsHighCardinality(string label) => KnownNames.HighCardinality.Contains(label, StringComparer.Ordinal);
}

/// <summary>The error rate of a segment.</summary>
/// <param name="Segment"><c>release</c>, <c>workflow</c>, <c>model</c> or <c>tool</c>.</param>
/// <param name="Value">Which one.</param>
/// <param name="Rate">Failed runs by runs; of a tool, failed calls by calls.</param>
internal sealed record SegmentRate(string Segment, string Value, double Rate);

/// <summary>A number and where it is from.</summary>
/// <param name="Value">The number.</param>
/// <param name="Origin">Where it is from, for people.</param>
/// <param name="Runs">How many runs it was computed from; null where metrics were kept.</param>
internal readonly record struct Measure(double Value, string Origin, int? Runs = null)
{
    /// <summary>From so many runs on a rate, a percentile or a mean that was computed from runs says something of all.</summary>
    internal const int EnoughRuns = 20;

    /// <summary>Whether it speaks of more than the few runs at hand.</summary>
    internal bool IsOfMany => Runs is null or >= EnoughRuns;
}
