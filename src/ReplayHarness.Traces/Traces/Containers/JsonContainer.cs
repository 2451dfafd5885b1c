using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>Reads JSON: a value a line, or one document over many lines. What a value is, <see cref="ContainerTable"/> tells.</summary>
internal sealed class JsonContainer(SpanCollector spans, string source)
{
    /// <summary>The bounds of every document.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = 128 };

    public void Read(LineReader lines)
    {
        while (lines.Next() is { } line)
        {
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
                continue;
            // A document that does not end with its first line goes on below it.
            if (lines.Number == 1 && !IsWhole(line.Span))
            {
                ReadDocument(lines.Everything(line));
                return;
            }
            ReadLine(line, lines.Number);
        }
    }

    /// <summary>Reads the next line alone.</summary>
    public void ReadOne(LineReader lines)
    {
        if (lines.Next() is { } line && !line.Span.Trim(" \t\r"u8).IsEmpty)
            ReadLine(line, lines.Number);
    }

    private void ReadLine(ReadOnlyMemory<byte> line, long number)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Options);
            ContainerTable.Read(document.RootElement, new(source, number, "$"), spans);
        }
        catch (JsonException e)
        {
            spans.Report(new(source, number, (e.BytePositionInLine ?? 0) + 1, null, $"{Why(e)}; the line was left out"));
        }
    }

    /// <summary>What is wrong, for a message.</summary>
    public static string Why(JsonException e) =>
        e.Message.Contains("maximum configured depth", StringComparison.Ordinal)
            ? "nested deeper than 128 levels, the most that is read"
            : $"not JSON, or cut off: "
                + $"{e.Message[..Math.Max(0, e.Message.IndexOf(" LineNumber", StringComparison.Ordinal))].TrimEnd('.', ' ')}";

    // One document, or several, one after another.
    private void ReadDocument(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 128, AllowMultipleValues = true });
        var (read, line, counted) = (0, 1L, 0);
        try
        {
            while (reader.Read())
            {
                var start = (int)reader.TokenStartIndex;
                line += bytes.AsSpan(counted..start).Count((byte)'\n');
                counted = start;
                using var document = JsonDocument.ParseValue(ref reader);
                ContainerTable.Read(document.RootElement, new(source, read++ == 0 ? null : line, "$"), spans);
            }
        }
        catch (JsonException e)
        {
            // The first line is broken, but lines after it stand by themselves: lose only what is broken.
            if (read == 0 && HasWholeLine(bytes))
                RereadByLine(bytes);
            else
                spans.Report(
                    new(
                        source,
                        (e.LineNumber ?? 0) + 1,
                        (e.BytePositionInLine ?? 0) + 1,
                        null,
                        $"{Why(e)}; {(read == 0 ? "nothing of the document was read" : "what came before was read")}"
                    )
                );
        }
    }

    private bool HasWholeLine(byte[] bytes)
    {
        var lines = new LineReader(new MemoryStream(bytes), source, spans);
        while (lines.Next() is { } line)
            if (lines.Number > 1 && line.Span.Trim(" \t\r"u8) is [(byte)'{' or (byte)'[', .., (byte)'}' or (byte)']'] && IsWhole(line.Span))
                return true;
        return false;
    }

    private void RereadByLine(byte[] bytes)
    {
        var lines = new LineReader(new MemoryStream(bytes), source, spans);
        while (lines.Next() is { } line)
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
                ReadLine(line, lines.Number);
    }

    private static bool IsWhole(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 128 });
        try
        {
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
