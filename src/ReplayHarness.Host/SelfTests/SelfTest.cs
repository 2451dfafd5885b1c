using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Host.SelfTests;

/// <summary>The areas of the runtime that replays depend on, as messages call them.</summary>
internal static class Area
{
    public const string PoolQueue = "pool queue";
    public const string Timers = "timers";
    public const string BlockingWaits = "blocking waits";
    public const string SeededRandom = "seeded random";
    public const string Container = "container";
    public const string TaskInternals = "task internals";
    public const string EventNames = "event names";
    public const string Stopwatch = "stopwatch";
    public const string ParallelQueries = "parallel queries";
}

/// <summary>Tests, at the start of the host, what this process needs of the runtime: each area by what it does in a small replay.</summary>
internal static class SelfTest
{
    /// <summary>Tests every area.</summary>
    /// <exception cref="UnexpectedRuntimeException">The first area that does not do what it must.</exception>
    public static void Run(IRuntimeControl control)
    {
        In(Area.PoolQueue, PoolTest.Run);
        In(Area.Timers, () => TimerTest.Run(control));
        In(Area.BlockingWaits, () => WaitTest.Run(control));
        In(Area.SeededRandom, () => SmallTests.SeededRandom(control));
        In(Area.Stopwatch, () => SmallTests.Stopwatch(control));
        In(Area.Container, StateTests.Container);
        In(Area.TaskInternals, StateTests.TaskInternals);
        In(Area.EventNames, EventTest.Run);
    }

    /// <summary>Does something of one area: whatever goes wrong is one error that names it.</summary>
    public static void In(string area, Action what)
    {
        try
        {
            what();
        }
        catch (Exception e)
        {
            var first = e.GetBaseException();
            if (first is MissingMemberException or TypeLoadException && first.Message.Contains("ReplayHarness.", StringComparison.Ordinal))
                throw UnexpectedRuntimeException.OfLibrary(first.Message);
            throw new UnexpectedRuntimeException(
                area,
                first is NotSupportedException ? first.Message : $"{first.GetType().Name}: {first.Message}"
            );
        }
    }

    /// <summary>Runs a small agent to its end.</summary>
    public static Kernel Replay(IRuntimeControl control, Func<Kernel, Task> agent)
    {
        var kernel = new Kernel(new CapturedOrder(), DateTimeOffset.UnixEpoch, control);
        var end = kernel.Run(() => agent(kernel));
        if (kernel.Unhandled is { } unhandled)
            throw unhandled;
        Expect(end == KernelEnd.Finished && kernel.Root.IsCompleted, $"a small agent did not get to its end ({end})");
        kernel.Root.GetAwaiter().GetResult();
        return kernel;
    }

    public static void Expect(bool holds, string what)
    {
        if (!holds)
            throw new NotSupportedException(what);
    }
}
