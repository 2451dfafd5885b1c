using ReplayHarness.Judging;
using ReplayHarness.Replays.Races;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>A race, and the schedule in which it showed.</summary>
/// <param name="Race">The race.</param>
/// <param name="Choices">The schedule's choices.</param>
/// <param name="Trace">Its trace; null where that is the captured order's.</param>
internal sealed record Seen(Race Race, IReadOnlyList<int> Choices, Trace? Trace)
{
    /// <summary>The kind and the two places, whichever came first.</summary>
    public (RaceKind Kind, string One, string Other) Pair
    {
        get
        {
            var (one, other) = (Race.First.Place, Race.Second.Place);
            return string.CompareOrdinal(one, other) <= 0 ? (Race.Kind, one, other) : (Race.Kind, other, one);
        }
    }

    /// <summary>The race with what it is to a verdict.</summary>
    public JudgedRace Judged(RaceWeight weight) => new(Race, weight) { IsInCapturedOrder = Trace is null, Trace = Trace };
}
