#pragma warning disable RS0030 // Threads belong to Pumping: this folder is the one owner of the banned APIs.
using ReplayHarness.Host.Races;
using ReplayHarness.Host.Statics;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Races;

namespace ReplayHarness.Host.Pumping;

/// <summary>
/// Runs everything that is runnable until nothing is, then asks for the next scheduling decision; over and over until there is none. One
/// carrier holds the baton: it runs ready items in the order they were queued, then wakes a blocked carrier whose wait is over, and only
/// then is the replay quiescent.
/// </summary>
internal sealed partial class Pump : IPump
{
    private const int ItemsBetweenQuestions = 4_096;

    // The context of no agent: that of the thread that first ran a pump.
    private static ExecutionContext? s_clean;
    private static readonly AsyncLocal<Pump?> s_flow = new(OnFlow);

    private readonly VirtualTime _time;
    private readonly IPumpListener _listener;
    private readonly Func<int, int>? _chooseItem;
    private readonly bool _changesThreads;
    private readonly List<(object Item, Origin? Origin)> _ready = [];
    private readonly RuntimeTimers _timers;
    private readonly SynchronizationContext _context = RuntimeParts.Current.Waits.NewContext();
    private readonly List<BlockedWait> _blocked = [];
    private Func<bool> _step = null!;
    private Carrier _main = null!;
    private bool _finished,
        _unwinding,
        _others,
        _hasChanged;
    private int _foreign,
        _items;
    private uint _changes;

    /// <param name="time">The replay's clock.</param>
    /// <param name="listener">Hears of what the pump does not control.</param>
    /// <param name="chooseItem">Chooses among so many ready work items; null for the order in which they were queued.</param>
    /// <param name="changesThreads">Whether whatever goes on does so on another thread than before.</param>
    /// <param name="races">What to watch for between awaits; null for nothing.</param>
    public Pump(VirtualTime time, IPumpListener listener, Func<int, int>? chooseItem, bool changesThreads, RaceWatch? races)
    {
        _races = races is null ? null : new RaceDetector(races, ThreadPoolOwner.Origins(), time);
        _time = time;
        _listener = listener;
        _chooseItem = chooseItem;
        _changesThreads = changesThreads;
        _timers = new RuntimeTimers(time);
    }

    /// <summary>
    /// Runs <paramref name="start"/>, then alternates between draining what is ready and <paramref name="step"/> until that returns false.
    /// </summary>
    public void Run(Action start, Func<bool> step)
    {
        _main = Carrier.AdoptThisThread();
        _step = step;
        s_clean ??= ExecutionContext.Capture()!;
        SharedRandom.Seed(Kernel.Current?.RandomSeed ?? 0);
        SharedRandom.InstallOnThisThread();
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            RaceDetector.Current = _races;
            RunToEnd(start);
        }
        finally
        {
            RaceDetector.Current = null;
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    private void RunToEnd(Action start)
    {
        try
        {
            ExecutionContext.Run(s_clean!, _ => Start(start), null);
            Loop();
        }
        finally
        {
            End();
        }
    }

    /// <summary>The pump of the replay that runs now; null between replays.</summary>
    public static Pump? Current => ProcessState.Current?.Pump as Pump;

    /// <summary>True once agent code has opened a connection: what is sent over it then, no event tells.</summary>
    public bool HasConnected { get; set; }

    /// <summary>Runs a thread of the agent to its end, on the carrier that holds the baton.</summary>
    public void RunThread(Action body)
    {
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            if (!_unwinding && !_finished)
                body();
        }
        catch (ReplayEndedException)
        {
            // The replay is over; what was blocked is unwound.
        }
        catch (Exception e)
        {
            _listener.OnUnhandled(e);
        }
    }

    /// <summary>True while a carrier waits inside agent code: its stack holds state that no object does.</summary>
    public bool HasBlockedThreads => _blocked.Count > 0;

    /// <summary>Brings the virtual clock's timers in line with the runtime's.</summary>
    public void SyncTimers() => _timers.Sync();

    /// <inheritdoc/>
    public bool IsPacing(VirtualTimer timer) => Pacing.Is(timer);

    /// <inheritdoc/>
    public bool IsOfFramework(VirtualTimer timer) => Pacing.IsOfFramework(timer);

    /// <summary>Notes it where the current thread is not one of the kernel's.</summary>
    public void CheckThread()
    {
        if (Carrier.Current is null)
            NoteForeignThread();
    }

    /// <summary>Nothing is enabled: gives a thread that is not ours a bounded chance to make something ready.</summary>
    public bool WaitForForeignThread() => Volatile.Read(ref _foreign) > 0 && RealIo.Wait(50);

    /// <inheritdoc/>
    public bool WaitForRealIo() => RealIo.Wait(RealIo.Patience(this));

    private void Start(Action start)
    {
        s_flow.Value = this;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            LeftBehind.Begin();
            TemporaryFolder.Begin();
            ProcessSettings.Begin();
            ScheduleSwitches.Begin();
            OtherCulture.Begin();
            ScheduleStatics.Begin();
        }
        catch (Exception e)
        {
            // A module initialiser of the agent: in production no code of that module runs then.
            _listener.OnUnhandled(e);
        }
        _races?.Begin(Races.Origin.Unknown);
        start();
        _races?.End();
    }

    /// <summary>Pumps the current replay, on whatever carrier holds the baton.</summary>
    public static void ServeCurrent() => Current!.Loop();

    private void Loop()
    {
        while (Current == this)
        {
            if (_finished)
            {
                if (Carrier.Current == _main)
                    return;
                ReturnBatonToMain();
                continue;
            }
            if (_changesThreads && ChangeThread())
                continue;
            SynchronizationContext.SetSynchronizationContext(_context);
            ProcessState.NoteProgress();
            if (TryDequeue(out var item, out var origin))
            {
                _races?.Begin(origin!);
                Execute(item);
                _races?.End();
                _finished |= ++_items % ItemsBetweenQuestions == 0 && !_listener.MayGoOn(_items);
            }
            else if (!ResumeSignalled() && !WaitForOthers() && !GoOnWithPreempted())
            {
                _items = 0;
                _finished |= !_step();
            }
        }
    }

    // Before each step; the carrier that takes over makes the step.
    private bool ChangeThread()
    {
        _hasChanged = !_hasChanged;
        if (!_hasChanged)
            return false;
        // Whoever takes this carrier up again may be another schedule.
        Carrier.Current!.HandTo(Carrier.TakeAny(ServeCurrent, ++_changes), becomeIdle: true);
        return true;
    }

    private bool TryDequeue(out object item, out Origin? origin)
    {
        origin = null;
        if (_chooseItem is null)
        {
            var any = ThreadPoolOwner.TryDequeue(out item, out var urgent);
            origin = any ? _races?.Dequeued(urgent) : null;
            return any;
        }
        while (ThreadPoolOwner.TryDequeue(out var queued, out var first))
        {
            var by = _races?.Dequeued(first);
            if (!RuntimeTimers.IsQueue(queued))
                _ready.Add((queued, by));
        }
        item = null!;
        if (_ready.Count == 0)
            return false;
        var chosen = _ready.Count == 1 ? 0 : _chooseItem(_ready.Count);
        (item, origin) = _ready[chosen];
        _ready.RemoveAt(chosen);
        return true;
    }

    private void Execute(object item)
    {
        // The runtime's own timers want to fire: ignored, their virtual twins fire them.
        if (RuntimeTimers.IsQueue(item))
            return;
        try
        {
            ThreadPoolOwner.Execute(item);
        }
        catch (ReplayEndedException)
        {
            // The replay is over; what was blocked is unwound.
        }
        catch (Exception e)
        {
            _listener.OnUnhandled(e);
        }
        ExecutionContext.Restore(s_clean!);
    }

    private void ReturnBatonToMain()
    {
        if (!Carrier.TakeIdle(_main))
        {
            _blocked.RemoveAll(b => b.Carrier == _main);
            _unwinding = true;
        }
        Carrier.Current!.HandTo(_main, becomeIdle: true);
    }

    private void End()
    {
        _finished = true;
        if (_blocked.Count > 0)
            _unwinding = true;
        while (_blocked.Count > 0)
            Resume(_blocked[^1]);
        _timers.DisposeLeftovers();
        while (ThreadPoolOwner.TryDequeue(out _)) { }
        // Agent code of the next schedule never sees what this one knew.
        RaceDetector.Current = null;
    }

    // A thread that inherits the agent's context at its start may well be inert: a logger's queue, an exporter. One that runs a task is
    // not.
    private static void OnFlow(AsyncLocalValueChangedArgs<Pump?> change)
    {
        if (change is not { ThreadContextChanged: true, CurrentValue: { } pump } || Carrier.Current is not null)
            return;
        Volatile.Write(ref pump._others, true);
        pump._listener.NoteInert(Thread.CurrentThread.Name ?? "unnamed");
        if (Thread.CurrentThread.Name == RuntimeParts.Current.Waits.LongRunningThread)
            pump.NoteForeignThread();
    }

    private void NoteForeignThread()
    {
        if (Interlocked.Increment(ref _foreign) == 1)
            _listener.NoteUncontrolled(
                "agent code ran on a thread that the kernel does not own (new Thread, LongRunning, or a native callback); "
                    + "use Task.Run or await"
            );
    }
}
