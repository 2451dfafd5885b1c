#pragma warning disable RS0030 // Blocking waits and threads are what is tested.
using ReplayHarness.Replays;
using static ReplayHarness.Host.SelfTests.SelfTest;

namespace ReplayHarness.Host.SelfTests;

/// <summary>
/// Where a thread blocks, another must go on, and a time-out must pass in virtual time. All waits have time-outs: a runtime that does not
/// tell of them blocks for so long in real time, and no longer.
/// </summary>
internal static class WaitTest
{
    private const int Most = 2_000;

    public static void Run(IRuntimeControl control)
    {
        Replay(control, TimeoutAsync);
        Replay(control, SignalledAsync);
        Replay(control, LockedAsync);
        LongRunning();
    }

    private static async Task TimeoutAsync(Kernel kernel)
    {
        var over = await Task.Run(() =>
        {
            using var never = new ManualResetEventSlim();
            return !never.Wait(Most);
        });
        var passed = kernel.Time.NowTicks / TimeSpan.TicksPerMillisecond;
        // Less the real time that the runtime spun before it told of the wait.
        Expect(over && passed is > 0 and <= Most, $"a wait of {Most} ms took {passed} ms of virtual time");
    }

    private static async Task SignalledAsync(Kernel kernel)
    {
        var task = new TaskCompletionSource();
        using var semaphore = new SemaphoreSlim(0);
        var monitor = new object();
        var waits = Task.WhenAll(
            Task.Run(() => task.Task.Wait(Most)),
            Task.Run(() => semaphore.Wait(Most)),
            Task.Run(() =>
            {
                lock (monitor)
                    return Monitor.Wait(monitor, Most);
            })
        );
        await Task.Run(() =>
        {
            task.SetResult();
            semaphore.Release();
            lock (monitor)
                Monitor.Pulse(monitor);
        });
        var ended = await waits;
        Expect(ended.All(e => e), $"waits for a task, a semaphore and a monitor ended {string.Join(", ", ended)}; expected True each");
        Expect(kernel.Time.NowTicks == 0, "a wait that was over at once took virtual time");
    }

    private static async Task LockedAsync(Kernel kernel)
    {
        var monitor = new object();
        var gate = new Lock();
        using var free = new ManualResetEventSlim();
        var holder = Task.Run(() =>
        {
            lock (monitor)
                lock (gate)
                    return free.Wait(Most);
        });
        var waiters = Task.WhenAll(Task.Run(() => TakesMonitor(monitor)), Task.Run(() => TakesLock(gate)));
        await Task.Run(free.Set);
        var taken = await waiters;
        Expect(await holder && taken.All(t => t), "a lock that another holds did not make its thread wait for it");
        Expect(kernel.Time.NowTicks == 0, "a lock that was free at once took virtual time");
    }

    private static bool TakesMonitor(object monitor)
    {
        var taken = Monitor.TryEnter(monitor, Most);
        if (taken)
            Monitor.Exit(monitor);
        return taken;
    }

    private static bool TakesLock(Lock gate)
    {
        var taken = gate.TryEnter(Most);
        if (taken)
            gate.Exit();
        return taken;
    }

    // A thread that the pump does not own is known by its name.
    private static void LongRunning()
    {
        var name = Task
            .Factory.StartNew(
                static () => Thread.CurrentThread.Name,
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .GetAwaiter()
            .GetResult();
        Expect(name == RuntimeParts.Current.Waits.LongRunningThread, $"the thread of a long-running task is called {name}");
    }
}
