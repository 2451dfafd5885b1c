#pragma warning disable RS0030 // This file is what agent code gets instead of the banned APIs; outside a replay it passes them on.
using ReplayHarness.Host.Pumping;
using ReplayHarness.Host.Rewriting;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Threads that rewritten agent code starts: each runs only while it holds the kernel's baton, and sleeps in virtual time.
/// </summary>
public static class ControlledThreads
{
    private static readonly TimeSpan s_spin = TimeSpan.FromMilliseconds(1);

    /// <summary>Instead of <c>new Thread(start)</c>.</summary>
    [Replaces(typeof(Thread), ".ctor", From = Caller.Package)]
    public static Thread New(ThreadStart start) => ThreadOfAgent.Create(start, _ => start(), 0);

    /// <summary>Instead of <c>new Thread(start, maxStackSize)</c>.</summary>
    [Replaces(typeof(Thread), ".ctor", From = Caller.Package)]
    public static Thread New(ThreadStart start, int maxStackSize) => ThreadOfAgent.Create(start, _ => start(), maxStackSize);

    /// <summary>Instead of <c>new Thread(start)</c> with an argument.</summary>
    [Replaces(typeof(Thread), ".ctor", From = Caller.Package)]
    public static Thread New(ParameterizedThreadStart start) => ThreadOfAgent.Create(start, start.Invoke, 0);

    /// <summary>Instead of <c>new Thread(start, maxStackSize)</c> with an argument.</summary>
    [Replaces(typeof(Thread), ".ctor", From = Caller.Package)]
    public static Thread New(ParameterizedThreadStart start, int maxStackSize) => ThreadOfAgent.Create(start, start.Invoke, maxStackSize);

    /// <summary>Instead of <see cref="Thread.Start()"/>.</summary>
    [Replaces(typeof(Thread), "Start", Instance = true, From = Caller.Package)]
    public static void Start(Thread thread) => ThreadOfAgent.Start(thread, null, ExecutionContext.Capture());

    /// <summary>Instead of <see cref="Thread.Start(object)"/>.</summary>
    [Replaces(typeof(Thread), "Start", Instance = true, From = Caller.Package)]
    public static void Start(Thread thread, object? parameter) => ThreadOfAgent.Start(thread, parameter, ExecutionContext.Capture());

    /// <summary>Instead of <see cref="Thread.UnsafeStart()"/>.</summary>
    [Replaces(typeof(Thread), "UnsafeStart", Instance = true, From = Caller.Package)]
    public static void UnsafeStart(Thread thread) => ThreadOfAgent.Start(thread, null, null);

    /// <summary>Instead of <see cref="Thread.UnsafeStart(object)"/>.</summary>
    [Replaces(typeof(Thread), "UnsafeStart", Instance = true, From = Caller.Package)]
    public static void UnsafeStart(Thread thread, object? parameter) => ThreadOfAgent.Start(thread, parameter, null);

    /// <summary>Instead of <see cref="Thread.Join()"/>.</summary>
    [Replaces(typeof(Thread), "Join", Instance = true, From = Caller.Package)]
    public static void Join(Thread thread) => ThreadOfAgent.Join(thread, Timeout.Infinite);

    /// <summary>Instead of <see cref="Thread.Join(int)"/>.</summary>
    [Replaces(typeof(Thread), "Join", Instance = true, From = Caller.Package)]
    public static bool Join(Thread thread, int millisecondsTimeout) => ThreadOfAgent.Join(thread, millisecondsTimeout);

    /// <summary>Instead of <see cref="Thread.Join(TimeSpan)"/>.</summary>
    [Replaces(typeof(Thread), "Join", Instance = true, From = Caller.Package)]
    public static bool Join(Thread thread, TimeSpan timeout) => ThreadOfAgent.Join(thread, (int)timeout.TotalMilliseconds);

    /// <summary>Instead of <see cref="Thread.Sleep(int)"/>.</summary>
    [Replaces(typeof(Thread), "Sleep")]
    public static void Sleep(int millisecondsTimeout) => Pump.Sleep(TimeSpan.FromMilliseconds(millisecondsTimeout));

    /// <summary>Instead of <see cref="Thread.Sleep(TimeSpan)"/>.</summary>
    [Replaces(typeof(Thread), "Sleep")]
    public static void Sleep(TimeSpan timeout) => Pump.Sleep(timeout);

    /// <summary>Instead of <see cref="Thread.Yield"/>: whoever is ready gets its turn.</summary>
    [Replaces(typeof(Thread), "Yield", From = Caller.Library)]
    public static bool Yield()
    {
        if (Pump.Current is null)
            return Thread.Yield();
        Pump.Sleep(s_spin);
        return true;
    }

    /// <summary>Instead of <see cref="SpinWait.SpinOnce()"/>: whoever it waits for gets its turn.</summary>
    [Replaces(typeof(SpinWait), "SpinOnce", Instance = true)]
    public static void SpinOnce(ref SpinWait spin) => SpinOnce(ref spin, 0);

    /// <summary>Instead of <see cref="SpinWait.SpinOnce(int)"/>.</summary>
    [Replaces(typeof(SpinWait), "SpinOnce", Instance = true)]
    public static void SpinOnce(ref SpinWait spin, int sleep1Threshold)
    {
        if (Pump.Current is null)
            spin.SpinOnce(sleep1Threshold);
        else
            Pump.Sleep(s_spin);
    }

    /// <summary>Instead of <see cref="SpinWait.SpinUntil(Func{bool})"/>.</summary>
    [Replaces(typeof(SpinWait), "SpinUntil")]
    public static void SpinUntil(Func<bool> condition) => SpinUntil(condition, Timeout.Infinite);

    /// <summary>Instead of <see cref="SpinWait.SpinUntil(Func{bool}, TimeSpan)"/>.</summary>
    [Replaces(typeof(SpinWait), "SpinUntil")]
    public static bool SpinUntil(Func<bool> condition, TimeSpan timeout) => SpinUntil(condition, (int)timeout.TotalMilliseconds);

    /// <summary>Instead of <see cref="SpinWait.SpinUntil(Func{bool}, int)"/>: it looks once a millisecond of virtual time.</summary>
    [Replaces(typeof(SpinWait), "SpinUntil")]
    public static bool SpinUntil(Func<bool> condition, int millisecondsTimeout)
    {
        if (Pump.Current is null)
            return SpinWait.SpinUntil(condition, millisecondsTimeout);
        for (var left = millisecondsTimeout; !condition(); left -= left > 0 ? 1 : 0)
        {
            if (left == 0)
                return false;
            Pump.Sleep(s_spin);
        }
        return true;
    }
}
