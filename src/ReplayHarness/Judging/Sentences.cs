using System.Globalization;
using System.Numerics;

namespace ReplayHarness.Judging;

/// <summary>
/// The words of a verdict: what a person reads first, always with k of N schedules and in how many the siblings overlapped.
/// </summary>
internal static class Sentences
{
    public static string Of(HypothesisVerdict verdict) =>
        verdict.Verdict switch
        {
            VerdictKind.Diverged => $"The agent contradicts the fixture: {verdict.Reasons[0]}.",
            VerdictKind.NotEstablished => $"Nothing is shown either way: {verdict.Reasons[0]}.",
            VerdictKind.Reproduced => $"The captured failure shows in {Counted(verdict)}: {Names(verdict.Remaining)}.{Overlap(verdict)}",
            VerdictKind.PartlyRemoved => $"Part of the failure remains, in {Counted(verdict)}: {Names(verdict.Remaining)}; gone: "
                + $"{Names(verdict.Removed)}.{Overlap(verdict)}",
            VerdictKind.Changed => $"The captured failure is gone, but another one shows: {Names(verdict.Appeared)}.{Overlap(verdict)}",
            _ => $"No schedule shows the failure ({Text(verdict.Schedules.Failing)} of "
                + $"{Plural(verdict.Schedules.Represented)}{All(verdict)}).{Overlap(verdict)}{RacesLeft([verdict])}",
        };

    /// <summary>How many races remain of which no effect was seen, as a sentence with a space before it; empty where none does.</summary>
    public static string RacesLeft(IEnumerable<HypothesisVerdict> verdicts)
    {
        var left = JudgedRace.Left(verdicts.SelectMany(v => v.Races)).Count();
        return left switch
        {
            0 => "",
            1 => " One race between two awaits remains, of which no effect was seen.",
            _ => string.Create(CultureInfo.InvariantCulture, $" {left} races between two awaits remain, of which no effect was seen."),
        };
    }

    private static string Counted(HypothesisVerdict verdict) =>
        $"{Text(verdict.Schedules.Failing)} of {Plural(verdict.Schedules.Represented)}{All(verdict)}";

    /// <summary>A number of schedules, with thousands apart.</summary>
    public static string Text(BigInteger schedules) => schedules.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number of schedules with its noun.</summary>
    public static string Plural(BigInteger schedules) => schedules.IsOne ? "1 schedule" : $"{Text(schedules)} schedules";

    private static string All(HypothesisVerdict verdict) =>
        !verdict.Schedules.Exhaustive ? ""
        : verdict.Schedules.Represented.IsOne ? ", the only one there is"
        : ", which are all";

    private static string Overlap(HypothesisVerdict verdict)
    {
        if (!verdict.HasSiblings)
            return "";
        var overlapped = verdict.Schedules.Overlapped;
        if (overlapped.IsZero)
            return " Sibling calls never overlapped.";
        if (overlapped != verdict.Schedules.Represented)
            return $" Sibling calls overlapped in {Text(overlapped)} of them.";
        return overlapped.IsOne ? " Sibling calls overlapped." : " Sibling calls overlapped in every one.";
    }

    public static string Names(IReadOnlyList<JudgedFinding> findings) =>
        findings.Count == 0 ? "nothing" : string.Join(", ", findings.Select(f => f.Rule).Distinct(StringComparer.Ordinal));
}
