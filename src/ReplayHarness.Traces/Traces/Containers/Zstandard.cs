using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ReplayHarness.Traces.Containers;

/// <summary>Decompresses zstd, frame after frame, with a bounded window.</summary>
internal sealed class Zstandard : ForwardStream
{
    /// <summary>
    /// The largest window of a frame, as a power of two: what <c>zstd</c> writes and reads unless <c>--long</c> allows more.
    /// </summary>
    private const int MaxWindowLog = 27;

    private readonly Decompressor _decompressor = new();
    private readonly DecompressionStream _content;

    public Zstandard(Stream compressed)
    {
        _decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        _content = new(
            compressed,
            _decompressor,
            bufferSize: 64 << 10,
            checkEndOfStream: true,
            preserveDecompressor: true,
            leaveOpen: false
        );
    }

    /// <exception cref="InvalidDataException">The data is damaged or cut off.</exception>
    /// <exception cref="InputBoundException">A frame wants a larger window.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return buffer.IsEmpty ? 0 : _content.Read(buffer);
        }
        catch (ZstdException e) when (e.Code == ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge)
        {
            throw new InputBoundException($"a frame wants a window of more than {(1 << MaxWindowLog) >> 20} MiB, the most that is kept");
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException("it is not zstd from here on", e);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("the last frame is not complete", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _decompressor.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>Compressed data is sound, but asks for more than a bound allows; the message says which.</summary>
internal sealed class InputBoundException(string message) : Exception(message);
