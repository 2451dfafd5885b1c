using System.Globalization;
using System.Text.Json.Serialization;
using ReplayHarness.Replays.Races;
using ReplayHarness.Traces;

namespace ReplayHarness.Judging;

/// <summary>What a race is to a verdict.</summary>
internal enum RaceWeight
{
    /// <summary>A schedule in which the other access comes first goes wrong: it counts as any failing schedule.</summary>
    Confirmed,

    /// <summary>No schedule went wrong, but what both do, the documentation of the object forbids: it counts as a cause.</summary>
    Forbidden,

    /// <summary>No schedule went wrong: worth knowing, and no failure.</summary>
    Unconfirmed,

    /// <summary>Nobody stopped the code there, for an order of answers alone shows the failure: it may be the cause of that.</summary>
    Untried,

    /// <summary>The fixture says that something orders them which no replay sees, and why: nothing was tried.</summary>
    Ordered,
}

/// <summary>A race that was found between two awaits of the agent.</summary>
/// <param name="Race">The two accesses.</param>
/// <param name="Weight">What it is to the verdict.</param>
/// <param name="Preemption">Where the code was stopped so that it went wrong; null where it did not.</param>
/// <param name="Reason">Why the fixture takes the two as ordered; null where it does not.</param>
internal sealed record JudgedRace(Race Race, RaceWeight Weight, Preemption? Preemption = null, string? Reason = null)
{
    private const int MostTold = 5;

    // The choices of the schedule that went wrong.
    [JsonIgnore]
    public IReadOnlyList<int> Choices { get; init; } = [];

    /// <summary>The race in one sentence.</summary>
    public override string ToString() =>
        Weight switch
        {
            RaceWeight.Confirmed => $"{Race}; nothing puts them in order, and it goes wrong where the first is stopped just before"
                + (Preemption!.Answer is { } answer ? $" until {answer} has answered" : ""),
            RaceWeight.Forbidden when Race.Kind == RaceKind.LockOrder =>
                $"{Race}; they take locks in opposite orders, and each may come to wait for the other",
            RaceWeight.Forbidden => $"{Race}; nothing puts them in order, and the object is safe for one at a time",
            RaceWeight.Untried => $"{Race}; nothing puts them in order",
            RaceWeight.Ordered => $"{Race}; set aside by the fixture: {OneLine.Of(Reason!)}",
            _ => $"{Race}; nothing puts them in order, and no effect of that was seen",
        };

    /// <summary>What is shared in races that remain and of which no effect was seen, each once.</summary>
    public static IEnumerable<string> Left(IEnumerable<JudgedRace> races) =>
        races.Where(r => r.Weight == RaceWeight.Unconfirmed).Select(r => r.Race.Shared).Distinct(StringComparer.Ordinal);

    /// <summary>The races of a verdict as lines for people, the worst first.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<JudgedRace> races)
    {
        foreach (var race in races.Take(MostTold))
            yield return race.ToString();
        if (races.Count > MostTold)
            yield return string.Create(CultureInfo.InvariantCulture, $"{races.Count - MostTold} more races");
    }
}
