#pragma warning disable RS0030 // What agent code gets instead of the banned APIs; outside a replay it passes them on.
using System.Collections.Concurrent;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Parallel loops over things: they take their degree from the processors that are reported.
/// </summary>
public static class ControlledForEach
{
    /// <summary>Instead of <c>ForEach</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEach")]
    public static ParallelLoopResult ForEach<TSource>(
        OrderablePartitioner<TSource> source,
        Action<TSource, ParallelLoopState, long> body
    ) => Parallel.ForEach(source, With(), body);

    /// <summary>Instead of <c>ForEach</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEach")]
    public static ParallelLoopResult ForEach<TSource>(Partitioner<TSource> source, Action<TSource, ParallelLoopState> body) =>
        Parallel.ForEach(source, With(), body);

    /// <summary>Instead of <c>ForEach</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEach")]
    public static ParallelLoopResult ForEach<TSource>(Partitioner<TSource> source, Action<TSource> body) =>
        Parallel.ForEach(source, With(), body);

    /// <summary>Instead of <c>ForEach</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEach")]
    public static ParallelLoopResult ForEach<TSource>(IEnumerable<TSource> source, Action<TSource, ParallelLoopState, long> body) =>
        Parallel.ForEach(source, With(), body);

    /// <summary>Instead of <c>ForEach</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEach")]
    public static ParallelLoopResult ForEach<TSource>(IEnumerable<TSource> source, Action<TSource, ParallelLoopState> body) =>
        Parallel.ForEach(source, With(), body);

    /// <summary>Instead of <c>ForEach</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEach")]
    public static ParallelLoopResult ForEach<TSource>(IEnumerable<TSource> source, Action<TSource> body) =>
        Parallel.ForEach(source, With(), body);

    /// <summary>Instead of <c>ForEach</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEach")]
    public static ParallelLoopResult ForEach<TSource, TLocal>(
        OrderablePartitioner<TSource> source,
        Func<TLocal> localInit,
        Func<TSource, ParallelLoopState, long, TLocal, TLocal> body,
        Action<TLocal> localFinally
    ) => Parallel.ForEach(source, With(), localInit, body, localFinally);

    /// <summary>Instead of <c>ForEach</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEach")]
    public static ParallelLoopResult ForEach<TSource, TLocal>(
        Partitioner<TSource> source,
        Func<TLocal> localInit,
        Func<TSource, ParallelLoopState, TLocal, TLocal> body,
        Action<TLocal> localFinally
    ) => Parallel.ForEach(source, With(), localInit, body, localFinally);

    /// <summary>Instead of <c>ForEach</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEach")]
    public static ParallelLoopResult ForEach<TSource, TLocal>(
        IEnumerable<TSource> source,
        Func<TLocal> localInit,
        Func<TSource, ParallelLoopState, long, TLocal, TLocal> body,
        Action<TLocal> localFinally
    ) => Parallel.ForEach(source, With(), localInit, body, localFinally);

    /// <summary>Instead of <c>ForEach</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEach")]
    public static ParallelLoopResult ForEach<TSource, TLocal>(
        IEnumerable<TSource> source,
        Func<TLocal> localInit,
        Func<TSource, ParallelLoopState, TLocal, TLocal> body,
        Action<TLocal> localFinally
    ) => Parallel.ForEach(source, With(), localInit, body, localFinally);

    private static ParallelOptions With() => ControlledParallelism.Options();
}
