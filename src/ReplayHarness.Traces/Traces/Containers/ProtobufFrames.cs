using System.Buffers.Binary;

namespace ReplayHarness.Traces.Containers;

/// <summary>How requests follow each other in a protobuf file.</summary>
internal enum Framing
{
    /// <summary>The file is no OTLP protobuf.</summary>
    None,

    /// <summary>One request, the whole file.</summary>
    Single,

    /// <summary>Each with its length before it, four bytes, big-endian: the collector's file exporter.</summary>
    Length32,

    /// <summary>Each with a flag and its length before it: what OTLP/gRPC sends.</summary>
    Grpc,

    /// <summary>Each with its length as a varint before it: writeDelimitedTo.</summary>
    Varint,
}

/// <summary>Tells the framing from the first bytes, and reads frame by frame, so that memory holds one request at a time.</summary>
internal static class ProtobufFrames
{
    /// <summary>The longest request that is read.</summary>
    public const int MaxFrame = 256 << 20;

    // The first field of a request, resource_spans, has the tag 0x0A; a resource's first field, resource or scope_spans, 0x0A or 0x12.
    public static Framing Of(ReadOnlySpan<byte> head)
    {
        if (StartsRequest(head, long.MaxValue))
            return Framing.Single;
        if (head.Length > 5 && BinaryPrimitives.ReadUInt32BigEndian(head) is var length and > 2 && StartsRequest(head[4..], length))
            return Framing.Length32;
        if (
            head.Length > 6
            && head[0] <= 1
            && BinaryPrimitives.ReadUInt32BigEndian(head[1..]) is var message and > 2
            && StartsRequest(head[5..], message)
        )
            return Framing.Grpc;
        return TryVarint(head, out var size, out var used) && size > 2 && StartsRequest(head[used..], (long)size)
            ? Framing.Varint
            : Framing.None;
    }

    private static bool StartsRequest(ReadOnlySpan<byte> bytes, long length)
    {
        if (bytes.Length < 3 || bytes[0] != 0x0A || !TryVarint(bytes[1..], out var inner, out var used) || (long)inner > length - 1 - used)
            return false;
        var content = bytes[(1 + used)..];
        return inner == 0 || content.IsEmpty || content[0] is 0x0A or 0x12 or 0x1A;
    }

    /// <summary>Reads every frame; what cannot be read is reported with its place.</summary>
    public static void Read(Stream stream, Framing framing, string source, SpanCollector spans)
    {
        var buffer = new byte[64 << 10];
        long at = 0;
        while (ReadFrame(stream, framing, source, spans, ref buffer, ref at)) { }
    }

    /// <summary>Reads the frame at a place.</summary>
    public static void ReadOne(Stream stream, Framing framing, string source, SpanCollector spans, long at)
    {
        var buffer = new byte[64 << 10];
        ReadFrame(stream, framing, source, spans, ref buffer, ref at);
    }

    private static bool ReadFrame(Stream stream, Framing framing, string source, SpanCollector spans, ref byte[] buffer, ref long at)
    {
        var compressed = false;
        if (NextLength(stream, framing, ref at, ref compressed) is not { } length)
            return false;
        void Report(long place, string message) => spans.Report(new(source, null, null, $"byte {place}", message));
        if (length > MaxFrame)
        {
            Report(at, $"the frame says it is {length} bytes long, more than is read ({MaxFrame >> 20} MiB); nothing after it was read");
            return false;
        }
        if (buffer.Length < length)
            buffer = new byte[Math.Max(length, Math.Min(buffer.Length * 2L, MaxFrame))];
        var read = stream.ReadAtLeast(buffer.AsSpan(0, (int)length), (int)length, throwOnEndOfStream: false);
        if (compressed)
            Report(at, "the frame is compressed, which is not read; it was left out");
        else
            new OtlpProtobufReader(spans, source).Read(buffer.AsSpan(0, read), at);
        if (read < length)
            Report(at, $"the frame is cut off after {read} of {length} bytes; what came before was read");
        at += length;
        return true;
    }

    // A single request is as long as its file.
    public static void ReadSingle(Stream stream, string source, SpanCollector spans)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        for (int read; (read = stream.Read(buffer)) > 0; all.Write(buffer, 0, read))
            if (all.Length > MaxFrame)
                throw new BadInputException(
                    $"{source}: is one request of more than {MaxFrame >> 20} MiB, the most that is read; write it as frames, "
                        + $"as the collector's file exporter does"
                );
        new OtlpProtobufReader(spans, source).Read(all.GetBuffer().AsSpan(0, (int)all.Length));
    }

    private static long? NextLength(Stream stream, Framing framing, ref long at, ref bool compressed)
    {
        Span<byte> head = stackalloc byte[10];
        if (framing == Framing.Varint)
        {
            for (var i = 0; i < head.Length; i++)
            {
                if (stream.ReadAtLeast(head.Slice(i, 1), 1, throwOnEndOfStream: false) == 0)
                    return null;
                at++;
                if (head[i] < 0x80)
                    return TryVarint(head[..(i + 1)], out var value, out _) ? (long)Math.Min(value, long.MaxValue) : null;
            }
            return long.MaxValue;
        }
        var size = framing == Framing.Grpc ? 5 : 4;
        if (stream.ReadAtLeast(head[..size], size, throwOnEndOfStream: false) < size)
            return null;
        at += size;
        compressed = size == 5 && head[0] != 0;
        return BinaryPrimitives.ReadUInt32BigEndian(head[(size - 4)..]);
    }

    /// <summary>A number of protobuf at the start of some bytes; false where it does not end.</summary>
    public static bool TryVarint(ReadOnlySpan<byte> bytes, out ulong value, out int used)
    {
        value = 0;
        for (used = 0; used < Math.Min(bytes.Length, 10); )
        {
            var b = bytes[used];
            value |= (ulong)(b & 0x7F) << (7 * used++);
            if (b < 0x80)
                return true;
        }
        return false;
    }
}
