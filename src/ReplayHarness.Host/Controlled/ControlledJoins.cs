using ReplayHarness.Host.Races;
using ReplayHarness.Host.Rewriting;

namespace ReplayHarness.Host.Controlled;

/// <summary>What goes on after several tasks: it knows what each of them knew.</summary>
public static class ControlledJoins
{
    /// <summary>Instead of <see cref="Task.WhenAll(IEnumerable{Task})"/>.</summary>
    [Replaces(typeof(Task), nameof(Task.WhenAll), From = Caller.Library)]
    public static Task WhenAll(IEnumerable<Task> tasks) => RaceDetector.Here is null ? Task.WhenAll(tasks) : WhenAll([.. tasks]);

    /// <summary>Instead of <see cref="Task.WhenAll(Task[])"/>.</summary>
    [Replaces(typeof(Task), nameof(Task.WhenAll), From = Caller.Library)]
    public static Task WhenAll(Task[] tasks)
    {
        Hear(tasks);
        return Joined(Task.WhenAll(tasks), tasks);
    }

    /// <summary>Instead of <see cref="Task.WhenAll(ReadOnlySpan{Task})"/>.</summary>
    [Replaces(typeof(Task), nameof(Task.WhenAll), From = Caller.Library)]
    public static Task WhenAll(ReadOnlySpan<Task> tasks) => RaceDetector.Here is null ? Task.WhenAll(tasks) : WhenAll(tasks.ToArray());

    /// <summary>Instead of <see cref="Task.WhenAll{TResult}(IEnumerable{Task{TResult}})"/>.</summary>
    [Replaces(typeof(Task), nameof(Task.WhenAll), From = Caller.Library)]
    public static Task<TResult[]> WhenAll<TResult>(IEnumerable<Task<TResult>> tasks) =>
        RaceDetector.Here is null ? Task.WhenAll(tasks) : WhenAll([.. tasks]);

    /// <summary>Instead of <see cref="Task.WhenAll{TResult}(Task{TResult}[])"/>.</summary>
    [Replaces(typeof(Task), nameof(Task.WhenAll), From = Caller.Library)]
    public static Task<TResult[]> WhenAll<TResult>(Task<TResult>[] tasks)
    {
        Hear(tasks);
        return Joined(Task.WhenAll(tasks), tasks);
    }

    /// <summary>Instead of <see cref="Task.WhenAll{TResult}(ReadOnlySpan{Task{TResult}})"/>.</summary>
    [Replaces(typeof(Task), nameof(Task.WhenAll), From = Caller.Library)]
    public static Task<TResult[]> WhenAll<TResult>(ReadOnlySpan<Task<TResult>> tasks) =>
        RaceDetector.Here is null ? Task.WhenAll(tasks) : WhenAll(tasks.ToArray());

    // Before the task that joins them hears of it.
    private static void Hear(Task?[] tasks)
    {
        if (RaceDetector.Here is not { } here)
            return;
        foreach (var task in tasks)
            if (task is not null)
                here.Hear(task);
    }

    private static TTask Joined<TTask>(TTask all, Task[] tasks)
        where TTask : Task
    {
        RaceDetector.Here?.Join(all, tasks);
        return all;
    }
}
