#pragma warning disable RS0030 // Threads belong to Replays/Pump: this folder is the one owner of the banned APIs.
namespace ReplayHarness.Replays.Pump;

/// <summary>
/// Runs everything that is runnable until nothing is, then asks for the next scheduling decision; over and over until there is none.
/// One carrier holds the baton: it runs ready items in the order they were queued, then wakes a blocked carrier whose wait is over, and only then is the
/// replay quiescent.
/// </summary>
internal sealed class Pump
{
    private static Pump? s_current;
    private static long s_progress;
    private static ExecutionContext? s_clean;
    private static readonly AsyncLocal<Pump?> s_flow = new(OnFlow);

    private readonly VirtualTime _time;
    private readonly Action<Exception> _onUnhandled;
    private readonly Action<string> _onUncontrolled;
    private readonly RuntimeTimers _timers;
    private readonly BlockingWaits _context = new();
    private readonly List<BlockedWait> _blocked = [];
    private Func<bool> _step = null!;
    private Carrier _main = null!;
    private bool _finished, _unwinding;
    private int _foreign;

    /// <param name="time">The replay's clock.</param>
    /// <param name="onUnhandled">Gets an exception that no agent code caught.</param>
    /// <param name="onUncontrolled">Gets a sentence about something the pump does not control.</param>
    public Pump(VirtualTime time, Action<Exception> onUnhandled, Action<string> onUncontrolled)
    {
        _time = time;
        _onUnhandled = onUnhandled;
        _onUncontrolled = onUncontrolled;
        _timers = new RuntimeTimers(time);
    }

    /// <summary>Runs <paramref name="start"/>, then alternates between draining what is ready and <paramref name="step"/> until that returns false.</summary>
    public void Run(Action start, Func<bool> step)
    {
        s_current = this;
        RealIo.Forget();
        _main = Carrier.AdoptThisThread();
        _step = step;
        s_clean ??= ExecutionContext.Capture()!;
        SharedRandom.Seed();
        SharedRandom.InstallOnThisThread();
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            ExecutionContext.Run(s_clean, _ => Start(start), null);
            Loop();
        }
        finally
        {
            End();
            s_current = null;
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    /// <summary>The pump of the replay that runs now; null between replays.</summary>
    public static Pump? Current => s_current;

    /// <summary>Grows whenever the replay gets on; a watchdog reads it from another thread.</summary>
    public static long Progress => Volatile.Read(ref s_progress);

    /// <summary>Sleeps in virtual time; outside a replay, in real time.</summary>
    public static void Sleep(TimeSpan duration)
    {
        if (s_current is not { } pump || Carrier.Current is not { } self)
        {
            Thread.Sleep(duration);
            return;
        }
        if (duration == TimeSpan.Zero) return;
        var wait = new BlockedWait(self, [], waitAll: false);
        pump._blocked.Add(wait);
        if (duration > TimeSpan.Zero) wait.Timeout = pump._time.Create(_ => pump.Expire(wait), null, duration, Timeout.InfiniteTimeSpan, null, "sleep");
        self.HandTo(Carrier.Take(ServeCurrent), becomeIdle: false);
        if (pump._unwinding) throw new ReplayEndedException();
    }

    /// <summary>Runs a thread of the agent to its end, on the carrier that holds the baton.</summary>
    public void RunThread(Action body)
    {
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            if (!_unwinding && !_finished) body();
        }
        catch (ReplayEndedException)
        {
            // The replay is over; what was blocked is unwound.
        }
        catch (Exception e)
        {
            _onUnhandled(e);
        }
    }

    /// <summary>True while a carrier waits inside agent code: its stack holds state that no object does.</summary>
    public bool HasBlockedThreads => _blocked.Count > 0;

    /// <summary>Brings the virtual clock's timers in line with the runtime's.</summary>
    public void SyncTimers() => _timers.Sync();

    /// <summary>Notes it where the current thread is not one of the kernel's.</summary>
    public void CheckThread()
    {
        if (Carrier.Current is null) NoteForeignThread();
    }

    /// <summary>Nothing is enabled: gives a thread that is not ours a bounded chance to make something ready.</summary>
    public bool WaitForForeignThread() => Volatile.Read(ref _foreign) > 0 && RealIo.Wait(50);

    /// <summary>A blocking wait of agent code: parks this carrier until the wait is over or its time-out has passed in virtual time.</summary>
    public static int Block(IntPtr[] handles, bool waitAll, int milliseconds)
    {
        var self = Carrier.Current;
        if (self is null) return BlockingWaits.WaitForReal(handles, waitAll, milliseconds);
        var wait = new BlockedWait(self, handles, waitAll);
        if (wait.IsSignalled() || milliseconds == 0) return wait.Result;
        var pump = s_current!;
        pump._blocked.Add(wait);
        if (milliseconds > 0) pump.ArmTimeout(wait, milliseconds);
        self.HandTo(Carrier.Take(ServeCurrent), becomeIdle: false);
        if (pump._unwinding) throw new ReplayEndedException();
        return wait.Result;
    }

    private void Start(Action start)
    {
        s_flow.Value = this;
        SynchronizationContext.SetSynchronizationContext(_context);
        start();
    }

    /// <summary>Pumps the current replay, on whatever carrier holds the baton.</summary>
    public static void ServeCurrent() => s_current!.Loop();

    private void Loop()
    {
        while (s_current == this)
        {
            if (_finished)
            {
                if (Carrier.Current == _main) return;
                ReturnBatonToMain();
                continue;
            }
            SynchronizationContext.SetSynchronizationContext(_context);
            Volatile.Write(ref s_progress, s_progress + 1);
            if (ThreadPoolOwner.TryDequeue(out var item)) Execute(item);
            else if (!ResumeSignalled() && !_step()) _finished = true;
        }
    }

    private void Execute(object item)
    {
        // The runtime's own timers want to fire: ignored, their virtual twins fire them.
        if (RuntimeTimers.IsQueue(item)) return;
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
            _onUnhandled(e);
        }
        ExecutionContext.Restore(s_clean!);
    }

    private bool ResumeSignalled()
    {
        for (var i = 0; i < _blocked.Count; i++)
        {
            if (!_blocked[i].IsSignalled()) continue;
            Resume(_blocked[i]);
            return true;
        }
        return false;
    }

    private void Resume(BlockedWait wait)
    {
        _blocked.Remove(wait);
        wait.Timeout?.Dispose();
        Carrier.Current!.HandTo(wait.Carrier, becomeIdle: true);
    }

    private void ArmTimeout(BlockedWait wait, int milliseconds) =>
        wait.Timeout = _time.Create(_ => Expire(wait), null, TimeSpan.FromMilliseconds(Quantize(milliseconds)), Timeout.InfiniteTimeSpan, null, "wait");

    private void Expire(BlockedWait wait)
    {
        wait.Result = WaitHandle.WaitTimeout;
        if (_blocked.Contains(wait)) Resume(wait);
    }

    // The runtime passes the time-out less the real time it spent spinning; rounding up makes the virtual deadline independent of that.
    private static int Quantize(int milliseconds)
    {
        var step = milliseconds switch { <= 20 => 1, <= 200 => 10, <= 1000 => 50, _ => 100 };
        return (milliseconds + step - 1) / step * step;
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
        if (_blocked.Count > 0) _unwinding = true;
        while (_blocked.Count > 0) Resume(_blocked[^1]);
        _timers.DisposeLeftovers();
        while (ThreadPoolOwner.TryDequeue(out _)) { }
    }

    private static void OnFlow(AsyncLocalValueChangedArgs<Pump?> change)
    {
        if (change is { ThreadContextChanged: true, CurrentValue: { } pump } && Carrier.Current is null) pump.NoteForeignThread();
    }

    private void NoteForeignThread()
    {
        if (Interlocked.Increment(ref _foreign) == 1)
            _onUncontrolled("agent code ran on a thread that the kernel does not own (new Thread, LongRunning, or a native callback); use Task.Run or await");
    }
}
