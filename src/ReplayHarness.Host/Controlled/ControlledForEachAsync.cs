// The parameters are those of what is replaced, in their order.
#pragma warning disable RS0030, CA1068 // What agent code gets instead of the banned APIs; outside a replay it passes them on.
using System.Numerics;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Parallel loops that await: they take their degree from the processors that are reported.
/// </summary>
public static class ControlledForEachAsync
{
    /// <summary>Instead of <c>ForAsync</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForAsync")]
    public static Task ForAsync<T>(T fromInclusive, T toExclusive, Func<T, CancellationToken, ValueTask> body)
        where T : notnull, IBinaryInteger<T> => Parallel.ForAsync(fromInclusive, toExclusive, With(), body);

    /// <summary>Instead of <c>ForAsync</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForAsync")]
    public static Task ForAsync<T>(
        T fromInclusive,
        T toExclusive,
        CancellationToken cancellationToken,
        Func<T, CancellationToken, ValueTask> body
    )
        where T : notnull, IBinaryInteger<T> => Parallel.ForAsync(fromInclusive, toExclusive, With(cancellationToken), body);

    /// <summary>Instead of <c>ForEachAsync</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEachAsync")]
    public static Task ForEachAsync<TSource>(IAsyncEnumerable<TSource> source, Func<TSource, CancellationToken, ValueTask> body) =>
        Parallel.ForEachAsync(source, With(), body);

    /// <summary>Instead of <c>ForEachAsync</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEachAsync")]
    public static Task ForEachAsync<TSource>(
        IAsyncEnumerable<TSource> source,
        CancellationToken cancellationToken,
        Func<TSource, CancellationToken, ValueTask> body
    ) => Parallel.ForEachAsync(source, With(cancellationToken), body);

    /// <summary>Instead of <c>ForEachAsync</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEachAsync")]
    public static Task ForEachAsync<TSource>(IEnumerable<TSource> source, Func<TSource, CancellationToken, ValueTask> body) =>
        Parallel.ForEachAsync(source, With(), body);

    /// <summary>Instead of <c>ForEachAsync</c> with the degree that processors give.</summary>
    [Replaces(typeof(Parallel), "ForEachAsync")]
    public static Task ForEachAsync<TSource>(
        IEnumerable<TSource> source,
        CancellationToken cancellationToken,
        Func<TSource, CancellationToken, ValueTask> body
    ) => Parallel.ForEachAsync(source, With(cancellationToken), body);

    private static ParallelOptions With(CancellationToken cancellationToken = default)
    {
        var options = ControlledParallelism.Options();
        options.CancellationToken = cancellationToken;
        return options;
    }
}
