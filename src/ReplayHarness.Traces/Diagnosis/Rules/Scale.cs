using System.Globalization;

namespace ReplayHarness.Diagnosis.Rules;

/// <summary>A change broke it.</summary>
internal sealed class ReleaseRegression : DiagnosticRule
{
    /// <summary>Below this p-value a difference between counted runs is no chance.</summary>
    private const double Significant = 0.05;

    public override string Name => "release-regression";

    public override string Summary =>
        "The run failed in the newest release, whose error rate is above that of the one before (counted runs: and not by chance).";

    internal override string Phrase => "regression after release";

    internal override string? Qualifier(DiagnosticCase run) => "after release";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (
            run.Signals is not { FirstErrorSpan: not null, ReleaseDiff: { ErrorRate: { Value: > 0 } delta } diff }
            || !run.Input.IsNewest(run.Context)
        )
            return null;
        if (delta.Runs is not null && diff.PValue is not < Significant)
            return null;
        var baseline = diff.Baseline ?? "the release before";
        return new(
            $"A change in {diff.Release ?? "the newest release"} broke it: it is a regression, no one-off.",
            [.. Evidence(diff, delta)],
            null,
            run.Input.Commands.RunBefore(baseline.Contains(' ', StringComparison.Ordinal) ? "BEFORE" : baseline)
        );
    }

    private static IEnumerable<string> Evidence(ReleaseDiff diff, Metrics.Measure delta)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"error_rate rose by {delta.Value * 100:0.0} points{(diff.Baseline is null ? "" : $" against {diff.Baseline}")} "
                + $"({delta.Origin})"
        );
        if (diff.PValue is < Significant and { } p)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"by chance that happens once in {Math.Min(1e6, 1 / p):0} times (p = {p:0.0000}, Fisher's exact test)"
            );
        if (diff.RunLatencyP95 is { Value: > 0 } latency && latency.IsOfMany)
            yield return $"run_latency_p95 rose by {LatencyOutsideTools.Text(latency)}";
        if (diff.RepeatedCalls is { Value: > 0 } repeated && repeated.IsOfMany)
            yield return string.Create(CultureInfo.InvariantCulture, $"repeated tool calls rose by {repeated.Value:0.0} a run");
    }
}

/// <summary>Users feel it.</summary>
internal sealed class WorkflowDown : DiagnosticRule
{
    public override string Name => "workflow-down";

    public override string Summary =>
        "The workflow's synthetic run fails and its health score is below 1: a critical workflow is hit already.";

    internal override string Phrase => "workflow down";

    internal override string? Qualifier(DiagnosticCase run) => "+ workflow down";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (
            run.Signals is not { SyntheticRunStatus: { } status, HealthScore: { Value: < 1 } health }
            || status.Value.ToLowerInvariant() is not ("fail" or "failed" or "error")
        )
            return null;
        return new(
            $"The failure already hits {run.Context.Workflow ?? "the workflow"} for everybody.",
            [
                $"synthetic_run_status is {status.Value} ({status.Origin})",
                string.Create(CultureInfo.InvariantCulture, $"health_score is {health.Value:0.##} ({health.Origin})"),
            ],
            null,
            run.Input.Commands.Releases
        );
    }
}
