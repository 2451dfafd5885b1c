using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Shapes;

namespace ReplayHarness.Judging;

/// <summary>All hypotheses together: is the symptom gone, is the cause gone, are both?</summary>
internal static class Overall
{
    /// <summary>The verdicts with <see cref="HypothesisVerdict.Counts"/> set.</summary>
    public static IReadOnlyList<HypothesisVerdict> Weigh(IReadOnlyList<(Hypothesis Hypothesis, HypothesisVerdict Verdict)> judged) =>
        [
            .. judged.Select(one =>
                one.Verdict with
                {
                    Counts = one.Hypothesis.CountsBeside(
                        one.Verdict.Calibrated,
                        judged
                            .Where(other => other.Hypothesis != one.Hypothesis)
                            .Select(other => (other.Hypothesis, other.Verdict.Calibrated))
                    ),
                }
            ),
        ];

    /// <summary>The overall verdict of weighed verdicts, and a sentence for it.</summary>
    public static (VerdictKind Kind, string Sentence) Judge(
        IReadOnlyList<HypothesisVerdict> weighed,
        IReadOnlyList<FindingIdentity> captured
    )
    {
        HypothesisVerdict[] counting = [.. weighed.Where(v => v.Counts)];
        foreach (var kind in new[] { VerdictKind.Diverged, VerdictKind.NotEstablished })
            if (counting.FirstOrDefault(v => v.Verdict == kind) is { } first)
                return (kind, first.Sentence);
        var symptoms = Remaining(counting, FindingKind.Symptom);
        var causes = Remaining(counting, FindingKind.Cause);
        if (symptoms.Length > 0 && causes.Length > 0)
            return counting.Any(v => v.Verdict == VerdictKind.Reproduced)
                ? (VerdictKind.Reproduced, "The incident happens again: the run dies, and what it dies of is still there.")
                : (VerdictKind.PartlyRemoved, $"Part of the incident remains: {string.Join(", ", symptoms.Concat(causes))}.");
        if (causes.Length > 0)
            return (
                VerdictKind.SymptomRemoved,
                $"The run survives, but the cause remains ({string.Join(", ", causes)}): it will cost time, or show elsewhere."
            );
        if (symptoms.Length > 0)
            return SymptomsRemain(counting, captured, symptoms);
        if (counting.FirstOrDefault(v => v.Verdict == VerdictKind.Changed) is { } changed)
            return (VerdictKind.Changed, changed.Sentence);
        return CauseWasJudged(counting, captured)
            ? (VerdictKind.Removed, "The run survives, and the cause is gone: the incident can be closed.")
            : (
                VerdictKind.SymptomRemoved,
                "The run survives, but no hypothesis could judge the cause: only a replay over the agent's own tool code, or "
                    + "of contention, can."
            );
    }

    // Reproduced by the only hypotheses that could be judged, none of which speaks of the cause.
    private static (VerdictKind, string) SymptomsRemain(
        HypothesisVerdict[] counting,
        IReadOnlyList<FindingIdentity> captured,
        string[] symptoms
    )
    {
        if (CauseWasJudged(counting, captured) && HasCause(captured))
            return (
                VerdictKind.CauseRemoved,
                $"The cause is gone, but the run would still die of it ({string.Join(", ", symptoms)}): the next error of a "
                    + $"tool ends a run again."
            );
        return counting.Any(v => v.Verdict == VerdictKind.Reproduced)
            ? (VerdictKind.Reproduced, $"The run still dies ({string.Join(", ", symptoms)}).")
            : (VerdictKind.PartlyRemoved, $"Part of the incident remains: {string.Join(", ", symptoms)}.");
    }

    private static bool HasCause(IReadOnlyList<FindingIdentity> captured) => captured.Any(IsCause);

    private static bool CauseWasJudged(HypothesisVerdict[] counting, IReadOnlyList<FindingIdentity> captured) =>
        !HasCause(captured) || counting.Any(v => v.Removed.Concat(v.Remaining).Any(f => f.Kind == FindingKind.Cause));

    private static bool IsCause(FindingIdentity identity) => RuleTable.Find(identity.Rule)?.Kind == FindingKind.Cause;

    private static string[] Remaining(HypothesisVerdict[] verdicts, FindingKind kind) =>
        [.. verdicts.SelectMany(v => v.Remaining).Where(f => f.Kind == kind).Select(f => f.Rule).Distinct(StringComparer.Ordinal)];
}
