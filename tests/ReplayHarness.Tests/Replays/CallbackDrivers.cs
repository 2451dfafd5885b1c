using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>
/// Something throws in a callback around which nobody stands: while the agent runs, or half a minute after its run has ended.
/// </summary>
public abstract class ThrowsInCallback(bool late) : Mended
{
    private object? _kept;

    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        if (!late)
            _kept = Arm(services, TimeSpan.FromMilliseconds(10));
        await base.RunAsync(services, input, cancellationToken);
        if (late)
            _kept = Arm(services, TimeSpan.FromSeconds(30));
        GC.KeepAlive(_kept);
    }

    /// <summary>Arms it, and gives what must be kept so long.</summary>
    protected abstract object Arm(IServiceProvider services, TimeSpan due);

    protected static void Throw(object? state) => throw new InvalidOperationException("the buffer is closed");
}

public abstract class ThrowsInTimer(bool late) : ThrowsInCallback(late)
{
    protected override object Arm(IServiceProvider services, TimeSpan due) => new Timer(Throw, null, due, TimeSpan.FromSeconds(1));
}

public sealed class ThrowsInTimerEarly() : ThrowsInTimer(late: false);

public sealed class ThrowsInTimerLate() : ThrowsInTimer(late: true);

public abstract class ThrowsInProvidersTimer(bool late) : ThrowsInCallback(late)
{
    protected override object Arm(IServiceProvider services, TimeSpan due) =>
        services.Time().CreateTimer(Throw, null, due, Timeout.InfiniteTimeSpan);
}

public sealed class ThrowsInProvidersTimerEarly() : ThrowsInProvidersTimer(late: false);

public sealed class ThrowsInProvidersTimerLate() : ThrowsInProvidersTimer(late: true);

public abstract class ThrowsInRegistration(bool late) : ThrowsInCallback(late)
{
    protected override object Arm(IServiceProvider services, TimeSpan due)
    {
        var source = new CancellationTokenSource(due);
        source.Token.Register(Throw, null);
        return source;
    }
}

public sealed class ThrowsInRegistrationEarly() : ThrowsInRegistration(late: false);

public sealed class ThrowsInRegistrationLate() : ThrowsInRegistration(late: true);

/// <summary>The wait is over when a delay has passed.</summary>
public abstract class ThrowsInRegisteredWait(bool late) : ThrowsInCallback(late)
{
    protected override object Arm(IServiceProvider services, TimeSpan due)
    {
        var set = new ManualResetEvent(false);
        _ = SetAsync(set, due);
        return ThreadPool.RegisterWaitForSingleObject(
            set,
            static (state, _) => Throw(state),
            null,
            Timeout.Infinite,
            executeOnlyOnce: true
        );
    }

    private static async Task SetAsync(ManualResetEvent set, TimeSpan due)
    {
        await Task.Delay(due);
        set.Set();
    }
}

public sealed class ThrowsInRegisteredWaitEarly() : ThrowsInRegisteredWait(late: false);

public sealed class ThrowsInRegisteredWaitLate() : ThrowsInRegisteredWait(late: true);

/// <summary>The wait ends by its own time-out.</summary>
public abstract class ThrowsInTimedWait(bool late) : ThrowsInCallback(late)
{
    protected override object Arm(IServiceProvider services, TimeSpan due) =>
        ThreadPool.RegisterWaitForSingleObject(
            new ManualResetEvent(false),
            static (state, _) => Throw(state),
            null,
            due,
            executeOnlyOnce: true
        );
}

public sealed class ThrowsInTimedWaitEarly() : ThrowsInTimedWait(late: false);

public sealed class ThrowsInTimedWaitLate() : ThrowsInTimedWait(late: true);

/// <summary>This timer swallows what its handlers throw, in production too.</summary>
public abstract class ThrowsInElapsed(bool late) : ThrowsInCallback(late)
{
    protected override object Arm(IServiceProvider services, TimeSpan due)
    {
        var timer = new System.Timers.Timer(due) { AutoReset = false };
        timer.Elapsed += (_, _) => Throw(null);
        timer.Start();
        return timer;
    }
}

public sealed class ThrowsInElapsedEarly() : ThrowsInElapsed(late: false);

public sealed class ThrowsInElapsedLate() : ThrowsInElapsed(late: true);

/// <summary>A callback that waits for ever is unwound with the replay, which is no failure of the agent's.</summary>
public sealed class WaitsInTimer() : ThrowsInCallback(late: false)
{
    protected override object Arm(IServiceProvider services, TimeSpan due)
    {
        var never = new TaskCompletionSource();
        return new Timer(_ => never.Task.Wait(), null, due, Timeout.InfiniteTimeSpan);
    }
}
