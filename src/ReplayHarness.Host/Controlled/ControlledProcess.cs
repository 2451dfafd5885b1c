#pragma warning disable RS0030, CA2201 // This file is what agent code gets instead of the banned APIs; outside a replay it passes them on.
using System.Runtime.CompilerServices;
using ReplayHarness.Host.Pumping;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>An agent that ends its process ends its run, as a crash does; the process that replays goes on.</summary>
public static class ControlledProcess
{
    /// <summary>Instead of <see cref="Environment.Exit"/>.</summary>
    [Replaces(typeof(Environment), "Exit")]
    public static void Exit(int exitCode)
    {
        if (Kernel.Current is { } kernel)
            End(kernel, new ProcessEndedException($"the agent ended its process: Environment.Exit({exitCode})"));
        Environment.Exit(exitCode);
    }

    /// <summary>Instead of <see cref="Environment.FailFast(string)"/>.</summary>
    [Replaces(typeof(Environment), "FailFast")]
    public static void FailFast(string? message) => FailFast(message, null);

    /// <summary>Instead of <see cref="Environment.FailFast(string, Exception)"/>.</summary>
    [Replaces(typeof(Environment), "FailFast")]
    public static void FailFast(string? message, Exception? exception)
    {
        if (Kernel.Current is { } kernel)
            End(kernel, new ProcessEndedException($"the agent ended its process: Environment.FailFast({message ?? exception?.Message})"));
        Environment.FailFast(message, exception);
    }

    /// <summary>A method of the agent's begins that may call itself: what overflows the stack would end the process that replays.</summary>
    public static void CheckStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack() && Kernel.Current is { } kernel)
            End(kernel, new ProcessEndedException("the agent ended its process: stack overflow"));
    }

    // Nothing that was called comes back: whoever calls it is parked, and unwound once the replay is over.
    private static void End(IPumpListener kernel, ProcessEndedException why)
    {
        kernel.OnUnhandled(why);
        Pump.Sleep(Timeout.InfiniteTimeSpan);
    }
}

/// <summary>The agent has ended its process.</summary>
internal sealed class ProcessEndedException(string message) : Exception(message);
