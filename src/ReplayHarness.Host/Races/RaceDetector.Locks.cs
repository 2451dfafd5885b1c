using ReplayHarness.Replays.Races;

namespace ReplayHarness.Host.Races;

/// <content>Locks, and the orders in which they are taken; factories that both may run.</content>
internal sealed partial class RaceDetector
{
    private const int MostLocks = 4,
        MostOfAPair = 8;

    private readonly List<(object Held, object Taken, List<Taking> Takings)> _orders = [];
    private readonly Dictionary<(object Owner, object Key), Access> _factories = [];
    private readonly Dictionary<object, Access> _meetings = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, Permits> _permits = new(ReferenceEqualityComparer.Instance);
    private int _place;

    // That a lock was taken while another was held, and under which others.
    private sealed record Taking(Access Access, object[] Gates);

    /// <summary>The place that code has met last, for the call that follows; 0 in the code of packages.</summary>
    public int TakePlace()
    {
        var place = _place;
        _place = 0;
        return place;
    }

    /// <summary>A call is about to be made that waits for others, or lets them go on.</summary>
    public void MeetCall(int place)
    {
        At(place);
        _place = place;
    }

    // Calls into one object come one after the other; where only that orders them, another order may show something.
    private void NoteMeeting(object of, int place)
    {
        if (place == 0)
            return;
        var access = AccessAt(place, atomic: true);
        if (_meetings.TryGetValue(of, out var last) && !Running.Clock.MustKnow(last.At))
            Add(RaceKind.AtomicOrder, last, "calls", place, "calls");
        _meetings[of] = access;
    }

    /// <summary>A lock is wanted.</summary>
    /// <param name="gate">The lock.</param>
    /// <param name="taken">Whether it was taken.</param>
    /// <param name="isSure">Whether the code goes on only with it: what gives up and goes on without is not guarded.</param>
    public void Lock(object gate, bool taken, bool isSure = true)
    {
        var place = TakePlace();
        NoteMeeting(gate, place);
        if (taken)
            Acquire(gate, always: false);
        var access = AccessAt(place);
        foreach (var (held, _, _) in Running.Locks)
            if (!ReferenceEquals(held, gate))
                NoteOrder(held, gate, access);
        if (taken)
            Running.Hold(gate, place, isSure);
    }

    /// <summary>A lock is given back.</summary>
    public void Unlock(object gate)
    {
        Running.LetGo(gate);
        Release(gate);
    }

    /// <summary>The lock that was taken last is given back.</summary>
    public void UnlockLast()
    {
        if (Running.Locks is [.., var (gate, _, _)])
            Unlock(gate);
    }

    private void NoteOrder(object held, object gate, Access access)
    {
        object[] gates = [.. Running.Locks.Select(l => l.Lock).Where(l => !ReferenceEquals(l, held))];
        if (Path(gate, held, gates, MostLocks - 1) is { } other && access.Place > 0 && other.Access.Place > 0)
            Add(RaceKind.LockOrder, other.Access, "locks", access.Place, "locks");
        // Compared as objects: what a lock says of itself does not matter.
        var takings = _orders.Find(o => ReferenceEquals(o.Held, held) && ReferenceEquals(o.Taken, gate)).Takings;
        if (takings is null)
            _orders.Add((held, gate, takings = []));
        if (takings.Count < MostOfAPair)
            takings.Add(new(access, gates));
    }

    // Concurrent where nothing but locks and atomics orders them, and no other lock keeps them apart.
    private Taking? Path(object from, object to, object[] gates, int depth)
    {
        foreach (var (held, taken, takings) in _orders)
        {
            if (!ReferenceEquals(held, from))
                continue;
            var taking = takings.Find(t =>
                !Running.Clock.MustKnow(t.Access.At) && !t.Gates.Intersect(gates, ReferenceEqualityComparer.Instance).Any()
            );
            if (taking is not null && (ReferenceEquals(taken, to) || (depth > 1 && Path(taken, to, gates, depth - 1) is not null)))
                return taking;
        }
        return null;
    }

    /// <summary>A permit of a semaphore was taken.</summary>
    /// <param name="semaphore">The semaphore.</param>
    /// <param name="free">How many are free now.</param>
    public void Take(object semaphore, int free)
    {
        NoteQueued();
        NoteMeeting(semaphore, TakePlace());
        Running.Clock = Running.Clock.Join(PermitsOf(semaphore, free + 1).Take(), always: false);
    }

    /// <summary>A permit of a semaphore will be waited for, or taken at once.</summary>
    /// <param name="semaphore">The semaphore.</param>
    /// <param name="free">How many are free now.</param>
    public void Ask(object semaphore, int free)
    {
        NoteMeeting(semaphore, TakePlace());
        var permits = PermitsOf(semaphore, free);
        if (free == 0)
        {
            permits.Wait();
            return;
        }
        NoteQueued();
        Running.Clock = Running.Clock.Join(permits.Take(), always: false);
    }

    /// <summary>A permit of a semaphore will be given back.</summary>
    /// <param name="semaphore">The semaphore.</param>
    /// <param name="free">How many are free now.</param>
    public void Give(object semaphore, int free)
    {
        NoteQueued();
        PermitsOf(semaphore, free).Give(_slots.Release(Running));
    }

    private Permits PermitsOf(object semaphore, int free)
    {
        if (!_permits.TryGetValue(semaphore, out var permits))
            _permits.Add(semaphore, permits = new(free));
        return permits;
    }

    /// <summary>Effects so far: of a factory that had none, nobody minds that it runs twice.</summary>
    public int Effects => _effects;

    /// <summary>A value is asked for that a factory makes where there is none.</summary>
    /// <param name="owner">The dictionary.</param>
    /// <param name="key">The key.</param>
    /// <param name="place">Where.</param>
    /// <param name="hadEffects">Whether the factory ran, and had effects.</param>
    public void Factory(object owner, object key, int place, bool hadEffects)
    {
        var access = AccessAt(place);
        if (_factories.TryGetValue((owner, key), out var first))
        {
            if (!Running.Clock.MustKnow(first.At))
                Add(RaceKind.FactoryTwice, first, "makes", place, "may make");
        }
        else if (hadEffects)
            _factories[(owner, key)] = access;
    }
}
