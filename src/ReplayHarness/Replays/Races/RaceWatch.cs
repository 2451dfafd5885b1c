using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Replays.Races;

/// <summary>What a schedule is to be watched for between its awaits, and what was seen.</summary>
/// <param name="Preemption">Where the agent's code is stopped once; null for nowhere.</param>
internal sealed record RaceWatch(Preemption? Preemption = null)
{
    private readonly List<Race> _found = [];

    /// <summary>Types beside those that are known, not safe for two, with the members that only look; null for none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? AlsoUnsafe { get; set; }

    /// <summary>The same, with nothing seen yet: for the next schedule.</summary>
    public RaceWatch Anew() => new(Preemption);

    /// <summary>The races that were seen, each pair of places once, in the order in which they showed.</summary>
    public IReadOnlyList<Race> Found => _found;

    /// <summary>True once the agent's code was stopped where it should be.</summary>
    public bool HasPreempted { get; set; }

    /// <summary>True where there were more variables than are watched.</summary>
    public bool IsCut { get; set; }

    /// <summary>True where code ran in an order of which nothing is seen, so that nothing was looked for from there on.</summary>
    public bool IsLoose { get; set; }

    /// <summary>How often a place was met, over all places: what the watching cost.</summary>
    public long Meetings { get; set; }

    /// <summary>Notes a race.</summary>
    public void Add(Race race) => _found.Add(race);

    /// <summary>Says of each access on which span it is, once the spans of the schedule are written.</summary>
    /// <param name="calls">The schedule's calls.</param>
    public void Locate(IReadOnlyList<BoundaryCall> calls)
    {
        for (var i = 0; i < _found.Count; i++)
            _found[i] = _found[i] with { First = Located(_found[i].First, calls), Second = Located(_found[i].Second, calls) };
    }

    private static RaceAccess Located(RaceAccess access, IReadOnlyList<BoundaryCall> calls)
    {
        var served = access.Tool ?? calls.FirstOrDefault(c => c.Operation is { } operation && operation.Label == access.Serves);
        return access with { Span = (served?.Owner ?? served)?.SpanId, Tool = null };
    }
}
