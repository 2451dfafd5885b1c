#pragma warning disable RS0030 // Threads belong to Pumping: this folder is the one owner of the banned APIs.
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Pumping;

/// <content>Blocking waits of agent code: a carrier that waits is parked, another goes on, and a time-out passes in virtual time.</content>
internal sealed partial class Pump
{
    /// <summary>Sleeps in virtual time; outside a replay, in real time.</summary>
    public static void Sleep(TimeSpan duration)
    {
        if (Current is not { } pump || Carrier.Current is not { } self)
        {
            Thread.Sleep(duration);
            return;
        }
        if (duration == TimeSpan.Zero)
            return;
        var wait = new BlockedWait(self, [], waitAll: false);
        pump._blocked.Add(wait);
        if (duration > TimeSpan.Zero)
            wait.Timeout = pump._time.Create(_ => pump.Expire(wait), null, duration, Timeout.InfiniteTimeSpan, null, VirtualTimer.Sleep);
        self.HandTo(Carrier.Take(ServeCurrent), becomeIdle: false);
        if (pump._unwinding)
            throw new ReplayEndedException();
        pump._races?.GoOnAfter(pump._lastStep);
    }

    /// <summary>
    /// A blocking wait of agent code: parks this carrier until the wait is over or its time-out has passed in virtual time.
    /// </summary>
    public static int Block(IntPtr[] handles, bool waitAll, int milliseconds)
    {
        if (Carrier.Current is not { } self || Current is not { } pump)
            return BlockingWaits.WaitForReal(handles, waitAll, milliseconds);
        var wait = new BlockedWait(self, handles, waitAll);
        if (wait.IsSignalled() || milliseconds == 0)
            return wait.Result;
        pump._blocked.Add(wait);
        if (milliseconds > 0)
            pump.ArmTimeout(wait, milliseconds);
        self.HandTo(Carrier.Take(ServeCurrent), becomeIdle: false);
        if (pump._unwinding)
            throw new ReplayEndedException();
        pump._races?.GoOnAfter(pump._lastStep);
        return wait.Result;
    }

    /// <summary>Agent code sets a context of its own, or takes it away.</summary>
    public static void SetContext(SynchronizationContext? agents)
    {
        var context =
            Current is not { } pump || Carrier.Current is null ? agents
            : agents is null ? pump._context
            : AgentsContext.For(agents);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    private bool ResumeSignalled()
    {
        for (var i = 0; i < _blocked.Count; i++)
        {
            if (!_blocked[i].IsSignalled())
                continue;
            Resume(_blocked[i]);
            return true;
        }
        return false;
    }

    // What agent code waits for may come from a thread that is not ours, an exporter that is shut down: it gets its time before a virtual
    // time-out passes.
    private bool WaitForOthers()
    {
        if (_blocked.Count == 0 || !Volatile.Read(ref _others))
            return false;
        return Outside.Wait(500, () => !ThreadPoolOwner.IsEmpty || _blocked.Exists(b => b.IsSignalled()));
    }

    private void Resume(BlockedWait wait)
    {
        _blocked.Remove(wait);
        wait.Timeout?.Dispose();
        Carrier.Current!.HandTo(wait.Carrier, becomeIdle: true);
    }

    private void ArmTimeout(BlockedWait wait, int milliseconds) =>
        wait.Timeout = _time.Create(
            _ => Expire(wait),
            null,
            TimeSpan.FromMilliseconds(Quantize(milliseconds)),
            Timeout.InfiniteTimeSpan,
            null,
            "wait"
        );

    private void Expire(BlockedWait wait)
    {
        wait.Result = WaitHandle.WaitTimeout;
        if (_blocked.Contains(wait))
            Resume(wait);
    }

    // The runtime passes the time-out less the real time it spent spinning; rounding up makes the virtual deadline independent of that.
    private static int Quantize(int milliseconds)
    {
        var step = milliseconds switch
        {
            <= 20 => 1,
            <= 200 => 10,
            <= 1000 => 50,
            _ => 100,
        };
        return (milliseconds + step - 1) / step * step;
    }
}
