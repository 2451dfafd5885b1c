using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>A stream whose pieces come at their times; the first is there at once.</summary>
/// <param name="pace">The pieces.</param>
/// <param name="answer">By whose clock they come.</param>
/// <param name="ended">Called when the last piece has come.</param>
internal sealed class PacedStream(Pace pace, AnswerInPieces answer, Action ended) : Stream
{
    private int _next;
    private ReadOnlyMemory<byte> _left;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_left.IsEmpty)
        {
            if (_next == pace.Count)
                return await EndAsync(cancellationToken);
            if (_next > 0)
                await answer.NextAsync(TimeSpan.FromSeconds(pace.Gap(_next)), cancellationToken);
            _left = pace[_next++];
            if (_next == pace.Count && pace.Tail == 0)
                End();
        }
        var count = Math.Min(buffer.Length, _left.Length);
        _left[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }

    private async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        if (pace.Tail > 0 && !_ended)
            await answer.NextAsync(TimeSpan.FromSeconds(pace.Tail), cancellationToken);
        End();
        if (pace.Ending == PaceEnding.Stalls)
            await answer.NextAsync(Timeout.InfiniteTimeSpan, cancellationToken);
        return pace.Ending == PaceEnding.Breaks
            ? throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.")
            : 0;
    }

    private void End()
    {
        if (_ended)
            return;
        _ended = true;
        ended();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
