namespace ReplayHarness.Verdicts;

/// <summary>The words of a verdict: what a person reads first, always with k of N schedules and in how many the siblings overlapped.</summary>
internal static class Sentences
{
    public static string Of(HypothesisVerdict verdict) => verdict.Verdict switch
    {
        VerdictKind.Diverged => $"The agent contradicts the fixture: {verdict.Reasons[0]}.",
        VerdictKind.NotEstablished => $"Nothing is shown either way: {verdict.Reasons[0]}.",
        VerdictKind.Reproduced => $"The captured failure shows in {Counted(verdict)}: {Names(verdict.Remaining)}.{Overlap(verdict)}",
        VerdictKind.PartlyRemoved => $"Part of the failure remains, in {Counted(verdict)}: {Names(verdict.Remaining)}; gone: {Names(verdict.Removed)}.{Overlap(verdict)}",
        VerdictKind.Changed => $"The captured failure is gone, but another one shows: {Names(verdict.Appeared)}.{Overlap(verdict)}",
        _ => $"No schedule shows the failure ({verdict.Schedules.Failing} of {Plural(verdict.Schedules.Explored)}{All(verdict)}).{Overlap(verdict)}",
    };

    private static string Counted(HypothesisVerdict verdict) => $"{verdict.Schedules.Failing} of {Plural(verdict.Schedules.Explored)}{All(verdict)}";

    private static string Plural(int schedules) => schedules == 1 ? "1 schedule" : $"{schedules} schedules";

    private static string All(HypothesisVerdict verdict) => !verdict.Schedules.Exhaustive ? "" : verdict.Schedules.Explored == 1 ? ", the only one there is" : ", which are all";

    private static string Overlap(HypothesisVerdict verdict) => verdict.Schedules.Overlapped switch
    {
        0 => " Sibling calls never overlapped.",
        var n when n == verdict.Schedules.Explored => n == 1 ? " Sibling calls overlapped." : " Sibling calls overlapped in every one.",
        var n => $" Sibling calls overlapped in {n} of them.",
    };

    public static string Names(IReadOnlyList<JudgedFinding> findings) =>
        findings.Count == 0 ? "nothing" : string.Join(", ", findings.Select(f => f.Rule).Distinct(StringComparer.Ordinal));
}
