using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Server;

/// <summary>Decides when answers come.</summary>
internal interface IResponder
{
    /// <summary>Waits until the answer to a call may begin, and sends it.</summary>
    Task AnswerAsync(Answer answer, Func<Outcome, Task> send, CancellationToken aborted);

    /// <summary>Waits between two pieces of an answer.</summary>
    /// <param name="seconds">As captured.</param>
    /// <param name="aborted">The client went away.</param>
    Task GapAsync(double seconds, CancellationToken aborted);

    /// <summary>Waits, in real time, until what was sent has left for the client.</summary>
    Task LeaveAsync(CancellationToken aborted);
}

/// <summary>Answers come when they came, in real time times a factor.</summary>
internal sealed class ScaledResponder(TimeProvider clock, double scale) : IResponder
{
    /// <summary>The server hands on what it was given without saying when that has happened.</summary>
    public static readonly TimeSpan Leaving = TimeSpan.FromMilliseconds(50);

    public Task LeaveAsync(CancellationToken aborted) => Task.Delay(Leaving, clock, aborted);

    public async Task AnswerAsync(Answer answer, Func<Outcome, Task> send, CancellationToken aborted)
    {
        if (answer.Latency is { } latency)
            await GapAsync(latency.TotalSeconds, aborted).ConfigureAwait(false);
        else
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, aborted).ConfigureAwait(false);
        await send(answer.Delivered).ConfigureAwait(false);
    }

    public Task GapAsync(double seconds, CancellationToken aborted) =>
        seconds * scale > 0 ? Task.Delay(TimeSpan.FromSeconds(seconds * scale), clock, aborted) : Task.CompletedTask;
}
