using System.Globalization;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Running.Together;

/// <summary>One replay of a healthy run.</summary>
/// <param name="report">What it showed.</param>
/// <param name="known">What is known of the run.</param>
internal sealed class Tried(ReplayReport report, RunKnowledge known)
{
    private HypothesisVerdict Verdict => report.Hypotheses[0];

    /// <summary>What asked whether the calls may run at once, and whether any did.</summary>
    public CallsAtOnce AtOnce => report.AtOnce ?? new([], Ran: false);

    /// <summary>What was assumed.</summary>
    public IReadOnlyList<string> Notes => report.Notes ?? [];

    /// <summary>Whether nothing went wrong, and nothing is shared in no order.</summary>
    public bool IsFine => Verdict.Verdict == VerdictKind.Removed && Races.Count == 0;

    /// <summary>Whether something went wrong; else, where it is not fine either, nothing is shown.</summary>
    public bool IsWrong => Verdict.Verdict is VerdictKind.Changed or VerdictKind.Diverged || Races.Count > 0;

    public bool Diverged => Verdict.Verdict == VerdictKind.Diverged;

    /// <summary>Whether schedules stand for all orders.</summary>
    public bool IsExhaustive => Verdict.Schedules.Exhaustive;

    /// <summary>How many orders the schedules stand for.</summary>
    public string Orders => Verdict.Schedules.Represented.ToString(CultureInfo.InvariantCulture);

    /// <summary>What is shared in no order.</summary>
    public IReadOnlyList<string> Shared => [.. Races.Select(r => r.Race.Shared).Distinct(StringComparer.Ordinal)];

    /// <summary>The races.</summary>
    public IReadOnlyList<JudgedRace> Races => Verdict.Races;

    /// <summary>In which orders it goes wrong; null where no words for that were found.</summary>
    public string? When => Verdict.Explanation?.Constraint;

    /// <summary>Why nothing is shown.</summary>
    public IReadOnlyList<string> Reasons => Verdict.Reasons;

    /// <summary>What went wrong, as sentences without their full stops.</summary>
    public IReadOnlyList<string> Wrong()
    {
        if (Diverged)
            return Verdict.Reasons.Take(1).ToArray();
        var left = Verdict.Appeared.Select(f => f.Identity).ToHashSet();
        List<string> told = [];
        foreach (var finding in Findings().Where(f => left.Contains(f.Identity)))
        {
            told.Add(finding.Message);
            left.Remove(finding.Identity);
        }
        // What a race forbids shows in no trace.
        left.RemoveWhere(i => Races.Any(r => r.Race.Shared == i.ErrorClass));
        return [.. told, .. left.Order().Select(i => $"{i}")];
    }

    private IEnumerable<Finding> Findings() =>
        (Verdict.Explanation?.Trace ?? Verdict.Trace) is { } trace
            ? AgentRuns.Read(trace).SelectMany(r => InspectedRun.Of(r, known).Counting)
            : [];
}
