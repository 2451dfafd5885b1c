using ReplayHarness.Host.Pumping;
using ReplayHarness.Host.Races;
using ReplayHarness.Host.Rewriting;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Spin locks: who waits for one lets the others go on, and looks once a millisecond of virtual time. A spin lock is no object: one
/// stands for all where orders are remembered, and a stop shows whether it guards.
/// </summary>
public static class ControlledSpinLocks
{
    private static readonly object s_all = new();

    /// <summary>Instead of <see cref="SpinLock.Enter"/>.</summary>
    [Replaces(typeof(SpinLock), "Enter", Instance = true, From = Caller.Library)]
    public static void Enter(ref SpinLock gate, ref bool lockTaken) => TryEnter(ref gate, Timeout.Infinite, ref lockTaken);

    /// <summary>Instead of <see cref="SpinLock.TryEnter(ref bool)"/>.</summary>
    [Replaces(typeof(SpinLock), "TryEnter", Instance = true, From = Caller.Library)]
    public static void TryEnter(ref SpinLock gate, ref bool lockTaken)
    {
        gate.TryEnter(ref lockTaken);
        if (lockTaken)
            RaceHooks.Acquire(s_all);
    }

    /// <summary>Instead of <see cref="SpinLock.TryEnter(TimeSpan, ref bool)"/>.</summary>
    [Replaces(typeof(SpinLock), "TryEnter", Instance = true, From = Caller.Library)]
    public static void TryEnter(ref SpinLock gate, TimeSpan timeout, ref bool lockTaken) =>
        TryEnter(ref gate, (int)timeout.TotalMilliseconds, ref lockTaken);

    /// <summary>Instead of <see cref="SpinLock.TryEnter(int, ref bool)"/>.</summary>
    [Replaces(typeof(SpinLock), "TryEnter", Instance = true, From = Caller.Library)]
    public static void TryEnter(ref SpinLock gate, int millisecondsTimeout, ref bool lockTaken)
    {
        if (Pump.Current is null)
        {
            gate.TryEnter(millisecondsTimeout, ref lockTaken);
            return;
        }
        TryEnter(ref gate, ref lockTaken);
        for (var left = millisecondsTimeout; !lockTaken && left != 0; left -= left > 0 ? 1 : 0)
        {
            Pump.Sleep(TimeSpan.FromMilliseconds(1));
            TryEnter(ref gate, ref lockTaken);
        }
    }

    /// <summary>Instead of <see cref="SpinLock.Exit()"/>.</summary>
    [Replaces(typeof(SpinLock), "Exit", Instance = true, From = Caller.Library)]
    public static void Exit(ref SpinLock gate)
    {
        RaceHooks.Release(s_all);
        gate.Exit();
    }

    /// <summary>Instead of <see cref="SpinLock.Exit(bool)"/>.</summary>
    [Replaces(typeof(SpinLock), "Exit", Instance = true, From = Caller.Library)]
    public static void Exit(ref SpinLock gate, bool useMemoryBarrier)
    {
        RaceHooks.Release(s_all);
        gate.Exit(useMemoryBarrier);
    }
}
