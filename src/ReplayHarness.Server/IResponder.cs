using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Traces;

namespace ReplayHarness.Server;

/// <summary>A request that the fixture answers.</summary>
/// <param name="Kind">The boundary it crossed.</param>
/// <param name="Name">The model, the tool, or method and URL.</param>
/// <param name="Seconds">The captured time until its answer begins; null for one that never comes.</param>
internal sealed record Asked(BoundaryKind Kind, string Name, double? Seconds)
{
    /// <summary>Names it by what it asks, where that is more than its name and its number.</summary>
    public string? Label { get; init; }

    public string? Arguments { get; init; }

    /// <summary>The captured behaviour that answers it.</summary>
    public Behaviour? Behaviour { get; init; }

    /// <summary>The conversation that a model was sent.</summary>
    public IReadOnlyList<ChatMessage>? Input { get; init; }

    public ChatResponse? Output { get; init; }

    /// <summary>What it ends with, instead of an answer or as one.</summary>
    public CallError? Error { get; init; }

    /// <summary>The text of the answer, or its status.</summary>
    public string? Result { get; init; }
}

/// <summary>Decides when answers come.</summary>
internal interface IResponder
{
    /// <summary>Waits until the answer may begin, and sends it.</summary>
    Task AnswerAsync(Asked asked, Func<Task> send, CancellationToken aborted);

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

    public async Task AnswerAsync(Asked asked, Func<Task> send, CancellationToken aborted)
    {
        if (asked.Seconds is { } seconds)
            await GapAsync(seconds, aborted).ConfigureAwait(false);
        else
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, aborted).ConfigureAwait(false);
        await send().ConfigureAwait(false);
    }

    public Task GapAsync(double seconds, CancellationToken aborted) =>
        seconds * scale > 0 ? Task.Delay(TimeSpan.FromSeconds(seconds * scale), clock, aborted) : Task.CompletedTask;
}
