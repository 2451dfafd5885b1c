namespace ReplayHarness.Diagnosis.Releases;

/// <summary>A release of a workflow against a baseline, counted over runs.</summary>
/// <param name="PValue">Of the difference between the error rates; null where either has no runs.</param>
/// <param name="RepeatedDelta">Repeated tool calls by run less the baseline's; null where either has no runs.</param>
/// <param name="Runs">The release's runs.</param>
/// <param name="BaselineRuns">The baseline's.</param>
internal sealed record ReleaseCounts(double? PValue, double? RepeatedDelta, int Runs, int BaselineRuns)
{
    public static ReleaseCounts Of(IReadOnlyList<RunSummary> fleet, RunContext context, string baseline)
    {
        RunSummary[] ours = [.. fleet.Where(r => r.Context.Workflow == context.Workflow)];
        RunSummary[] now = [.. ours.Where(r => r.Context.Release == context.Release)];
        RunSummary[] before = [.. ours.Where(r => r.Context.Release == baseline)];
        if (now.Length == 0 || before.Length == 0) return new(null, null, now.Length, before.Length);
        return new(
            TwoProportions.PValue(now.Count(r => r.Failed), now.Length, before.Count(r => r.Failed), before.Length),
            now.Average(r => r.RepeatedCalls) - before.Average(r => r.RepeatedCalls), now.Length, before.Length);
    }
}
