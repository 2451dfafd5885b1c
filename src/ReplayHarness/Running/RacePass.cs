using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Races;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>
/// Looks between two awaits, where an order of answers shows nothing: watches the captured schedule and some others for accesses that
/// nothing puts in order, then stops the agent's code once before such an access, so that the other one comes first. What goes wrong then
/// counts as in any other schedule.
/// </summary>
/// <param name="beside">Runs schedules.</param>
/// <param name="ordered">Why something orders what is shared, by its name, where a person says that it does.</param>
/// <param name="fails">Whether an order of answers alone shows the failure: then races are named, and no code is stopped.</param>
internal sealed class RacePass(Beside beside, IReadOnlyDictionary<string, string> ordered, bool fails)
{
    private const string Elements = "an element of an array",
        Writes = "writes";

    private const int Watched = 10,
        MostStuck = 2;

    private const int MostTried = 80;

    // In other orders, the same stop may show what it does not show in that of the race.
    private const int OtherOrders = 3,
        MostInOtherOrders = 60;

    // A loop of millions is watched in the captured schedule, and hardly in others.
    private const long MostMeetings = 100_000_000;

    private readonly Dictionary<(RaceKind, string, string), Seen> _seen = [];
    private readonly HashSet<Preemption> _tried = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private long _meetings;
    private int _inOtherOrders,
        _stuck;

    private bool _isCut,
        _isLoose;

    // A race, and the schedule in which it showed: its choices, and its trace where that is not the captured order's.
    private sealed record Seen(Race Race, IReadOnlyList<int> Choices, Trace? Trace)
    {
        public JudgedRace Judged(RaceWeight weight) => new(Race, weight) { IsInCapturedOrder = Trace is null, Trace = Trace };
    }

    /// <summary>Tries them.</summary>
    /// <param name="coverage">What was covered before.</param>
    /// <returns>The same, with what came of it.</returns>
    public Coverage Try(Coverage coverage)
    {
        if (Run(new CapturedOrder { Races = new() }) is not { Uncontrolled.Count: 0 } captured)
            return coverage;
        Collect(captured, [], null);
        foreach (var result in beside.RunAll(new WeightedWalk(seed: 1, Watched) { Races = new() }))
        {
            Collect(result, result.Choices, result.Trace);
            if (IsDear(result))
                break;
        }
        List<JudgedRace> judged = [.. _seen.Values.OrderBy(s => RankOf(s.Race)).Select(Judge).OfType<JudgedRace>()];
        // Of one variable, the worst is enough.
        foreach (var race in judged.GroupBy(j => j.Race.Shared, StringComparer.Ordinal).Select(races => races.MinBy(j => j.Weight)!))
            beside.Tally.Add(race);
        if (_isCut)
            coverage = coverage.With("not every variable was watched for races: there are too many");
        if (_stuck >= MostStuck)
            coverage = coverage.With("not every race was tried: the agent waits in a loop for code that is stopped");
        if (_isLoose)
            coverage = coverage.With("code ran in an order that is not seen (Dataflow, PLINQ's Aggregate): no races were looked for in it");
        return fails
            ? coverage
            : ordered
                .Keys.Where(k => !_used.Contains(k))
                .Aggregate(coverage, (c, k) => c.With($"no race is on {OneLine.Of(k)}, which the fixture calls ordered"));
    }

    private ScheduleResult? Run(IStrategy strategy)
    {
        if (IsSpent)
            return null;
        var result = beside.Run(strategy);
        if (result is not null)
            IsDear(result);
        return result;
    }

    private bool IsSpent => _meetings > MostMeetings * 2 || _stuck >= MostStuck;

    private bool IsDear(ScheduleResult result)
    {
        _meetings += result.Races?.Meetings ?? 0;
        return _meetings > MostMeetings;
    }

    private void Collect(ScheduleResult result, IReadOnlyList<int> choices, Trace? trace)
    {
        _isCut |= result.Races!.IsCut;
        _isLoose |= result.Races.IsLoose;
        foreach (var race in result.Races.Found)
            _seen.TryAdd((race.Kind, race.First.Place, race.Second.Place), new(race, choices, trace));
    }

    // A service's field before a captured variable, two writes before a read and a write; atomic accesses last.
    private static (RaceKind, bool, bool) RankOf(Race race) =>
        (race.Kind, race.Shared.Contains("captured", StringComparison.Ordinal), race.First.Does != race.Second.Does);

    private JudgedRace? Judge(Seen seen)
    {
        var race = seen.Race;
        if (ReasonOf(race) is { } reason)
            return seen.Judged(RaceWeight.Ordered) with { Reason = reason };
        if (fails)
            return race.Kind == RaceKind.AtomicOrder ? null : seen.Judged(RaceWeight.Untried);
        return Confirm(seen) ?? Unconfirmed(seen);
    }

    // A field has a name of its own. A whole object and an element of an array have that of their kind: with a method they are few.
    private string? ReasonOf(Race race)
    {
        string[] names = race.Kind switch
        {
            RaceKind.DataRace when race.Shared != Elements => [race.Shared],
            RaceKind.DataRace or RaceKind.UnsafeSharing =>
            [
                $"{race.Shared} in {race.First.Method}",
                $"{race.Shared} in {race.Second.Method}",
            ],
            _ => [],
        };
        if (Array.Find(names, ordered.ContainsKey) is not { } name)
            return null;
        _used.Add(name);
        return ordered[name];
    }

    private static JudgedRace? Unconfirmed(Seen seen) =>
        seen.Race.Kind switch
        {
            RaceKind.AtomicOrder => null,
            RaceKind.LockOrder => seen.Judged(RaceWeight.Forbidden),
            RaceKind.UnsafeSharing when seen.Race.IsAtOnce => seen.Judged(RaceWeight.Forbidden),
            _ => seen.Judged(RaceWeight.Unconfirmed),
        };

    // Null where nothing goes wrong.
    private JudgedRace? Confirm(Seen seen)
    {
        Preemption[] untried = [.. PreemptionsOf(seen.Race).Where(p => _tried.Count < MostTried && _tried.Add(p))];
        foreach (var preemption in untried)
            if (Run(new Guided(seen.Choices) { Races = new(preemption) }) is { } result && GoesWrong(seen.Race, result))
                return seen.Judged(RaceWeight.Confirmed) with { Preemption = preemption, Choices = seen.Choices };
        return seen.Race.Kind == RaceKind.AtomicOrder
            ? null
            : untried.Select(preemption => ConfirmInOtherOrders(seen, preemption)).FirstOrDefault(found => found is not null);
    }

    private JudgedRace? ConfirmInOtherOrders(Seen seen, Preemption preemption)
    {
        if (_inOtherOrders >= MostInOtherOrders || IsSpent)
            return null;
        _inOtherOrders += OtherOrders;
        foreach (var result in beside.RunAll(new WeightedWalk(seed: 2, OtherOrders) { Races = new(preemption) }))
            if (!IsDear(result) && GoesWrong(seen.Race, result))
                return seen.Judged(RaceWeight.Confirmed) with { Preemption = preemption, Choices = result.Choices };
        return null;
    }

    private bool GoesWrong(Race race, ScheduleResult result)
    {
        // Who waits in a loop for code that is stopped waits for ever: that is the stop's doing, and costs seconds each time.
        if (result.Endless is not null || result.Uncontrolled.Count > 0)
            _stuck++;
        if (result.Races is not { HasPreempted: true } || result.Endless is not null || result.Uncontrolled.Count > 0)
            return false;
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
        yield return new(race.First.Place, race.First.Occurrence);
        if (race.Second.Serves is { } answer && !race.IsAtOnce)
            yield return new(race.First.Place, race.First.Occurrence, answer);
        // Between the read and the write of one increment there is a place, too.
        if (race.First.Does == Writes)
            yield return new(race.First.Place.Replace($" {Writes} ", " stores ", StringComparison.Ordinal), race.First.Occurrence);
    }
}
