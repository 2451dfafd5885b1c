using System.Runtime.ExceptionServices;

namespace Races;

/// <summary>Runs so many items at once, and ends when all have ended.</summary>
internal delegate Task Fan(int count, Action<int> item);

/// <summary>The ways of .NET to run items at once.</summary>
internal static class Fans
{
    public static Task Tasks(int count, Action<int> item) => Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => item(i))));

    public static Task StartedTasks(int count, Action<int> item) =>
        Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(i => Task.Factory.StartNew(() => item(i), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default))
        );

    public static Task Loop(int count, Action<int> item) => Unwrapped(() => Parallel.For(0, count, item));

    public static Task Each(int count, Action<int> item) =>
        Unwrapped(() => Parallel.ForEach(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 4 }, item));

    public static Task Invoked(int count, Action<int> item) =>
        Unwrapped(() => Parallel.Invoke([.. Enumerable.Range(0, count).Select<int, Action>(i => () => item(i))]));

    public static Task Query(int count, Action<int> item) =>
        Unwrapped(() => Enumerable.Range(0, count).AsParallel().WithDegreeOfParallelism(3).ForAll(item));

    public static Task Threads(int count, Action<int> item)
    {
        var errors = new Exception?[count];
        Thread[] threads =
        [
            .. Enumerable.Range(0, count).Select(i => new Thread(() => errors[i] = ErrorOf(item, i)) { IsBackground = true }),
        ];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return Ended(errors);
    }

    public static Task Pool(int count, Action<int> item)
    {
        var errors = new Exception?[count];
        // Not disposed here: the last signal may still be under way when the wait is over.
        var left = new CountdownEvent(count);
        for (var i = 0; i < count; i++)
        {
            var mine = i;
            ThreadPool.QueueUserWorkItem(_ =>
            {
                errors[mine] = ErrorOf(item, mine);
                left.Signal();
            });
        }
        left.Wait();
        return Ended(errors);
    }

    private static Exception? ErrorOf(Action<int> item, int i)
    {
        try
        {
            item(i);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static Task Ended(Exception?[] errors) =>
        errors.FirstOrDefault(e => e is not null) is { } first ? Task.FromException(first) : Task.CompletedTask;

    // Of many errors the agent names the first, as an await does.
    private static Task Unwrapped(Action loop)
    {
        try
        {
            loop();
            return Task.CompletedTask;
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
            throw;
        }
    }
}
