using System.Buffers.Binary;
using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Benchmarks.Ingest;

/// <summary>Writes requests of spans as OTLP protobuf, each with its length before it, as the collector's file exporter does.</summary>
internal sealed class ProtobufWriter(Stream output)
{
    public void WriteRequest(IReadOnlyList<Span> spans)
    {
        using var request = new MemoryStream();
        foreach (var group in spans.GroupBy(s => (s.Resource, s.Scope)))
        {
            Message(
                request,
                1,
                resourceSpans =>
                {
                    Message(resourceSpans, 1, resource => Attributes(resource, 1, group.Key.Resource));
                    Message(
                        resourceSpans,
                        2,
                        scopeSpans =>
                        {
                            Message(scopeSpans, 1, scope => Text(scope, 1, group.Key.Scope));
                            foreach (var span in group)
                                Message(scopeSpans, 2, m => Span(m, span));
                        }
                    );
                }
            );
        }
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)request.Length);
        output.Write(length);
        request.WriteTo(output);
    }

    private static void Span(MemoryStream to, Span span)
    {
        Bytes(to, 1, Convert.FromHexString(span.TraceId));
        Bytes(to, 2, Convert.FromHexString(span.SpanId));
        if (span.ParentSpanId is { } parent)
            Bytes(to, 4, Convert.FromHexString(parent));
        Text(to, 5, span.Name);
        Number(to, 6, (ulong)span.Kind);
        Fixed(to, 7, span.StartNanos);
        Fixed(to, 8, span.EndNanos);
        Attributes(to, 9, span.Attributes);
        foreach (var e in span.Events)
        {
            Message(
                to,
                11,
                m =>
                {
                    Fixed(m, 1, e.TimeNanos);
                    Text(m, 2, e.Name);
                    Attributes(m, 3, e.Attributes);
                }
            );
        }
        Message(
            to,
            15,
            m =>
            {
                if (span.StatusMessage is { } message)
                    Text(m, 2, message);
                if (span.Status != SpanStatus.Unset)
                    Number(m, 3, (ulong)span.Status);
            }
        );
    }

    private static void Attributes(MemoryStream to, int field, AttributeSet attributes)
    {
        foreach (var (key, value) in attributes)
        {
            Message(
                to,
                field,
                m =>
                {
                    Text(m, 1, key);
                    Message(
                        m,
                        2,
                        v =>
                        {
                            if (value is long number)
                                Number(v, 3, (ulong)number);
                            else
                                Text(v, 1, value as string ?? "");
                        }
                    );
                }
            );
        }
    }

    private static void Message(MemoryStream to, int field, Action<MemoryStream> write)
    {
        using var message = new MemoryStream();
        write(message);
        Bytes(to, field, message.GetBuffer().AsSpan(0, (int)message.Length));
    }

    private static void Text(MemoryStream to, int field, string text) => Bytes(to, field, Encoding.UTF8.GetBytes(text));

    private static void Bytes(MemoryStream to, int field, ReadOnlySpan<byte> bytes)
    {
        Varint(to, (ulong)((field << 3) | 2));
        Varint(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void Number(MemoryStream to, int field, ulong value)
    {
        Varint(to, (ulong)(field << 3));
        Varint(to, value);
    }

    private static void Fixed(MemoryStream to, int field, long value)
    {
        Varint(to, (ulong)((field << 3) | 1));
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        to.Write(bytes);
    }

    private static void Varint(MemoryStream to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            to.WriteByte((byte)(value | 0x80));
        to.WriteByte((byte)value);
    }
}
