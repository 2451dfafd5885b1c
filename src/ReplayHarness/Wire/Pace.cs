using ReplayHarness.Fixtures;

namespace ReplayHarness.Wire;

/// <summary>How the pieces of an answer end.</summary>
internal enum PaceEnding
{
    /// <summary>All have come.</summary>
    Complete,

    /// <summary>The connection breaks.</summary>
    Breaks,

    /// <summary>Nothing more comes, and the connection stays.</summary>
    Stalls,
}

/// <summary>The pieces of an answer, and when each comes.</summary>
/// <param name="pieces">The pieces; at least one.</param>
/// <param name="at">Seconds from the request to each, ascending.</param>
/// <param name="ending">How they end.</param>
/// <param name="tail">Seconds from the last piece to the end.</param>
internal sealed class Pace(IReadOnlyList<byte[]> pieces, IReadOnlyList<double> at, PaceEnding ending = PaceEnding.Complete, double tail = 0)
{
    // A timer takes whole milliseconds and cuts off the rest.
    private const int Digits = 6;

    public int Count => pieces.Count;

    public PaceEnding Ending => ending;

    /// <summary>From the request to the first piece.</summary>
    public double First => at[0];

    public double Tail => tail;

    public byte[] this[int index] => pieces[index];

    /// <summary>Before a piece that is not the first.</summary>
    public double Gap(int index) => Math.Round(at[index] - at[index - 1], Digits);

    /// <summary>How an answer of a model comes; null for one that comes whole.</summary>
    public static Pace? Of(WireFormat format, WireAnswer answer)
    {
        var turn = answer.Turn;
        // What the recording refuses is refused, streamed or not.
        if (turn.Broken is null && turn.Error is { } error && WireRefusal.Of(error) is not null)
            return null;
        if (!answer.Request.Streams && turn.Broken is null)
            return null;
        byte[][] pieces = answer.Request.Streams ? [.. format.Streamed(answer)] : [WireFormat.Bytes(format.Body(answer))];
        if (turn.Broken is { } broken)
            pieces = BrokenOff(pieces, turn.StreamSeconds?.Count);
        var ending = turn.Broken switch
        {
            BrokenAnswer.Cut => PaceEnding.Breaks,
            BrokenAnswer.Stall => PaceEnding.Stalls,
            _ => PaceEnding.Complete,
        };
        return new(pieces, Times(pieces.Length, turn, format.Opening), ending);
    }

    /// <summary>A body in pieces of one length, one at once and a pause after each, as WireMock's dribble.</summary>
    public static Pace Dribbled(byte[] body, HttpDribble dribble, double begins)
    {
        var length = Math.Max(1, (body.Length + dribble.Pieces - 1) / dribble.Pieces);
        byte[][] pieces =
            body.Length == 0
                ?
                [
                    [],
                ]
                : [.. body.Chunk(length)];
        var gap = dribble.Seconds / dribble.Pieces;
        return new(pieces, [.. pieces.Select((_, i) => begins + (i * gap))], tail: gap);
    }

    // The last piece is only half of what it would have been.
    private static byte[][] BrokenOff(byte[][] pieces, int? came)
    {
        var kept = pieces[..Math.Clamp(came ?? ((pieces.Length + 1) / 2), 1, pieces.Length)];
        return [.. kept[..^1], kept[^1][..(kept[^1].Length / 2)]];
    }

    // As recorded, where that is known: each piece at the time of the one that was as far along. Else evenly over the time that the answer
    // took; what comes before the first word comes with it.
    private static double[] Times(int count, RecordedTurn turn, int opening) =>
        turn.StreamSeconds is { Count: > 0 } known
            ?
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i => known[count == 1 ? known.Count - 1 : (int)((long)i * (known.Count - 1) / (count - 1))]),
            ]
            : [.. Enumerable.Range(0, count).Select(i => turn.LatencySeconds * (Math.Max(i, Math.Min(opening, count - 1)) + 1) / count)];
}
