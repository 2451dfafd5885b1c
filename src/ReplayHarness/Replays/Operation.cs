namespace ReplayHarness.Replays;

/// <summary>A call that crosses a boundary and waits for the kernel to complete it.</summary>
internal abstract class Operation
{
    /// <summary>Name and occurrence, for example <c>read_drive_markdown#2</c>.</summary>
    public required string Label { get; init; }

    /// <summary>The chain of calls it belongs to; null for one of its own.</summary>
    public string? Chain { get; init; }

    /// <summary>When it answers, in virtual ticks; <see cref="Never"/> for a hang.</summary>
    public required long DueTicks { get; set; }

    /// <summary>How late it may still become.</summary>
    public Lateness Lateness { get; } = new();

    /// <summary>The call whose answer in pieces goes on before this one is answered; null where none does.</summary>
    public string? HeldFor { get; set; }

    /// <summary>True where a piece of that answer came before this one although it was due after it.</summary>
    public bool HeldToItsEnd { get; set; }

    /// <summary>What was known where it was issued; null where nobody watches.</summary>
    public object? Origin { get; init; }

    /// <summary>The due time of an operation that never answers.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The task that the agent awaits.</summary>
    public abstract Task Waiting { get; }

    /// <summary>Hands the outcome to the agent.</summary>
    public abstract void Complete();

    /// <summary>Tells the agent that its cancellation was honoured.</summary>
    public abstract void Cancel(CancellationToken token);
}

/// <inheritdoc/>
internal sealed class Operation<T>(Func<T> outcome) : Operation
{
    private readonly TaskCompletionSource<T> _completion = new();

    public Task<T> Task => _completion.Task;

    public override Task Waiting => Task;

    public override void Complete()
    {
        T result;
        try
        {
            result = outcome();
        }
        catch (Exception e)
        {
            _completion.TrySetException(e);
            return;
        }
        _completion.TrySetResult(result);
    }

    public override void Cancel(CancellationToken token) => _completion.TrySetCanceled(token);
}
