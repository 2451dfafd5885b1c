using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Watches each call, and fails where what it watches by comes before the answer.</summary>
public abstract class Watching : CommonLoop
{
    /// <summary>What the call gave; an <see cref="InvalidOperationException"/> where it came too late.</summary>
    protected abstract Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call);

    protected static InvalidOperationException TooLate => new("no sign of life");

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        var tool = services.Tools().Single(t => t.Name == call.Name);
        return new FunctionResultContent(call.CallId, await WatchAsync(stop => tool.InvokeAsync(new(call.Arguments!), stop).AsTask()));
    }
}

public sealed class BeatsByPeriodicTimer : Watching
{
    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var answer = call(default);
        var beats = CountAsync(beat, answer);
        var result = await answer;
        return await beats > 0 ? throw TooLate : result;
    }

    private static async Task<int> CountAsync(PeriodicTimer beat, Task answer)
    {
        await beat.WaitForNextTickAsync();
        return answer.IsCompleted ? 0 : 1;
    }
}

public sealed class BeatsByDelays : Watching
{
    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        var answer = call(default);
        var beats = CountAsync(answer);
        var result = await answer;
        return await beats > 1 ? throw TooLate : result;
    }

    private static async Task<int> CountAsync(Task answer)
    {
        var beats = 0;
        for (; !answer.IsCompleted; beats++)
            await Task.Delay(500);
        return answer.IsCompleted ? beats : 2;
    }
}

public sealed class BeatsByTimer : Watching
{
    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        var beats = 0;
        await using var beat = new Timer(_ => beats++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var result = await call(default);
        return beats > 0 ? throw TooLate : result;
    }
}

/// <summary>The beat is a sign of life, and nothing else.</summary>
public sealed class BeatsForOthers : Watching
{
    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        await using var beat = new Timer(static _ => { }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        return await call(default);
    }
}

public sealed class WaitsSoLong : Watching
{
    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        try
        {
            return await call(default).WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            throw TooLate;
        }
    }
}

public sealed class CancelsAfterSoLong : Watching
{
    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            return await call(stop.Token);
        }
        catch (OperationCanceledException)
        {
            throw TooLate;
        }
    }
}

public sealed class CancelsByATimer : Watching
{
    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        using var stop = new CancellationTokenSource();
        await using var limit = new Timer(_ => stop.Cancel(), null, TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan);
        try
        {
            return await call(stop.Token);
        }
        catch (OperationCanceledException)
        {
            throw TooLate;
        }
    }
}

/// <summary>Takes whichever comes first, the answer or a delay.</summary>
public class RacesADelay : Watching
{
    protected virtual Task LimitAsync() => Task.Delay(TimeSpan.FromSeconds(60));

    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        var answer = call(default);
        return await Task.WhenAny(answer, LimitAsync()) == answer ? await answer : throw TooLate;
    }
}

public sealed class RacesADelayInAMethod : RacesADelay
{
    protected override async Task LimitAsync()
    {
        await base.LimitAsync();
        await Task.Yield();
    }
}

public sealed class RacesADelayAmongSeveral : RacesADelay
{
    protected override Task LimitAsync() =>
        Task.WhenAny([base.LimitAsync(), Task.Delay(TimeSpan.FromSeconds(70)), Task.Delay(TimeSpan.FromSeconds(80))]);
}

/// <summary>Two calls at once fail; this hopes that the first has ended before the second begins.</summary>
public class SleepsBetween : CommonLoop
{
    private int _calls,
        _inFlight;

    protected virtual Task WaitAsync(int before) => Task.Delay(TimeSpan.FromSeconds(4 * before));

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        await WaitAsync(_calls++);
        if (++_inFlight > 1)
            throw new InvalidOperationException("no sign of life");
        var result = await base.CallAsync(services, call, token);
        _inFlight--;
        Done();
        return result;
    }

    protected virtual void Done() { }
}

/// <summary>Waits for it.</summary>
public sealed class WaitsInBetween : SleepsBetween
{
    private readonly SemaphoreSlim _one = new(1);

    protected override Task WaitAsync(int before) => _one.WaitAsync();

    protected override void Done() => _one.Release();
}

/// <summary>A signal that it has ended, or a delay, whichever comes first; fails where the delay came before the answer.</summary>
public class BeatsUntilASignal : Watching
{
    protected virtual Task<bool> EndedAsync(TaskCompletionSource<bool> ended) => ended.Task;

    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        var ended = new TaskCompletionSource<bool>();
        var beats = CountAsync(EndedAsync(ended));
        var result = await call(default);
        ended.SetResult(true);
        return await beats > 0 ? throw TooLate : result;
    }

    private static async Task<int> CountAsync(Task ended)
    {
        var beats = 0;
        while (await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(1))) != ended)
            beats++;
        return beats;
    }
}

public sealed class BeatsUntilASignalOfAMethod : BeatsUntilASignal
{
    protected override async Task<bool> EndedAsync(TaskCompletionSource<bool> ended) => await ended.Task;
}

/// <summary>Has a source in its hands, and does not cancel by the beat.</summary>
public sealed class BeatsBesideASource : Watching
{
    private readonly CancellationTokenSource _stop = new();
    private int _beats;

    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        await using var beat = new Timer(_ => _beats += _stop.IsCancellationRequested ? 0 : 1, null, 1_000, 1_000);
        var result = await call(default);
        await _stop.CancelAsync();
        return _beats > 0 ? throw TooLate : result;
    }
}

/// <summary>Its limit gives up by an error, in a method of its own.</summary>
public sealed class GivesUpByATimer : Watching
{
    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        var answer = new TaskCompletionSource<object?>();
        await using var limit = new Timer(_ => GiveUp(answer), null, TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan);
        var answering = AnswerAsync(call, answer);
        var result = await answer.Task;
        await answering;
        return result;
    }

    private static void GiveUp(TaskCompletionSource<object?> answer) => answer.TrySetException(TooLate);

    private static async Task AnswerAsync(Func<CancellationToken, Task<object?>> call, TaskCompletionSource<object?> answer) =>
        answer.TrySetResult(await call(default));
}

/// <summary>Asks a worker of its own, which answers by a task; a delay guards it.</summary>
public sealed class AsksAWorker : Watching
{
    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        var answer = new TaskCompletionSource<string?>();
        var working = WorkAsync(call, answer);
        if (await Task.WhenAny(answer.Task, Task.Delay(TimeSpan.FromSeconds(60))) != answer.Task)
            throw TooLate;
        await working;
        return await answer.Task;
    }

    private static async Task WorkAsync(Func<CancellationToken, Task<object?>> call, TaskCompletionSource<string?> answer) =>
        answer.SetResult((await call(default))?.ToString());
}

/// <summary>Pauses twice at once; fails where both pauses end before the answer.</summary>
public sealed class PausesTwiceAtOnce : Watching
{
    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        var pauses = Task.WhenAll(Task.Delay(1_000), Task.Delay(1_100));
        var result = await call(default);
        return pauses.IsCompleted ? throw TooLate : result;
    }
}

/// <summary>Leaves a beat behind; what the schedules before left is cleared away first, as it is at any time in production.</summary>
public sealed class LeavesABeat : Watching
{
    protected override async Task<object?> WatchAsync(Func<CancellationToken, Task<object?>> call)
    {
        GC.Collect();
        // Waiting for the finalizers would be a wait of the agent's.
        Thread.SpinWait(300_000);
        _ = BeatAsync(call);
        return await call(default);
    }

    private static async Task BeatAsync(Func<CancellationToken, Task<object?>> call)
    {
        var beat = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await beat.WaitForNextTickAsync())
            ;
        await call(default);
    }
}
