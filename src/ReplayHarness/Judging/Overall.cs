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
                    IsOfTheCapture = one.Hypothesis.NeedsOnlyTheCapture,
                    Counts =
                        (!JudgesNothing(one.Verdict) || judged.All(j => JudgesNothing(j.Verdict)))
                        && one.Hypothesis.CountsBeside(
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
        IReadOnlyList<FindingIdentity> captured,
        OutsideCause? outside = null
    )
    {
        HypothesisVerdict[] counting = [.. weighed.Where(v => v.Counts)];
        foreach (var kind in new[] { VerdictKind.Diverged, VerdictKind.NotEstablished })
            if (counting.FirstOrDefault(v => v.Verdict == kind) is { } first)
                return (kind, first.Sentence);
        if (Crash(counting, captured) is { } crash)
            return (VerdictKind.Changed, crash);
        var symptoms = Remaining(counting, FindingKind.Symptom);
        var causes = Remaining(counting, FindingKind.Cause);
        if (symptoms.Length > 0 && causes.Length > 0)
            return counting.Any(v => v.Verdict == VerdictKind.Reproduced)
                ? (VerdictKind.Reproduced, "The incident happens again: the run dies, and what it dies of is still there.")
                : (VerdictKind.PartlyRemoved, $"Part of the incident remains: {string.Join(", ", symptoms.Concat(causes))}.");
        // A run that survived when it was captured has no symptom that could be gone.
        if (causes.Length > 0 && captured.All(IsCause) && counting.Any(v => v.Verdict == VerdictKind.Reproduced))
            return (
                VerdictKind.Reproduced,
                $"The failure happens again ({string.Join(", ", causes)}); the run survives it, as it did when it was captured."
            );
        if (causes.Length > 0)
            return (
                VerdictKind.SymptomRemoved,
                $"The run survives, but the cause remains ({string.Join(", ", causes)}): it will cost time, or show elsewhere."
            );
        if (symptoms.Length > 0)
            return SymptomsRemain(counting, captured, symptoms);
        if (StillFailing(counting, captured) is { } failing)
            return (
                VerdictKind.SymptomRemoved,
                $"The run survives, but {failing} still {(failing.Contains(" and ", StringComparison.Ordinal) ? "fail" : "fails")} over a "
                    + "healthy backend, as captured: the error is only borne now."
            );
        return counting.FirstOrDefault(v => v.Verdict == VerdictKind.Changed) is { } changed
            ? (VerdictKind.Changed, changed.Sentence)
            : NothingRemains(counting, captured, outside ?? OutsideCause.Usual);
    }

    // A call that fails as one did in the incident, though the backend is healthy, is its cause seen plainly: of siblings, any may.
    private static string? StillFailing(HypothesisVerdict[] counting, IReadOnlyList<FindingIdentity> captured)
    {
        JudgedFinding[] appeared = [.. counting.SelectMany(v => v.Appeared)];
        var same = appeared.All(f =>
            f.Rule == "healthy-call-failed" && captured.Any(i => i.Role != "model" && i.ErrorClass == f.ErrorClass)
        );
        return appeared.Length > 0 && same
            ? string.Join(" and ", appeared.Select(f => f.Role).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            : null;
    }

    // What ends the process matters more than what is left of the captured failure; only that it happens again as it was matters as much.
    private static string? Crash(HypothesisVerdict[] counting, IReadOnlyList<FindingIdentity> captured)
    {
        FindingIdentity[] remaining = [.. counting.SelectMany(v => v.Remaining).Select(f => f.Identity).Distinct()];
        if (remaining.Length == 0 || counting.Any(v => v.Verdict == VerdictKind.Reproduced))
            return null;
        JudgedFinding[] crashes =
        [
            .. counting.SelectMany(v => v.Appeared).Where(f => f.Rule is "agent-error" or "late-crash" && !captured.Contains(f.Identity)),
        ];
        if (crashes.Length == 0)
            return null;
        var names = string.Join(", ", crashes.Select(f => $"{f.Rule}: {f.ErrorClass}").Distinct(StringComparer.Ordinal));
        return $"The run ends with another failure ({names}), and part of the captured one remains: {Names(remaining)}.";
    }

    // Of all that could be judged. What no hypothesis could have shown is named, and leaves the incident open.
    private static (VerdictKind, string) NothingRemains(
        HypothesisVerdict[] counting,
        IReadOnlyList<FindingIdentity> captured,
        OutsideCause known
    )
    {
        if (counting.FirstOrDefault(v => v.Swallows) is not null)
            return (
                VerdictKind.SymptomRemoved,
                "The run no longer dies of it, but it swallows the model's error: it ends well with nothing to show."
            );
        if (counting.FirstOrDefault(v => v.IsStillRefused) is not null)
            return (
                VerdictKind.SymptomRemoved,
                "The run no longer dies of it, but the model's API still refuses what the agent asks, or when: it only asks once more."
            );
        FindingIdentity[] unjudged = [.. captured.Where(i => !WasJudged(i, counting) && !known.Is(i))];
        if (unjudged.Length > 0)
            return (
                VerdictKind.SymptomRemoved,
                $"The run survives, but no hypothesis could judge {Names(unjudged)}: only a replay over the agent's own tool code, or of "
                    + "contention, can."
            );
        FindingIdentity[] outside =
        [
            .. captured.Where(i => OutsideCause.IsOutage(i) || (known.Is(i) && !WasJudged(i, [.. counting.Where(v => !v.IsOfTheCapture)]))),
        ];
        if (outside.Length == 0)
            return (
                VerdictKind.Removed,
                (
                    counting.Any(v => v.Schedules is { Represented.IsOne: true, Exhaustive: false })
                        ? "The run survives, and the cause is gone, in the one schedule that ran; others may show it."
                        : "The run survives, and the cause is gone: the incident can be closed."
                ) + Sentences.RacesLeft(counting)
            );
        string[] how = [.. counting.SelectMany(v => v.Departures).Distinct(StringComparer.Ordinal)];
        return (
            VerdictKind.Survives,
            $"The run survives in every schedule{(how.Length == 0 ? "" : $" ({string.Join("; ", how)})")}, and the cause lies outside the "
                + $"agent ({Places(outside)}){OrDeadline(outside)}, where no replay can show it gone: to close the incident is a person's "
                + "decision."
        );
    }

    // Reproduced by the only hypotheses that could be judged, none of which speaks of the cause.
    private static (VerdictKind, string) SymptomsRemain(
        HypothesisVerdict[] counting,
        IReadOnlyList<FindingIdentity> captured,
        string[] symptoms
    )
    {
        FindingIdentity[] causes = [.. captured.Where(IsCause)];
        if (causes.Length > 0 && causes.All(i => WasJudged(i, counting)))
            return (
                VerdictKind.CauseRemoved,
                $"The cause is gone, but the run would still die of it ({string.Join(", ", symptoms)}): the next error of a "
                    + $"tool ends a run again."
            );
        return counting.Any(v => v.Verdict == VerdictKind.Reproduced)
            ? (VerdictKind.Reproduced, $"The run still dies ({string.Join(", ", symptoms)}).")
            : (VerdictKind.PartlyRemoved, $"Part of the incident remains: {string.Join(", ", symptoms)}.");
    }

    // Where siblings are said to contend, that they overlap stands for all that comes of it.
    private static bool WasJudged(FindingIdentity captured, HypothesisVerdict[] counting) =>
        counting
            .SelectMany(v => v.Removed.Concat(v.Remaining))
            .Any(f => f.Identity == captured || (f.Rule == "overlapping-siblings" && f.Role == captured.Role && IsCause(captured)));

    private static bool JudgesNothing(HypothesisVerdict verdict) =>
        verdict.Verdict == VerdictKind.NotEstablished
        && verdict.Schedules.Explored > 0
        && verdict.Findings.Count > 0
        && verdict.Findings.All(f => f.State is FindingState.Imposed or FindingState.Unjudged);

    private static bool IsCause(FindingIdentity identity) => RuleTable.Find(identity.Rule)?.Kind == FindingKind.Cause;

    private static string OrDeadline(FindingIdentity[] findings) =>
        findings.Any(f => f.ErrorClass == ErrorClass.Timeout) ? " or in a deadline that is too short" : "";

    private static string Names(IEnumerable<FindingIdentity> findings) =>
        string.Join(", ", findings.Select(f => f.Rule).Distinct(StringComparer.Ordinal));

    private static string Places(IEnumerable<FindingIdentity> findings) =>
        string.Join(", ", findings.Select(f => $"{f.Role}: {f.ErrorClass}").Distinct(StringComparer.Ordinal));

    private static string[] Remaining(HypothesisVerdict[] verdicts, FindingKind kind) =>
        [.. verdicts.SelectMany(v => v.Remaining).Where(f => f.Kind == kind).Select(f => f.Rule).Distinct(StringComparer.Ordinal)];
}
