namespace ReplayHarness.Replays;

/// <summary>
/// An answer that comes in pieces. Each is due as long after the answer's beginning as it was captured: what comes late makes the rest no
/// later.
/// </summary>
/// <param name="time">The replay's clock.</param>
/// <param name="of">The label of the call that is answered.</param>
/// <param name="beginsTicks">When it begins, in virtual ticks.</param>
internal sealed class AnswerInPieces(VirtualTime time, string of, long beginsTicks)
{
    /// <summary>The label of the call that is answered.</summary>
    public string Of => of;

    /// <summary>How late its next piece may still become.</summary>
    public Lateness Lateness { get; } = new();

    /// <summary>True while its pieces come before a timer that is due before them.</summary>
    public bool ComesAtOnce { get; set; }

    /// <summary>True where a piece in its middle came before a timer that was due before it.</summary>
    public bool HasHurried { get; private set; }

    /// <summary>True where no piece was late or hurried: of the places that a pause may have in it, it takes one.</summary>
    public bool KeptItsTime => !HasHurried && Lateness.IsNone;

    /// <summary>Notes that a piece comes before a timer that is due before it.</summary>
    public void ComesEarly(Piece piece)
    {
        HasHurried |= !piece.IsFirst && !ComesAtOnce;
        ComesAtOnce = true;
    }

    private long DueTicks { get; set; } = beginsTicks;

    private bool HasBegun { get; set; }

    /// <summary>Waits for the next piece.</summary>
    /// <param name="gap">How long after the piece before it the piece came.</param>
    /// <param name="token">Ends the waiting.</param>
    public Task NextAsync(TimeSpan gap, CancellationToken token) => Task.Delay(gap, new Clock(this, time), token);

    private (Piece Piece, TimeSpan Wait) Next(TimeSpan gap)
    {
        var piece = new Piece(this, IsFirst: !HasBegun);
        HasBegun = true;
        if (gap < TimeSpan.Zero)
            return (piece, gap);
        DueTicks += gap.Ticks;
        return (piece, TimeSpan.FromTicks(Math.Max(0, DueTicks - time.NowTicks)));
    }

    private sealed class Clock(AnswerInPieces answer, VirtualTime time) : TimeProvider
    {
        /// <inheritdoc/>
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var (piece, wait) = answer.Next(dueTime);
            return time.Create(callback, state, wait, period, ExecutionContext.Capture(), $"the next piece of {answer.Of}", piece: piece);
        }
    }
}

/// <summary>What brings the next piece of an answer.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="IsFirst">True where nothing has come but how the answer begins.</param>
internal sealed record Piece(AnswerInPieces Answer, bool IsFirst)
{
    /// <summary>Another answer that came on with a piece that was due later, and goes on to its end first; null where none does.</summary>
    public string? HeldFor { get; set; }

    /// <summary>True where a timer of the agent's has fired since the piece was to come.</summary>
    public bool HasWaited { get; set; }
}
