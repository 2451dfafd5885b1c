using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Traces.Scanning;

/// <summary>A frame of a protobuf file.</summary>
/// <param name="Header">Where its length stands.</param>
/// <param name="Begin">Where its message begins.</param>
/// <param name="Length">Of the message.</param>
/// <param name="IsOdd">Whether it is too long, cut off or compressed: the referee says what is wrong.</param>
internal readonly record struct Frame(long Header, long Begin, long Length, bool IsOdd);

/// <summary>Some frames that follow each other, and where those begin and end that are to be scanned.</summary>
internal sealed record Claim(int Number, long Begin, long End, List<Frame> Frames);

/// <summary>Walks a file from frame to frame: each length says where the next one is.</summary>
internal sealed class FrameWalk(SafeFileHandle file, Framing framing, long from, long to)
{
    private readonly Lock _lock = new();
    private long _at = from;
    private int _claims;

    /// <summary>The next frames of about a size, or null at the end.</summary>
    public Claim? Claim(long size)
    {
        lock (_lock)
        {
            if (_at >= to)
                return null;
            var (begin, end) = (_at, _at);
            var frames = new List<Frame>();
            while (_at < to && _at - begin < size)
            {
                var frame = Next();
                frames.Add(frame);
                _at = Math.Min(frame.Begin + frame.Length, to);
                // What is odd is the referee's, and may be of any length: it is not read here.
                if (!frame.IsOdd)
                    end = _at;
            }
            return new(_claims++, begin, end, frames);
        }
    }

    private Frame Next()
    {
        Span<byte> head = stackalloc byte[10];
        head = head[..RandomAccess.Read(file, head, _at)];
        var used = framing switch
        {
            Framing.Length32 => 4,
            Framing.Grpc => 5,
            _ => 0,
        };
        ulong length = 0;
        if (framing == Framing.Varint ? !ProtobufFrames.TryVarint(head, out length, out used) : head.Length < used)
            return new(_at, to, 0, IsOdd: true);
        if (framing != Framing.Varint)
            length = BinaryPrimitives.ReadUInt32BigEndian(head[(used - 4)..]);
        // After a length that cannot be, nothing can be found again.
        if (length > ProtobufFrames.MaxFrame)
            return new(_at, to, 0, IsOdd: true);
        var begin = _at + used;
        return new(_at, begin, (long)length, begin + (long)length > to || (framing == Framing.Grpc && head[0] != 0));
    }
}
