#pragma warning disable RS0030 // Threads belong to Pumping: this folder is the one owner of the banned APIs.
using System.Collections.Concurrent;
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Pumping;

/// <summary>
/// Owns the process's thread pool: its only worker is parked, so that every work item stays in the queue until the pump runs it.
/// Once taken over, the pool is never given back: a replay therefore runs in a process of its own.
/// </summary>
internal static class ThreadPoolOwner
{
    private static ConcurrentQueue<object>? s_normal;
    private static ConcurrentQueue<object>? s_highPriority;
    private static Action<Task, Thread>? s_executeTask;

    /// <summary>Takes the pool over, once.</summary>
    /// <exception cref="NotSupportedException">The pool's limits or its queues are not as expected.</exception>
    public static void TakeOver()
    {
        if (!ThreadPool.SetMinThreads(1, 1) || !ThreadPool.SetMaxThreads(1, 1))
            throw new NotSupportedException("the thread pool cannot be limited to one worker");
        using (var parked = new ManualResetEventSlim())
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => ParkForever(parked), null);
            parked.Wait();
        }
        var names = RuntimeParts.Current.Pool;
        var queue = RuntimeParts.Field(typeof(ThreadPool), names.Queue).GetValue(null)!;
        s_normal = (ConcurrentQueue<object>)RuntimeParts.Field(queue.GetType(), names.Ordinary).GetValue(queue)!;
        s_highPriority = (ConcurrentQueue<object>)RuntimeParts.Field(queue.GetType(), names.HighPriority).GetValue(queue)!;
        s_executeTask = RuntimeParts.Method(typeof(Task), names.RunTask).CreateDelegate<Action<Task, Thread>>();
    }

    public static bool TryDequeue(out object item) => TryDequeue(out item, out _);

    /// <summary>Takes the next item out.</summary>
    /// <param name="item">The item.</param>
    /// <param name="urgent">Whether it came from the queue that goes first.</param>
    public static bool TryDequeue(out object item, out bool urgent)
    {
        urgent = s_highPriority!.TryDequeue(out item!);
        return urgent || s_normal!.TryDequeue(out item!);
    }

    /// <summary>Who queues what, from now on.</summary>
    public static QueueOrigins Origins() => new(s_normal!, s_highPriority!);

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
}
