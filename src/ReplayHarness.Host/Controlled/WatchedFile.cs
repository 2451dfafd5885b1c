using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// A file that was opened with a bare <see cref="FileMode.Open"/>. That lets one write, but most who say so only read: it is noted once
/// something is written.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="share">What others may do with it meanwhile.</param>
/// <param name="member">The member that opened it.</param>
/// <param name="caller">Who called that, in brackets.</param>
internal sealed class WatchedFile(string path, FileShare share, string member, string caller)
    : FileStream(path, FileMode.Open, FileAccess.ReadWrite, share)
{
    /// <inheritdoc/>
    public override void SetLength(long value)
    {
        Note();
        base.SetLength(value);
    }

    /// <inheritdoc/>
    public override void Write(byte[] array, int offset, int count)
    {
        Note();
        base.Write(array, offset, count);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Note();
        base.Write(buffer);
    }

    /// <inheritdoc/>
    public override void WriteByte(byte value)
    {
        Note();
        base.WriteByte(value);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Note();
        return base.WriteAsync(buffer, offset, count, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Note();
        return base.WriteAsync(buffer, cancellationToken);
    }

    private void Note() => Kernel.Current?.NoteUncontrolled($"{member}: {FileWrites.Advice(Name)}{caller}");
}
