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
