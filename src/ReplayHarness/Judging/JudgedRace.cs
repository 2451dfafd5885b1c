using System.Globalization;
using System.Text.Json.Serialization;
using ReplayHarness.Replays.Races;

namespace ReplayHarness.Judging;

/// <summary>What a race is to a verdict.</summary>
public enum RaceWeight
{
    /// <summary>A schedule in which the other access comes first goes wrong: it counts as any failing schedule.</summary>
    Confirmed,

    /// <summary>No schedule went wrong, but what both do, the documentation of the object forbids: it counts as a cause.</summary>
    Forbidden,

    /// <summary>No schedule went wrong: worth knowing, and no failure.</summary>
    Unconfirmed,
}

/// <summary>A race that was found between two awaits of the agent.</summary>
/// <param name="Race">The two accesses.</param>
/// <param name="Weight">What it is to the verdict.</param>
/// <param name="Preemption">Where the code was stopped so that it went wrong; null where it did not.</param>
public sealed record JudgedRace(Race Race, RaceWeight Weight, Preemption? Preemption = null)
{
    private const int MostTold = 5;

    // The choices of the schedule that went wrong.
    [JsonIgnore]
    internal IReadOnlyList<int> Choices { get; init; } = [];

    /// <summary>The race in one sentence.</summary>
    public override string ToString() =>
        Weight switch
        {
            RaceWeight.Confirmed => $"a race decides: {Race}; nothing puts them in order, and it goes wrong with the code stopped at "
                + $"{Preemption}",
            RaceWeight.Forbidden when Race.Kind == RaceKind.LockOrder =>
                $"locks in opposite orders: {Race}; each may come to wait for the other",
            RaceWeight.Forbidden => $"unsafe sharing: {Race}; nothing puts them in order, and the object is safe for one at a time",
            _ => $"nothing puts them in order, with no effect that was seen: {Race}",
        };

    /// <summary>The races of a verdict as lines for people, the worst first.</summary>
    internal static IEnumerable<string> Lines(IReadOnlyList<JudgedRace> races)
    {
        foreach (var race in races.Take(MostTold))
            yield return race.ToString();
        if (races.Count > MostTold)
            yield return string.Create(CultureInfo.InvariantCulture, $"{races.Count - MostTold} more races");
    }
}
