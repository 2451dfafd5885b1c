using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Races;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>
/// Looks between two awaits, where an order of answers shows nothing: watches the captured schedule and some others for accesses that
/// nothing puts in order, has the code stopped once before each, and says what each is to the verdict.
/// </summary>
/// <param name="beside">Runs schedules.</param>
/// <param name="ordered">Why something orders what is shared, by its name, where a person says that it does.</param>
/// <param name="fails">Whether an order of answers alone shows the failure: then races are named, and no code is stopped.</param>
internal sealed class RacePass(Beside beside, IReadOnlyDictionary<string, string> ordered, bool fails)
{
    private const string Elements = "an element of an array";

    private const int Watched = 10;

    private readonly Dictionary<(RaceKind, string, string, bool), Seen> _seen = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly WatchedRuns _runs = new(beside);
    private bool _isCut,
        _isLoose;

    /// <summary>Tries them.</summary>
    /// <param name="coverage">What was covered before.</param>
    /// <returns>The same, with what came of it.</returns>
    public Coverage Try(Coverage coverage)
    {
        if (_runs.Run(new CapturedOrder { Races = new() }) is not { Uncontrolled.Count: 0 } captured)
            return coverage;
        Collect(captured, [], null);
        foreach (var result in _runs.RunAll(new WeightedWalk(seed: 1, Watched) { Races = new() }))
            Collect(result, result.Choices, result.Trace);
        var stops = new RaceStops(beside, _runs);
        // Of one variable, the worst is enough.
        foreach (
            var race in JudgeAll(stops).GroupBy(j => j.Race.Shared, StringComparer.Ordinal).Select(races => races.MinBy(j => j.Weight)!)
        )
            beside.Tally.Add(race);
        return WithLimits(coverage, stops);
    }

    private Coverage WithLimits(Coverage coverage, RaceStops stops)
    {
        if (_isCut)
            coverage = coverage.With("not every variable was watched for races: there are too many");
        if (_runs.WasStuck)
            coverage = coverage.With("not every race was tried: the agent waits in a loop for code that is stopped");
        if (stops.IsCut)
            coverage = coverage.With("not every race was tried: there are too many accesses that only a lock or an atomic access orders");
        if (_isLoose)
            coverage = coverage.With("code ran in an order that is not seen (Dataflow, PLINQ's Aggregate): no races were looked for in it");
        return fails
            ? coverage
            : ordered
                .Keys.Where(k => !_used.Contains(k))
                .Aggregate(coverage, (c, k) => c.With($"no race is on {OneLine.Of(k)}, which the fixture calls ordered"));
    }

    private void Collect(ScheduleResult result, IReadOnlyList<int> choices, Trace? trace)
    {
        _isCut |= result.Races!.IsCut;
        _isLoose |= result.Races.IsLoose;
        foreach (var race in result.Races.Found)
            _seen.TryAdd((race.Kind, race.First.Place, race.Second.Place, race.IsOrderedHere), new(race, choices, trace));
    }

    private List<JudgedRace> JudgeAll(RaceStops stops)
    {
        List<JudgedRace> judged = [];
        List<Seen> ordered = [];
        var pairs = _seen.Values.Where(s => !s.Race.IsOrderedHere).Select(s => s.Pair).ToHashSet();
        foreach (var seen in _seen.Values.OrderBy(s => RankOf(s.Race)))
            if (seen.Race.IsOrderedHere && pairs.Contains(seen.Pair))
                continue;
            else if (Judge(seen, stops) is { } race)
                judged.Add(race);
            else if (seen.Race.IsOrderedHere)
                ordered.Add(seen);
        return [.. judged, .. ordered.Select(stops.ShownOf).OfType<Seen>().Select(Unconfirmed).OfType<JudgedRace>()];
    }

    // What the schedule put in order last; a service's field before a captured variable, two writes before a read and a write.
    private static (bool, RaceKind, bool, bool) RankOf(Race race) =>
        (race.IsOrderedHere, race.Kind, race.Shared.Contains("captured", StringComparison.Ordinal), race.First.Does != race.Second.Does);

    private JudgedRace? Judge(Seen seen, RaceStops stops)
    {
        var race = seen.Race;
        if (ReasonOf(race) is { } reason)
            return seen.Judged(RaceWeight.Ordered) with { Reason = reason };
        if (fails)
            return race is { Kind: RaceKind.AtomicOrder } or { IsOrderedHere: true } ? null : seen.Judged(RaceWeight.Untried);
        return stops.Confirm(seen) ?? (race.IsOrderedHere ? null : Unconfirmed(seen));
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
}
