#pragma warning disable RS0030 // Threads belong to Replays/Pump: this folder is the one owner of the banned APIs.
using System.Collections.Concurrent;

namespace ReplayHarness.Replays.Pump;

/// <summary>
/// Owns the process's thread pool: its only worker is parked, so that every work item stays in the queue until the pump runs it.
/// Once taken over, the pool is never given back: a replay therefore runs in a process of its own.
/// </summary>
internal static class ThreadPoolOwner
{
    private static ConcurrentQueue<object>? s_normal;
    private static ConcurrentQueue<object>? s_highPriority;
    private static Action<Task, Thread>? s_executeTask;

    /// <summary>True once the pool is ours.</summary>
    public static bool Owned { get; private set; }

    /// <summary>Takes the pool over, once. Throws where this runtime cannot be controlled.</summary>
    /// <exception cref="NotSupportedException">The pool's limits, its queues or the self-test are not as expected.</exception>
    public static void TakeOver()
    {
        if (Owned)
            return;
        if (!ThreadPool.SetMinThreads(1, 1) || !ThreadPool.SetMaxThreads(1, 1))
            throw new NotSupportedException("the thread pool cannot be limited to one worker");
        using (var parked = new ManualResetEventSlim())
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => ParkForever(parked), null);
            parked.Wait();
        }
        (s_normal, s_highPriority) = RuntimeInternals.PoolQueues();
        s_executeTask = RuntimeInternals.TaskExecutor();
        RuntimeTimers.TakeOver();
        SharedRandom.TakeOver();
        SelfTest();
        Owned = true;
    }

    public static bool TryDequeue(out object item) => s_highPriority!.TryDequeue(out item!) || s_normal!.TryDequeue(out item!);

    public static void Enqueue(IThreadPoolWorkItem item) => s_normal!.Enqueue(item);

    public static bool IsEmpty => s_normal!.IsEmpty && s_highPriority!.IsEmpty;

    public static void Execute(object item)
    {
        if (item is Task task)
            s_executeTask!(task, Thread.CurrentThread);
        else
            ((IThreadPoolWorkItem)item).Execute();
    }

    private static void ParkForever(ManualResetEventSlim parked)
    {
        parked.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    // The three ways into the pool must all land in the queue, and run only when pumped.
    private static void SelfTest()
    {
        var ran = 0;
        _ = Task.Run(() => Interlocked.Increment(ref ran));
        ThreadPool.QueueUserWorkItem(_ => Interlocked.Increment(ref ran));
        ThreadPool.UnsafeQueueUserWorkItem(_ => Interlocked.Increment(ref ran), null);
        Thread.Sleep(10);
        if (Volatile.Read(ref ran) != 0)
            throw new NotSupportedException("self-test: pool items ran without being pumped");
        while (TryDequeue(out var item))
            if (!RuntimeTimers.IsQueue(item))
                Execute(item);
        if (Volatile.Read(ref ran) != 3)
            throw new NotSupportedException($"self-test: {ran} of 3 pool items were pumped");
    }
}
