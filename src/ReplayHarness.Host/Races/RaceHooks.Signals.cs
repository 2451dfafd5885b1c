using ReplayHarness.Host.Pumping;

namespace ReplayHarness.Host.Races;

/// <content>What one piece of code tells others: a cancellation, a task that it ends, callbacks that are over.</content>
public static partial class RaceHooks
{
    // Which source a token belongs to, and which callbacks a registration, they tell nobody: one stands for all.
    private static readonly object s_cancelling = new(),
        s_calledBack = new(),
        s_timers = new();

    /// <summary>A token will be cancelled: what was registered for that runs at once, and who asks later knows of it.</summary>
    public static void Cancel(CancellationTokenSource? source)
    {
        Exchange(source);
        Exchange(s_cancelling);
    }

    /// <summary>A token was cancelled: what was registered for that has run.</summary>
    public static void EndCancel(CancellationTokenSource? source) => Release(s_calledBack);

    /// <summary>Something is registered that runs when a token is cancelled.</summary>
    public static void RegisterFor(ref CancellationToken token) => Release(s_cancelling);

    /// <summary>A token is asked whether it is cancelled: who sees that it is knows what came before.</summary>
    public static void HearCancel(ref CancellationToken token)
    {
        if (token.IsCancellationRequested)
            HearCancelled();
    }

    /// <summary>The source of a token is asked whether it is cancelled.</summary>
    public static void HearCancelOf(CancellationTokenSource? source)
    {
        if (source is { IsCancellationRequested: true })
            HearCancelled();
    }

    /// <summary>The code has seen that something was cancelled.</summary>
    public static void HearCancelled() => Acquire(s_cancelling);

    /// <summary>A registration is about to be ended by who waits for its callback: where that is stopped, it goes on first.</summary>
    public static void WaitForCallback(ref CancellationTokenRegistration registration)
    {
        if (RaceDetector.Here is not null && registration.Token.IsCancellationRequested && !registration.Unregister())
            Pump.LetPreemptedGoOn();
    }

    /// <summary>A registration has ended: its callback has run, or never will.</summary>
    public static void EndRegistration() => Acquire(s_calledBack);

    /// <summary>A timer is about to be disposed by who waits for its callback.</summary>
    public static void DisposeTimer(object? of)
    {
        if (of is ITimer)
            Acquire(s_timers);
    }

    /// <summary>The callback of a timer has ended: its next one comes after, and who disposes a timer and waits for it.</summary>
    public static void EndTimer(object? timer)
    {
        Release(timer);
        Release(s_timers);
    }

    /// <summary>A task is asked whether it has ended: who sees that it has knows what came before.</summary>
    public static void AskTask(Task? task)
    {
        if (task is not { IsCompleted: true } || RaceDetector.Here is not { } here)
            return;
        here.Acquire(task, always: true);
        if (task.IsCanceled)
            HearCancelled();
    }

    /// <summary>A task will be ended by who holds its source.</summary>
    public static void Complete(TaskCompletionSource? source) => Complete(source?.Task);

    /// <summary>A task will be ended by who holds its source.</summary>
    public static void Complete<T>(TaskCompletionSource<T>? source) => Complete(source?.Task);

    // Only the first ends it.
    private static void Complete(Task? task)
    {
        if (task is { IsCompleted: false })
            Release(task);
    }
}
