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

    /// <summary>Whether its two accesses are those of the captured order.</summary>
    public bool IsInCapturedOrder { get; init; }

    /// <summary>The trace of the schedule of its two accesses; null where another trace of the verdict shows the race.</summary>
    public Trace? Trace { get; init; }

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

    /// <summary>The lines of the source of a verdict's race, each with its place; none where a source is not at hand.</summary>
    public IEnumerable<string> Quotes()
    {
        foreach (var access in (RaceAccess[])[Race.First, Race.Second])
            if (access.Source is { } source)
                yield return $"{access.Where}  {source}";
    }

    /// <summary>The races that are told of a verdict, the worst first.</summary>
    public static IEnumerable<JudgedRace> Told(IReadOnlyList<JudgedRace> races) => races.Take(MostTold);

    /// <summary>The races of a verdict as lines for people, the worst first.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<JudgedRace> races)
    {
        foreach (var race in Told(races))
            yield return race.ToString();
        if (More(races) is { } more)
            yield return more;
    }

    /// <summary>
    /// The races with what a reader is to see: the lines of the source of those that are told, and for the worst of them that no other
    /// trace of the verdict shows, its own.
    /// </summary>
    /// <param name="races">The races, the worst first.</param>
    /// <param name="explained">The races that the explanation's trace shows.</param>
    public static IReadOnlyList<JudgedRace> Shown(IReadOnlyList<JudgedRace> races, IReadOnlyList<Race> explained)
    {
        var hidden = Told(races).FirstOrDefault(r => r.Trace is not null && !explained.Any(r.Race.IsAlike));
        return
        [
            .. Told(races).Select(r => r with { Race = r.Race.Quoted(), Trace = r == hidden ? r.Trace : null }),
            .. races.Skip(MostTold).Select(r => r with { Trace = null }),
        ];
    }

    /// <summary>That there are more than are told; null where there are not.</summary>
    public static string? More(IReadOnlyList<JudgedRace> races) =>
        races.Count > MostTold ? string.Create(CultureInfo.InvariantCulture, $"{races.Count - MostTold} more races") : null;
}
