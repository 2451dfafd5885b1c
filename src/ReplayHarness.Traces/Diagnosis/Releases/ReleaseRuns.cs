namespace ReplayHarness.Diagnosis.Releases;

/// <summary>The runs of a release of one workflow, and those of the release it is compared with.</summary>
internal sealed record ReleaseRuns(RunSummary[] Now, RunSummary[] Before)
{
    public static ReleaseRuns Of(IReadOnlyList<RunSummary> fleet, RunContext context, string? baseline)
    {
        RunSummary[] ours = [.. fleet.Where(r => r.Context.Workflow == context.Workflow)];
        return new(
            [.. ours.Where(r => r.Context.Release == context.Release)],
            [.. ours.Where(r => baseline is not null && r.Context.Release == baseline)]
        );
    }

    /// <summary>Of the difference between the error rates; null where either has no runs.</summary>
    public double? PValue =>
        IsEmpty ? null : TwoProportions.PValue(Now.Count(r => r.Failed), Now.Length, Before.Count(r => r.Failed), Before.Length);

    /// <summary>Repeated tool calls by run less the baseline's; null where either has no runs.</summary>
    public double? RepeatedDelta => IsEmpty ? null : Now.Average(r => r.RepeatedCalls) - Before.Average(r => r.RepeatedCalls);

    private bool IsEmpty => Now.Length == 0 || Before.Length == 0;
}
