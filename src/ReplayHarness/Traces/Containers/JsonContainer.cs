using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>Reads JSON: a request a line, a list of requests or of Zipkin spans, or one document over many lines.</summary>
internal sealed class JsonContainer(SpanCollector spans, string source)
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 128, AllowTrailingCommas = false };

    private readonly OtlpJsonReader _otlp = new(spans, source);
    private readonly ZipkinReader _zipkin = new(spans, source);

    public void Read(LineReader lines)
    {
        while (lines.Next() is { } line)
        {
            if (line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            // A document that does not end with its first line goes on below it.
            if (lines.Number == 1 && !IsWhole(line.Span) && ReadDocument(lines.Everything(line), out var problem))
            {
                if (problem is not null) spans.Report(problem);
                return;
            }
            ReadLine(line, lines.Number);
        }
    }

    private void ReadLine(ReadOnlyMemory<byte> line, long number)
    {
        try
        {
            using var document = JsonDocument.Parse(line, s_options);
            ReadValue(document.RootElement, number, "$");
        }
        catch (JsonException e)
        {
            spans.Report(new(source, number, (e.BytePositionInLine ?? 0) + 1, null, $"{Why(e)}; the line was left out"));
        }
    }

    private static string Why(JsonException e) => e.Message.Contains("maximum configured depth", StringComparison.Ordinal)
        ? "nested deeper than 128 levels, the most that is read"
        : $"not JSON, or cut off: {e.Message[..Math.Max(0, e.Message.IndexOf(" LineNumber", StringComparison.Ordinal))].TrimEnd('.', ' ')}";

    private bool ReadDocument(byte[] bytes, out InputProblem? problem)
    {
        problem = null;
        try
        {
            using var document = JsonDocument.Parse(bytes, s_options);
            ReadValue(document.RootElement, null, "$");
        }
        catch (JsonException e)
        {
            var lines = new LineReader(new MemoryStream(bytes), source);
            var others = 0;
            while (lines.Next() is { } line)
                if (lines.Number > 1 && IsWhole(line.Span) && !line.Span.Trim(" \t\r"u8).IsEmpty) others++;
            if (others > 0) return RereadByLine(bytes);
            problem = new(source, (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1, null, $"{Why(e)}; nothing of the document was read");
        }
        return true;
    }

    // The first line is broken, but lines after it stand by themselves: lose only what is broken.
    private bool RereadByLine(byte[] bytes)
    {
        var lines = new LineReader(new MemoryStream(bytes), source);
        while (lines.Next() is { } line)
            if (!line.Span.Trim(" \t\r"u8).IsEmpty) ReadLine(line, lines.Number);
        return true;
    }

    private void ReadValue(JsonElement value, long? line, string path)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            var i = 0;
            foreach (var item in value.EnumerateArray()) ReadValue(item, line, $"{path}[{i++}]");
        }
        else if (OtlpJsonReader.Recognises(value)) _otlp.Read(value, line, path);
        else if (ZipkinReader.Recognises(value)) _zipkin.Read(value, line, path);
        else if (value.ValueKind != JsonValueKind.Object || !IsEmptyOrLogs(value))
            spans.Report(new(source, line, null, path, $"is {JsonReading.Kind(value)} of no known form; expected an OTLP request (resourceSpans) or a Zipkin v2 span; it was left out"));
    }

    // Exporters also send empty requests, and other signals to the same file.
    private static bool IsEmptyOrLogs(JsonElement value) => !value.EnumerateObject().Any() || value.Member("resourceLogs", "resourceMetrics") is not null;

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
