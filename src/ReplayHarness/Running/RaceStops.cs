using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Races;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <summary>
/// Stops the agent's code once before the first access of a race, so that the other one comes first: what goes wrong then counts as in any
/// other schedule.
/// </summary>
/// <param name="beside">Runs schedules.</param>
/// <param name="runs">Counts what they cost.</param>
internal sealed class RaceStops(Beside beside, WatchedRuns runs)
{
    private const string Writes = "writes";

    private const int MostTried = 80,
        MostOfOrdered = 60;

    // In other orders, the same stop may show what it does not show in that of the race.
    private const int OtherOrders = 3,
        MostInOtherOrders = 60;

    private readonly HashSet<Preemption> _tried = [];
    private readonly Dictionary<(RaceKind, string, string), Seen> _shown = [];
    private int _inOtherOrders,
        _ofOrdered;

    /// <summary>True where races were left untried, whose accesses the schedule that ran did put in order.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Tries one; null where nothing goes wrong.</summary>
    public JudgedRace? Confirm(Seen seen)
    {
        List<Preemption> untried = [];
        foreach (var preemption in PreemptionsOf(seen.Race))
            if (MayTry(seen.Race) && _tried.Add(preemption))
                untried.Add(preemption);
        foreach (var preemption in untried)
            if (runs.Run(new Guided(seen.Choices) { Races = new(preemption) }) is { } result && GoesWrong(seen.Race, result))
                return seen.Judged(RaceWeight.Confirmed) with { Preemption = preemption, Choices = seen.Choices };
        return seen.Race is { Kind: RaceKind.AtomicOrder } or { IsOrderedHere: true }
            ? null
            : untried.Select(preemption => ConfirmInOtherOrders(seen, preemption)).FirstOrDefault(found => found is not null);
    }

    /// <summary>
    /// The race of a pair that another schedule did put in order, where in one of the schedules with a stop nothing did: what is used
    /// before and after guards nothing. Null where there is none.
    /// </summary>
    public Seen? ShownOf(Seen ordered) => _shown.GetValueOrDefault(ordered.Pair);

    private bool MayTry(Race race)
    {
        if (!race.IsOrderedHere)
            return _tried.Count - _ofOrdered < MostTried;
        var may = _ofOrdered < MostOfOrdered;
        IsCut |= !may;
        if (may)
            _ofOrdered++;
        return may;
    }

    private JudgedRace? ConfirmInOtherOrders(Seen seen, Preemption preemption)
    {
        if (_inOtherOrders >= MostInOtherOrders || runs.IsSpent)
            return null;
        _inOtherOrders += OtherOrders;
        foreach (var result in runs.RunAll(new WeightedWalk(seed: 2, OtherOrders) { Races = new(preemption) }))
            if (GoesWrong(seen.Race, result))
                return seen.Judged(RaceWeight.Confirmed) with { Preemption = preemption, Choices = result.Choices };
        return null;
    }

    private bool GoesWrong(Race race, ScheduleResult result)
    {
        if (result.Races is not { HasPreempted: true } || WatchedRuns.IsStuck(result))
            return false;
        foreach (var found in result.Races.Found.Where(f => !f.IsOrderedHere))
        {
            var seen = new Seen(found, result.Choices, result.Trace);
            _shown.TryAdd(seen.Pair, seen);
        }
        if (result.Divergence is { } divergence)
            beside.Tally.Note(new($"{race}; where the first is stopped just before, the agent contradicts the fixture: {divergence}"));
        else if (beside.ShowsSomething(result) || result.Emergent.Any(f => f.Rule.IsError))
            beside.Add(result);
        else
            return false;
        return true;
    }

    private static IEnumerable<Preemption> PreemptionsOf(Race race)
    {
        var (place, occurrence) = (race.First.Place, race.First.Occurrence);
        var answer = race.IsAtOnce ? null : race.Second.Serves;
        yield return new(place, occurrence);
        if (answer is not null)
            yield return new(place, occurrence, answer);
        if (race.First.Does != Writes)
            yield break;
        // Between the read and the write of one increment there is a place, too.
        var between = place.Replace($" {Writes} ", " stores ", StringComparison.Ordinal);
        yield return new(between, occurrence);
        if (answer is not null)
            yield return new(between, occurrence, answer);
    }
}
