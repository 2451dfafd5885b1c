using ReplayHarness.Host.Pumping;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Replays.Races;

namespace ReplayHarness.Host.Races;

/// <summary>
/// Finds what nothing puts in order, by happens-before over the pieces of one schedule. One carrier runs at a time, so nothing here needs a
/// lock, and the same schedule gives the same races. One schedule is enough: a race shows where the accesses are not ordered, whether or
/// not anything goes wrong.
/// </summary>
/// <param name="watch">Hears of what is found.</param>
/// <param name="queues">Where queued items come from.</param>
/// <param name="time">The schedule's clock.</param>
internal sealed partial class RaceDetector(RaceWatch watch, QueueOrigins queues, VirtualTime time)
{
    private static RaceDetector? s_current;

    private readonly Slots _slots = new();
    private readonly Meetings _met = new();
    private readonly int _stop = watch.Preemption is { } preemption ? PlaceTable.Current.Find(preemption.Place) : 0;
    private Segment? _running;
    private int _thread;

    /// <summary>That of the schedule that is watched; null where none is.</summary>
    public static RaceDetector? Current
    {
        get => s_current;
        set => s_current = value;
    }

    /// <summary>That of the code that runs here; null where nobody watches, and on threads that are not the kernel's.</summary>
    public static RaceDetector? Here =>
        s_current is { _running: not null } detector && detector._thread == Environment.CurrentManagedThreadId ? detector : null;

    private Segment Running => _running!;

    /// <summary>A piece begins.</summary>
    public void Begin(Origin origin) => (_running, _thread) = (new Segment(origin), Environment.CurrentManagedThreadId);

    /// <summary>The piece that runs ends.</summary>
    public void End()
    {
        if (_running is null)
            return;
        NoteQueued();
        ReleaseThread();
        _slots.End(_running);
        _running = null;
    }

    /// <summary>Another carrier goes on; what runs here is taken up again by <see cref="Resume"/>.</summary>
    public Segment? Pause()
    {
        var paused = _running;
        if (paused is not null)
        {
            NoteQueued();
            ReleaseThread();
        }
        _running = null;
        return paused;
    }

    /// <summary>Takes up again what was paused.</summary>
    public void Resume(Segment? paused)
    {
        (_running, _thread) = (paused, Environment.CurrentManagedThreadId);
        // What it waited for has ended.
        if (paused?.Awaited is { IsCompleted: true } task)
            Acquire(task, always: true);
    }

    /// <summary>What was blocked goes on: after the answer or timer that came last.</summary>
    /// <param name="step">That answer or timer.</param>
    public void GoOnAfter(string? step)
    {
        if (_running is not null)
            _running.Serves = step;
    }

    /// <summary>Runs a piece of its own inside the one that runs: an iteration of a parallel loop.</summary>
    public void Inside(Origin origin, Action body, Action ended)
    {
        NoteQueued();
        var outer = _running;
        var thread = _thread;
        Begin(origin);
        try
        {
            body();
        }
        finally
        {
            if (_running is not null)
                ended();
            End();
            (_running, _thread) = (outer, thread);
        }
    }

    /// <summary>The origin of the item that was taken out of a queue last.</summary>
    public Origin Dequeued(bool urgent)
    {
        // What a thread that is not ours has queued meanwhile.
        queues.Add(static () => Origin.Unknown);
        return queues.Take(urgent);
    }

    /// <summary>What the code that runs knows.</summary>
    public Origin Known()
    {
        if (_running is not { } running)
            return new(_slots.Everything(), null);
        NoteQueued();
        return new(_slots.Release(running), running.Serves);
    }

    private void NoteQueued()
    {
        if (queues.HasNew)
            queues.Add(() => new(_slots.Release(Running), Running.Serves));
    }

    /// <summary>From here on code runs in an order of which nothing is seen: what is found from now on may be none.</summary>
    public void LoseOrder() => watch.IsLoose = true;

    private Access AccessAt(int place, bool atomic = false)
    {
        NoteQueued();
        _slots.Use(Running);
        return new(Running.Now, place, Met(place), atomic, Now(), Running.Held);
    }

    private Moment Now()
    {
        var (running, tool) = (Running, KernelCarrier.CurrentTool.Value);
        var moment = running.Moment;
        return moment is not null && moment.Ticks == time.NowTicks && moment.Tool == tool && moment.Serves == running.Serves
            ? moment
            : running.Moment = new(running.Serves, time.NowTicks, tool);
    }

    private int Met(int place) => _met.Of(place);

    /// <summary>A place is met: the agent's code may be stopped there.</summary>
    /// <returns>False where the piece that runs has met it so often that no more is to be learned.</returns>
    public bool At(int place)
    {
        var isNews = _met.Add(place, Running);
        watch.Meetings++;
        if (place == _stop && watch is { Preemption: { } preemption, HasPreempted: false } && preemption.Occurrence == Met(place))
        {
            watch.HasPreempted = true;
            Pump.Preempt(preemption.Answer);
        }
        else if (!isNews && watch.HasPreempted)
            Pump.LetPreemptedGoOn();
        return isNews;
    }
}
