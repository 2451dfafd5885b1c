#pragma warning disable RS0030 // This file is what agent code gets instead of the banned APIs; outside a replay it passes them on.
using ReplayHarness.Host.Pumping;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Threads that rewritten agent code starts: each runs only while it holds the kernel's baton, and sleeps in virtual time.
/// </summary>
public static class ControlledThreads
{
    /// <summary>Instead of <c>new Thread(start)</c>.</summary>
    [Replaces(typeof(Thread), ".ctor", AgentOnly = true)]
    public static Thread New(ThreadStart start) => ThreadOfAgent.Create(_ => start(), 0);

    /// <summary>Instead of <c>new Thread(start, maxStackSize)</c>.</summary>
    [Replaces(typeof(Thread), ".ctor", AgentOnly = true)]
    public static Thread New(ThreadStart start, int maxStackSize) => ThreadOfAgent.Create(_ => start(), maxStackSize);

    /// <summary>Instead of <c>new Thread(start)</c> with an argument.</summary>
    [Replaces(typeof(Thread), ".ctor", AgentOnly = true)]
    public static Thread New(ParameterizedThreadStart start) => ThreadOfAgent.Create(start.Invoke, 0);

    /// <summary>Instead of <see cref="Thread.Start()"/>.</summary>
    [Replaces(typeof(Thread), "Start", Instance = true, AgentOnly = true)]
    public static void Start(Thread thread) => ThreadOfAgent.Start(thread, null, ExecutionContext.Capture());

    /// <summary>Instead of <see cref="Thread.Start(object)"/>.</summary>
    [Replaces(typeof(Thread), "Start", Instance = true, AgentOnly = true)]
    public static void Start(Thread thread, object? parameter) => ThreadOfAgent.Start(thread, parameter, ExecutionContext.Capture());

    /// <summary>Instead of <see cref="Thread.UnsafeStart()"/>.</summary>
    [Replaces(typeof(Thread), "UnsafeStart", Instance = true, AgentOnly = true)]
    public static void UnsafeStart(Thread thread) => ThreadOfAgent.Start(thread, null, null);

    /// <summary>Instead of <see cref="Thread.Join()"/>.</summary>
    [Replaces(typeof(Thread), "Join", Instance = true, AgentOnly = true)]
    public static void Join(Thread thread) => ThreadOfAgent.Join(thread, Timeout.Infinite);

    /// <summary>Instead of <see cref="Thread.Join(int)"/>.</summary>
    [Replaces(typeof(Thread), "Join", Instance = true, AgentOnly = true)]
    public static bool Join(Thread thread, int millisecondsTimeout) => ThreadOfAgent.Join(thread, millisecondsTimeout);

    /// <summary>Instead of <see cref="Thread.Sleep(int)"/>.</summary>
    [Replaces(typeof(Thread), "Sleep")]
    public static void Sleep(int millisecondsTimeout) => Pump.Sleep(TimeSpan.FromMilliseconds(millisecondsTimeout));

    /// <summary>Instead of <see cref="Thread.Sleep(TimeSpan)"/>.</summary>
    [Replaces(typeof(Thread), "Sleep")]
    public static void Sleep(TimeSpan timeout) => Pump.Sleep(timeout);
}
