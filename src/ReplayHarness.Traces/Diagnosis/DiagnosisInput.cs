using ReplayHarness.Diagnosis.Logs;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Diagnosis.Releases;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis;

/// <summary>Everything that is known of one run.</summary>
public sealed record DiagnosisInput
{
    /// <summary>The attempts of the run in order of time, at least one.</summary>
    public required IReadOnlyList<AgentRun> Attempts { get; init; }

    /// <summary>How further commands name things.</summary>
    internal NextCommands Commands { get; init; } = NextCommands.Unnamed;

    /// <summary>The logs of the run.</summary>
    public CorrelatedLogs Logs { get; init; } = CorrelatedLogs.None;

    /// <summary>The metrics of its workflow, or null.</summary>
    internal MetricsSnapshot? Metrics { get; init; }

    /// <summary>All runs of the source, from which metrics are computed where nobody kept them.</summary>
    internal IReadOnlyList<RunSummary> Fleet { get; init; } = [];

    /// <summary>The release to compare with, or null for the one that was seen before the run's own.</summary>
    internal string? Baseline { get; init; }

    /// <summary>The promised latency of a run, in seconds; or null.</summary>
    public double? SloSeconds { get; init; }

    /// <summary>Runs in which the same calls went well.</summary>
    public IReadOnlyList<AgentRun> Healthy { get; init; } = [];

    /// <summary>Lines of source that the run points at.</summary>
    internal IReadOnlyList<BridgeHit> Code { get; init; } = [];

    /// <summary>What replays of the run have shown.</summary>
    internal IReadOnlyList<ReplayEvidence> Replays { get; init; } = [];

    /// <summary>The tool of the first error, or null.</summary>
    public string? FirstFailedTool => SignalsOf.FirstErrorOf(Attempts)?.Tool;

    /// <summary>The release to compare a run's with: the one given, else the one first seen before it; or null.</summary>
    internal string? BaselineFor(RunContext context)
    {
        if (Baseline is not null)
            return Baseline;
        var order = ReleasesOf(context);
        var at = Array.IndexOf(order, context.Release);
        return at > 0 ? order[at - 1] : null;
    }

    internal bool IsNewest(RunContext context) => ReleasesOf(context) is not { Length: > 1 } releases || releases[^1] == context.Release;

    private string[] ReleasesOf(RunContext context) => ReleaseComparison.InOrder(Fleet.Where(r => r.Context.Workflow == context.Workflow));
}
