using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// A call of a tool or of the model that was cancelled: it never answered. What cancels it in a replay is the agent, and not the recording;
/// where no deadline of the agent's is to come, it was that of what was called, and ends the call as it did.
/// </summary>
/// <param name="time">The replay's clock.</param>
/// <param name="answer">Its answer, which is none.</param>
internal sealed class HungCall(VirtualTime time, Answer answer) : IDisposable
{
    // Whoever had the deadline has used it by then.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _ofTool = new();

    /// <summary>Waits until one of them ends the call.</summary>
    /// <param name="carrier">Carries the call.</param>
    /// <param name="answer">Its answer, which is none.</param>
    /// <param name="error">What it ended with.</param>
    /// <param name="lasted">How long it lasted.</param>
    /// <param name="token">The agent's.</param>
    public static async Task<T> WaitAsync<T>(
        KernelCarrier carrier,
        Answer answer,
        RecordedError error,
        TimeSpan lasted,
        CancellationToken token
    )
    {
        (answer.Latency, answer.Outcome) = (null, answer.Outcome with { Error = error.AsCallError() });
        using var call = new HungCall(carrier.Time, answer);
        using var timer = carrier.Time.CreateTimer(static hung => ((HungCall)hung!).Look(), call, lasted + s_grace, lasted + s_grace);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, call._ofTool.Token);
        try
        {
            return await carrier.AnswerAsync<T>(answer, _ => throw carrier.Thrown(new(error)), either.Token);
        }
        catch (OperationCanceledException e)
        {
            throw token.IsCancellationRequested ? new TaskCanceledException(e.Message, e, token) : carrier.Thrown(new(error));
        }
    }

    public void Dispose() => _ofTool.Dispose();

    // As long as a deadline of the agent's is to come, it may be that of this call. Whoever left the call behind waited for it no longer.
    private void Look()
    {
        if (answer.Call is { IsAbandoned: true })
            return;
        foreach (var timer in time.Timers)
            if (timer.For.State is CancellationTokenSource)
                return;
        _ofTool.Cancel();
    }
}
