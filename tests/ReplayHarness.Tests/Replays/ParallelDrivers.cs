using System.Collections.Concurrent;
using Pitfalls;

namespace ReplayHarness.Tests.Replays;

/// <summary>The calls of a turn in a parallel loop, after each of which a total is read, and written back after another call.</summary>
public abstract class ParallelDriver(bool broken, Func<int, Func<int, CancellationToken, Task>, CancellationToken, Task> loop)
    : PitfallDriver(() =>
        async (tools, calls, token) =>
        {
            var (total, results) = (0, new object?[calls.Count]);
            await loop(
                calls.Count,
                async (i, t) =>
                {
                    results[i] = await tools.CallAsync(calls[i], t);
                    var before = total;
                    await tools.CallAsync("audit", calls[i].CallId, t);
                    if (broken)
                        total = before + 1;
                    else
                        Interlocked.Increment(ref total);
                },
                token
            );
            return total == calls.Count ? results : throw new InvalidOperationException($"{total} of {calls.Count} notes were kept");
        }
    )
{
    protected static Task WithOptions(int count, Func<int, CancellationToken, Task> body, CancellationToken token) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { CancellationToken = token },
            async (i, t) => await body(i, t)
        );

    protected static Task WithNoDegree(int count, Func<int, CancellationToken, Task> body, CancellationToken token) =>
        Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = -1, CancellationToken = token },
            async (i, t) => await body(i, t)
        );

    protected static Task Plain(int count, Func<int, CancellationToken, Task> body, CancellationToken token) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), token, async (i, t) => await body(i, t));

    // A body that waits holds its thread; the next one needs another.
    protected static Task Blocking(int count, Func<int, CancellationToken, Task> body, CancellationToken token)
    {
        Parallel.ForEach(Partitioner.Create(0, count, 1), (range, _) => body(range.Item1, token).GetAwaiter().GetResult());
        return Task.CompletedTask;
    }

    protected static Task Invoked(int count, Func<int, CancellationToken, Task> body, CancellationToken token)
    {
        Parallel.Invoke([.. Enumerable.Range(0, count).Select<int, Action>(i => () => body(i, token).GetAwaiter().GetResult())]);
        return Task.CompletedTask;
    }

    protected static Task Queried(int count, Func<int, CancellationToken, Task> body, CancellationToken token)
    {
        Enumerable.Range(0, count).AsParallel().ForAll(i => body(i, token).GetAwaiter().GetResult());
        return Task.CompletedTask;
    }
}

public sealed class ParallelWithOptionsBroken() : ParallelDriver(true, WithOptions);

public sealed class ParallelWithOptionsFixed() : ParallelDriver(false, WithOptions);

public sealed class ParallelWithNoDegreeBroken() : ParallelDriver(true, WithNoDegree);

public sealed class ParallelWithNoDegreeFixed() : ParallelDriver(false, WithNoDegree);

public sealed class ParallelPlainBroken() : ParallelDriver(true, Plain);

public sealed class ParallelPlainFixed() : ParallelDriver(false, Plain);

public sealed class ParallelBlockingBroken() : ParallelDriver(true, Blocking);

public sealed class ParallelBlockingFixed() : ParallelDriver(false, Blocking);

public sealed class ParallelInvokedBroken() : ParallelDriver(true, Invoked);

public sealed class ParallelInvokedFixed() : ParallelDriver(false, Invoked);

public sealed class ParallelQueriedBroken() : ParallelDriver(true, Queried);

public sealed class ParallelQueriedFixed() : ParallelDriver(false, Queried);
