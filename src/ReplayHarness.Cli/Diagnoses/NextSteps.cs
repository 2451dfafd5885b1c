using ReplayHarness.Diagnosis;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>
/// The commands that come next, in order: a capture where there is no fixture, then the one that decides each hypothesis.
/// </summary>
internal static class NextSteps
{
    private const string Run = "replay-harness run ";

    public static IEnumerable<(string Number, string Command)> Of(RunDiagnosis run)
    {
        if (
            run.Capture is not null
            && run.Hypotheses.Any(h => h.State == HypothesisState.Open && h.Next.StartsWith(Run, StringComparison.Ordinal))
        )
            yield return ("0.", run.Capture);
        // One replay may decide several.
        var open = run.Hypotheses.Select((h, i) => (Hypothesis: h, Number: i + 1)).Where(h => h.Hypothesis.State == HypothesisState.Open);
        foreach (var same in open.GroupBy(h => h.Hypothesis.Next, StringComparer.Ordinal))
            yield return ($"{string.Join(", ", same.Select(h => h.Number))}.", same.Key);
    }
}
