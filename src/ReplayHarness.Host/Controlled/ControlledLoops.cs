#pragma warning disable RS0030 // What agent code gets instead of the banned APIs; outside a replay it passes them on.

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Parallel loops over numbers, and calls side by side: they take their degree from the processors that are reported.
/// </summary>
public static class ControlledLoops
{
    /// <summary>Instead of <c>For</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "For")]
    public static ParallelLoopResult For(int fromInclusive, int toExclusive, Action<int, ParallelLoopState> body) =>
        Parallel.For(fromInclusive, toExclusive, With(), body);

    /// <summary>Instead of <c>For</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "For")]
    public static ParallelLoopResult For(int fromInclusive, int toExclusive, Action<int> body) =>
        Parallel.For(fromInclusive, toExclusive, With(), body);

    /// <summary>Instead of <c>For</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "For")]
    public static ParallelLoopResult For(long fromInclusive, long toExclusive, Action<long, ParallelLoopState> body) =>
        Parallel.For(fromInclusive, toExclusive, With(), body);

    /// <summary>Instead of <c>For</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "For")]
    public static ParallelLoopResult For(long fromInclusive, long toExclusive, Action<long> body) =>
        Parallel.For(fromInclusive, toExclusive, With(), body);

    /// <summary>Instead of <c>For</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "For")]
    public static ParallelLoopResult For<TLocal>(
        int fromInclusive,
        int toExclusive,
        Func<TLocal> localInit,
        Func<int, ParallelLoopState, TLocal, TLocal> body,
        Action<TLocal> localFinally
    ) => Parallel.For(fromInclusive, toExclusive, With(), localInit, body, localFinally);

    /// <summary>Instead of <c>For</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "For")]
    public static ParallelLoopResult For<TLocal>(
        long fromInclusive,
        long toExclusive,
        Func<TLocal> localInit,
        Func<long, ParallelLoopState, TLocal, TLocal> body,
        Action<TLocal> localFinally
    ) => Parallel.For(fromInclusive, toExclusive, With(), localInit, body, localFinally);

    /// <summary>Instead of <c>Invoke</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "Invoke")]
    public static void Invoke(Action[] actions) => Parallel.Invoke(With(), actions);

    private static ParallelOptions With() => ControlledParallelism.Options();
}
