using System.IO.Compression;

namespace ReplayHarness.Traces.Containers;

/// <summary>Tells by its first bytes what a stream holds, and reads it.</summary>
internal static class ContentReader
{
    private const int MaxLayers = 3;

    private static readonly byte[] s_gzip = [0x1F, 0x8B];
    private static readonly byte[] s_zstandard = [0x28, 0xB5, 0x2F, 0xFD];

    /// <summary>Reads all spans of a stream.</summary>
    /// <exception cref="BadInputException">It is empty or of no known container, or a bound is exceeded.</exception>
    public static void Read(SpanCollector spans, string source, Stream stream, int layer = 0)
    {
        var head = new byte[4096];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var start = head.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
        using var whole = new Prefixed(head.AsMemory(start, length - start), stream);
        if (head.AsSpan(0, length).StartsWith(s_gzip))
            ReadCompressed(spans, source, new GZipStream(whole, CompressionMode.Decompress), "gzip", layer);
        else if (head.AsSpan(0, length).StartsWith(s_zstandard))
            ReadCompressed(spans, source, new Zstandard(whole), "zstd", layer);
        else if (head.AsSpan(0, length).StartsWith(ParquetContainer.Magic))
            ReadParquet(spans, source, stream, whole, length);
        else
            ReadPlain(spans, source, whole, head.AsSpan(start, length - start));
    }

    // Its directory stands at the end.
    private static void ReadParquet(SpanCollector spans, string source, Stream stream, Stream whole, int read)
    {
        if (stream.CanSeek)
            stream.Position -= read;
        new ParquetContainer(spans, source).Read(stream.CanSeek ? stream : whole);
    }

    private static void ReadPlain(SpanCollector spans, string source, Stream whole, ReadOnlySpan<byte> head)
    {
        var content = head.TrimStart(" \t\r\n"u8);
        if (content.IsEmpty)
            throw new BadInputException($"{source}: is empty; expected traces ({Expected})");
        if (content[0] is (byte)'{' or (byte)'[')
            new JsonContainer(spans, source).Read(new LineReader(whole, source, spans));
        else if (ProtobufFrames.Of(head) is var framing && framing == Framing.Single)
            ProtobufFrames.ReadSingle(whole, source, spans);
        else if (framing != Framing.None)
            ProtobufFrames.Read(whole, framing, source, spans);
        else if (CsvContainer.Recognises(content))
            new CsvContainer(spans, source).Read(whole);
        else if (head.IndexOf("Activity.TraceId:"u8) >= 0)
            throw new BadInputException(
                $"{source}: is what OpenTelemetry's console exporter of .NET prints, in which values of several lines and lines of the "
                    + "program cannot be told apart. Add the OTLP exporter (AddOtlpExporter) beside it, receive with "
                    + "replay-harness listen, and read what that has written"
            );
        else
            throw new BadInputException($"{source}: of no known container; expected {Expected}");
    }

    private static string Expected => $"JSON ({ContainerTable.Names}), OTLP protobuf, Parquet, or CSV of spans with a heading";

    // What came before the damage, or the bound, is kept.
    private static void ReadCompressed(SpanCollector spans, string source, Stream content, string format, int layer)
    {
        if (layer == MaxLayers)
            throw new BadInputException($"{source}: is compressed more than {MaxLayers} times over");
        using (content)
        {
            try
            {
                Read(spans, source, content, layer + 1);
            }
            catch (InvalidDataException e)
            {
                Report($"the {format} data is damaged or cut off ({e.Message.TrimEnd('.')})");
            }
            catch (InputBoundException e)
            {
                Report($"the {format} data is too large: {e.Message}");
            }
        }

        void Report(string what) => spans.Report(new(source, null, null, null, $"{what}; what came before was read"));
    }
}
