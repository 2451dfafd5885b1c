#pragma warning disable RS0030 // The ways into the pool are what is tested.
using ReplayHarness.Host.Pumping;
using static ReplayHarness.Host.SelfTests.SelfTest;

namespace ReplayHarness.Host.SelfTests;

/// <summary>The ways into the pool must all land in the queues that were taken over, and run only when they are pumped.</summary>
internal static class PoolTest
{
    private const int Patience = 2_000;

    public static void Run()
    {
        var ran = 0;
        _ = Task.Run(() => Interlocked.Increment(ref ran));
        ThreadPool.QueueUserWorkItem(_ => Interlocked.Increment(ref ran));
        ThreadPool.UnsafeQueueUserWorkItem(_ => Interlocked.Increment(ref ran), null);
        // What the runtime itself queues ahead of others: its own timers that are due. A worker that still ran items would have had its
        // time by then.
        using var due = new Timer(static _ => { }, null, 1, Timeout.Infinite);
        var queued = new List<object>();
        for (var i = 0; i < Patience && !queued.Exists(RuntimeTimers.IsQueue); i++)
        {
            Thread.Sleep(1);
            while (ThreadPoolOwner.TryDequeue(out var item))
                queued.Add(item);
        }
        Expect(Volatile.Read(ref ran) == 0, "work items ran without being pumped");
        Expect(queued.Exists(RuntimeTimers.IsQueue), "a runtime timer that is due did not come to the queue");
        foreach (var item in queued.Where(i => !RuntimeTimers.IsQueue(i)))
            ThreadPoolOwner.Execute(item);
        Expect(Volatile.Read(ref ran) == 3, $"{ran} of 3 work items came to the queue and ran");
    }
}
