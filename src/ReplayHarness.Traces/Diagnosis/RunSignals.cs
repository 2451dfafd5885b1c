using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis;

/// <summary>What kind of step a span is.</summary>
internal enum StepKind
{
    /// <summary>A call of a tool.</summary>
    Tool,

    /// <summary>A call of a model.</summary>
    Model,

    /// <summary>Anything else: the agent itself, a step of it.</summary>
    Other,
}

/// <summary>A span that a signal points at.</summary>
/// <param name="Span">The span.</param>
/// <param name="Name">Its name as people know it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Tool">The tool, for a call of one.</param>
/// <param name="Own">Its own time: without the time of its children.</param>
/// <param name="Error">Its error, or null.</param>
internal sealed record SpanSignal(Span Span, string Name, StepKind Kind, string? Tool, TimeSpan Own, CallError? Error);

/// <summary>A word and where it is from.</summary>
/// <param name="Value">The word.</param>
/// <param name="Origin"><c>logs</c> or <c>spans</c>.</param>
internal readonly record struct Told(string Value, string Origin);

/// <summary>One tool that was called again with the same arguments, within one attempt.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="ArgumentsKey">The hash of the arguments as logged, else 12 digits of SHA-256 over the first call's as recorded.</param>
/// <param name="Calls">How often it was called so, at least 2.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Origin"><c>logs</c> or <c>spans</c>.</param>
internal sealed record RepeatedCall(string Tool, string ArgumentsKey, int Calls, int Failed, string Origin);

/// <summary>How a release differs from the one it is compared with. A difference above 0 is worse.</summary>
/// <param name="Release">The release of the run, or null where it is not recorded.</param>
/// <param name="Baseline">The release it is compared with, or null where metrics do not say.</param>
/// <param name="ErrorRate">The error rate less the baseline's.</param>
/// <param name="RunLatencyP95">The 95th percentile of run latency less the baseline's, in seconds.</param>
/// <param name="RepeatedCalls">Repeated tool calls by run less the baseline's.</param>
/// <param name="PValue">
/// Of the difference between the error rates, where it was counted from runs: see <see cref="Releases.TwoProportions"/>.
/// </param>
/// <param name="Runs">The release's runs in the traces.</param>
/// <param name="BaselineRuns">The baseline's.</param>
internal sealed record ReleaseDiff(
    string? Release,
    string? Baseline,
    Measure? ErrorRate,
    Measure? RunLatencyP95,
    Measure? RepeatedCalls,
    double? PValue,
    int Runs,
    int BaselineRuns
);

/// <summary>The signals of one run, from its spans, its logs, and the metrics of its workflow.</summary>
internal sealed record RunSignals
{
    /// <summary>Where an error appeared first: neither a span above it nor a victim of it. Null where no span failed.</summary>
    public SpanSignal? FirstErrorSpan { get; init; }

    /// <summary>The span with the longest own time.</summary>
    public required SpanSignal SlowestSpan { get; init; }

    /// <summary>How the run ended, or null where nobody said.</summary>
    public Told? StopReason { get; init; }

    /// <summary>The classes of errors, as logs and as spans tell them.</summary>
    public required IReadOnlyList<Told> ErrorClasses { get; init; }

    /// <summary>Calls that repeat an earlier one of the same attempt.</summary>
    public required IReadOnlyList<RepeatedCall> RepeatedToolCalls { get; init; }

    /// <summary>The 95th percentile of run latency, in seconds.</summary>
    public Measure? RunLatencyP95 { get; init; }

    /// <summary>The 95th percentile of tool latency, in seconds.</summary>
    public Measure? ToolLatencyP95 { get; init; }

    /// <summary>The promised latency, in seconds.</summary>
    public Measure? SloLatency { get; init; }

    /// <summary>Failed tool calls by tool calls.</summary>
    public Measure? ToolErrorRate { get; init; }

    /// <summary>The same of the baseline release.</summary>
    public Measure? BaselineToolErrorRate { get; init; }

    /// <summary>Failed runs by runs.</summary>
    public Measure? ErrorRate { get; init; }

    /// <summary>The error rates of the segments that the run belongs to.</summary>
    public required IReadOnlyList<SegmentRate> ErrorRates { get; init; }

    /// <summary>Where <see cref="ErrorRates"/> are from, for people.</summary>
    public required string ErrorRatesOrigin { get; init; }

    /// <summary>The release of the run against the one before.</summary>
    public ReleaseDiff? ReleaseDiff { get; init; }

    /// <summary>The last status of the workflow's synthetic run.</summary>
    public Told? SyntheticRunStatus { get; init; }

    /// <summary>A score of health, 1 is best.</summary>
    public Measure? HealthScore { get; init; }

    /// <summary>Tokens and cost.</summary>
    public required Usage Usage { get; init; }

    /// <summary>Decisions of policies that the logs tell of.</summary>
    public required IReadOnlyList<string> Policies { get; init; }
}
