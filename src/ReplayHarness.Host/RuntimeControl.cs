using System.Runtime.InteropServices;
using ReplayHarness.Host.Pumping;
using ReplayHarness.Host.SelfTests;
using ReplayHarness.Host.States;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Races;

namespace ReplayHarness.Host;

/// <summary>This process as replays need it: its pool, timers and random numbers are taken over, once and for good.</summary>
internal sealed class RuntimeControl : IRuntimeControl
{
    private static RuntimeControl? s_taken;

    private RuntimeControl() { }

    /// <inheritdoc/>
    public string Runtime { get; } = $"{Version}, tested with {RuntimeParts.TestedRange}";

    /// <summary>The version of the runtime, for example <c>10.0.12</c>.</summary>
    public static string Version => RuntimeInformation.FrameworkDescription.Replace(".NET ", "", StringComparison.Ordinal);

    /// <summary>Takes this process over and tests, by what they do, all private parts of the runtime that this needs.</summary>
    /// <param name="parts">Their names; null for those of the runtimes that were tested.</param>
    /// <exception cref="UnexpectedRuntimeException">A part is missing, or does something else than expected.</exception>
    public static RuntimeControl TakeOver(RuntimeParts? parts = null)
    {
        if (s_taken is { } taken)
            return taken;
        RuntimeParts.Current = parts ?? RuntimeParts.Current;
        SelfTest.In(Area.PoolQueue, ThreadPoolOwner.TakeOver);
        SelfTest.In(Area.Timers, RuntimeTimers.TakeOver);
        SelfTest.In(Area.SeededRandom, SharedRandom.TakeOver);
        SelfTest.In(Area.EventNames, RealIo.Listen);
        SelfTest.In(Area.ParallelQueries, ParallelQueries.TakeOver);
        var control = new RuntimeControl();
        SelfTest.Run(control);
        return s_taken = control;
    }

    /// <inheritdoc/>
    public IPump NewPump(VirtualTime time, IPumpListener listener, Func<int, int>? chooseItem, bool changesThreads, RaceWatch? races) =>
        new Pump(time, listener, chooseItem, changesThreads, races);

    /// <inheritdoc/>
    public IStateHasher NewHasher() => new StateHasher();

    /// <inheritdoc/>
    public IReadOnlyList<string> WaitChains(Task root, Func<Task, string?> nameOf) => AwaitChains.Of(root, nameOf);
}

/// <summary>The runtime of this process is not one that replays can control.</summary>
internal sealed class UnexpectedRuntimeException : Exception
{
    private UnexpectedRuntimeException(string message)
        : base(message) { }

    /// <param name="area">The part of the runtime.</param>
    /// <param name="what">What is not as expected.</param>
    public UnexpectedRuntimeException(string area, string what)
        : this(
            $"this .NET runtime cannot be controlled: {area}: {what}; runtime {RuntimeControl.Version}; tested with "
                + RuntimeParts.TestedRange
        ) { }

    /// <summary>It is not the runtime: the library beside the agent is not the one that this host was built with.</summary>
    /// <param name="what">What it does not have.</param>
    public static UnexpectedRuntimeException OfLibrary(string what) =>
        new(
            $"{typeof(Kernel).Assembly.Location} is of another version than this tool: {what} Take the tool and the package ReplayHarness "
                + "of one version, and build the agent's replays again"
        );
}
