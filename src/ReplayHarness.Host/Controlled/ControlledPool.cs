using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// What rewritten code hears of processors and of the thread pool, which the kernel owns: a machine like those in production.
/// </summary>
public static class ControlledPool
{
    // How many processors agent code hears of.
    private static int Processors => Kernel.Current?.Machine.Processors ?? Machine.Usual.Processors;

    private const int MaxThreads = short.MaxValue;

    /// <summary>Instead of <see cref="Environment.ProcessorCount"/>.</summary>
    [Replaces(typeof(Environment), "get_ProcessorCount")]
    public static int ProcessorCount() => Kernel.Current is null ? Environment.ProcessorCount : Processors;

    /// <summary>The degree of a parallel loop that has none of its own; -1 outside a replay, where the runtime decides.</summary>
    internal static int Degree => Kernel.Current is null ? -1 : Processors;

    /// <summary>Instead of <see cref="ThreadPool.GetMaxThreads"/>.</summary>
    [Replaces(typeof(ThreadPool), "GetMaxThreads")]
    public static void GetMaxThreads(out int workerThreads, out int completionPortThreads) =>
        (workerThreads, completionPortThreads) = (MaxThreads, 1000);

    /// <summary>Instead of <see cref="ThreadPool.GetAvailableThreads"/>.</summary>
    [Replaces(typeof(ThreadPool), "GetAvailableThreads")]
    public static void GetAvailableThreads(out int workerThreads, out int completionPortThreads) =>
        (workerThreads, completionPortThreads) = (MaxThreads, 1000);

    /// <summary>Instead of <see cref="ThreadPool.GetMinThreads"/>.</summary>
    [Replaces(typeof(ThreadPool), "GetMinThreads")]
    public static void GetMinThreads(out int workerThreads, out int completionPortThreads) =>
        (workerThreads, completionPortThreads) = (Processors, Processors);

    /// <summary>Instead of <see cref="ThreadPool.SetMinThreads"/>: the pool is the kernel's.</summary>
    [Replaces(typeof(ThreadPool), "SetMinThreads")]
    public static bool SetMinThreads(int workerThreads, int completionPortThreads) => workerThreads > 0 && completionPortThreads > 0;

    /// <summary>Instead of <see cref="ThreadPool.SetMaxThreads"/>: the pool is the kernel's.</summary>
    [Replaces(typeof(ThreadPool), "SetMaxThreads")]
    public static bool SetMaxThreads(int workerThreads, int completionPortThreads) => workerThreads > 0 && completionPortThreads > 0;
}
