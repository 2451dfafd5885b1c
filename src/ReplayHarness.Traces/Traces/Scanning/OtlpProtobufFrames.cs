using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Traces.Scanning;

/// <summary>
/// OTLP protobuf requests in frames: workers claim runs of whole frames, and skip what they do not look at by its length.
/// </summary>
internal sealed class OtlpProtobufFrames(Framing framing) : LargeFormat
{
    private const long ClaimSize = 4 << 20;

    public override SpanTable[] Scan(SafeFileHandle file, long from, long to, WantedKeys keys, IProgress<long>? progress)
    {
        var tables = new ConcurrentDictionary<int, SpanTable>();
        var walk = new FrameWalk(file, framing, from, to);
        var workers = Math.Max(1, Environment.ProcessorCount);
        Parallel.For(
            0,
            workers,
            new ParallelOptions { MaxDegreeOfParallelism = workers },
            _ =>
            {
                var buffer = Array.Empty<byte>();
                while (walk.Claim(ClaimSize) is { } claim)
                {
                    var table = tables[claim.Number] = new SpanTable(keys.Count);
                    if (buffer.Length < claim.End - claim.Begin)
                        buffer = new byte[claim.End - claim.Begin];
                    var read = IndexedFile.ReadFully(file, buffer.AsSpan(0, (int)(claim.End - claim.Begin)), claim.Begin);
                    foreach (var frame in claim.Frames)
                        ScanFrame(buffer.AsSpan(0, read), claim.Begin, frame, keys, table);
                    progress?.Report(claim.End - from);
                }
            }
        );
        return [.. tables.OrderBy(t => t.Key).Select(t => t.Value)];
    }

    // A frame that was odd may have been one that was still being written.
    public override bool EndsUnit(SafeFileHandle file, TraceIndex index) => index.OddLines.Length == 0;

    public override AttributeSet ResourceOf(ReadOnlyMemory<byte> bytes, LeaveOut leaveOut) =>
        OtlpProtobufReader.AttributesOf(bytes.Span, 1);

    public override (string Name, string Version) ScopeOf(ReadOnlyMemory<byte> bytes) => OtlpProtobufReader.ScopeOf(bytes.Span);

    public override Span SpanOf(
        ReadOnlyMemory<byte> bytes,
        AttributeSet resource,
        (string Name, string Version) scope,
        LeaveOut leaveOut
    ) => OtlpProtobufReader.SpanOf(bytes.Span) with { Resource = resource, Scope = scope.Name, ScopeVersion = scope.Version };

    public override void ReadOdd(Stream stream, long offset, string path, SpanCollector spans, LineNumbers lines)
    {
        stream.Position = offset;
        ProtobufFrames.ReadOne(stream, framing, path, spans, offset);
    }

    private static void ScanFrame(ReadOnlySpan<byte> bytes, long begin, Frame frame, WantedKeys keys, SpanTable table)
    {
        var postings = table.Postings.Count;
        try
        {
            if (frame.IsOdd || frame.Begin + frame.Length - begin > bytes.Length)
                throw new WrongFormException("", "is odd, or was cut off meanwhile");
            var request = new ProtobufReader(bytes.Slice((int)(frame.Begin - begin), (int)frame.Length), frame.Begin);
            while (request.Next())
                if (request.Field == 1)
                    ScanResource(request.Bytes, request.At, keys, table);
        }
        catch (WrongFormException)
        {
            table.Leave(frame.Header, postings);
        }
    }

    private static void ScanResource(ReadOnlySpan<byte> message, long at, WantedKeys keys, SpanTable table)
    {
        var context = default(SpanContext);
        var wanted = default(ScannedSpan);
        var reader = new ProtobufReader(message, at);
        while (reader.Next())
        {
            if (reader.Field != 1)
                continue;
            context = context with { ResourceOffset = reader.At, ResourceLength = reader.Bytes.Length };
            if (keys.Count > 0)
                ProtobufSpanScan.Attributes(reader.Bytes, 1, keys, ref wanted);
        }
        reader = new ProtobufReader(message, at);
        while (reader.Next())
            if (reader.Field == 2)
                ScanScope(reader.Bytes, reader.At, context, wanted, keys, table);
    }

    private static void ScanScope(
        ReadOnlySpan<byte> message,
        long at,
        SpanContext context,
        in ScannedSpan wanted,
        WantedKeys keys,
        SpanTable table
    )
    {
        var reader = new ProtobufReader(message, at);
        while (reader.Next())
            if (reader.Field == 1)
                context = context with { ScopeOffset = reader.At, ScopeLength = reader.Bytes.Length };
        table.Contexts.Add(context);
        reader = new ProtobufReader(message, at);
        while (reader.Next())
        {
            if (reader.Field != 2)
                continue;
            var span = wanted;
            ProtobufSpanScan.Read(reader.Bytes, keys, ref span);
            table.Add(span, reader.At, reader.Bytes.Length);
        }
    }
}
