using ReplayHarness.Shapes;
using ReplayHarness.Shapes.Rules;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays;

/// <summary>Results of which the model was told a part: drift where the fixture declares it, else a finding.</summary>
internal static class ShortenedResults
{
    /// <summary>What is to be noted of results that were shortened as declared: each tool once.</summary>
    public static IEnumerable<string> Drift(JudgedTrace judged, RunKnowledge known) =>
        known.Shortened.Count == 0
            ? []
            : judged
                .Attempts.SelectMany(a => ToldResults.Of(a.Run))
                .Where(t => t.IsFirst && known.Shortened.Contains(t.Call.Name) && IsShorter(t))
                .Select(t => $"as declared, the model was told less than {t.Call.Name} gave")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal);

    /// <summary>Whether a result was cut, and the fixture does not declare that.</summary>
    public static bool AreUndeclared(JudgedTrace judged, RunKnowledge known) =>
        judged.Attempts.Any(a =>
            a.Findings.Any(f => f.Rule is AlteredResult)
            && ToldResults.Of(a.Run).Any(t => t.IsFirst && !known.Shortened.Contains(t.Call.Name) && ToldCut.IsCut(t.Call.Result, t.Text))
        );

    // Cut, or summed up: in less than half as many words.
    private static bool IsShorter(ToldResult told) =>
        told.Call is { Error: null, Result: { } result } && (told.Text.Length < result.Length / 2 || ToldCut.IsCut(result, told.Text));
}
