using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;

namespace ReplayHarness.Traces.Containers;

/// <summary>Reads CSV with a heading: each record is a row as <see cref="ContainerTable"/> knows them.</summary>
internal sealed class CsvContainer(SpanCollector spans, string source)
{
    private static readonly CsvReaderOptions s_options = new()
    {
        TrackLineNumbers = true,
        MaxRecordSize = 64 << 20,
        FormatProvider = CultureInfo.InvariantCulture,
    };

    /// <summary>Whether the first line names columns of a table of spans.</summary>
    public static bool Recognises(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf((byte)'\n');
        var names = Encoding.UTF8.GetString(end < 0 ? head : head[..end]).Trim('\r').Split(',').Select(n => n.Trim('"')).ToArray();
        return names.Length > 2
            && names.Any(n => n is "trace_id" or "TraceId" or "context.trace_id" or "operation_Id" or "OperationId" or "traceId");
    }

    public void Read(Stream stream)
    {
        using var csv = CsvReader.Create(stream, s_options, leaveOpen: true);
        try
        {
            while (csv.Read())
                ReadRecord(csv);
        }
        catch (Exception e) when (e is CsvFormatException or InvalidDataException)
        {
            spans.Report(
                new(
                    source,
                    csv.LineNumber,
                    null,
                    null,
                    $"no CSV from here on ({e.Message.Split('\n')[0].TrimEnd('.')}); what came before was read"
                )
            );
        }
    }

    private void ReadRecord(CsvReader csv)
    {
        var names = csv.Headers;
        var place = new Place(source, csv.LineNumber, "$");
        if (csv.FieldCount != names.Count)
            spans.Report(place.Problem($"has {csv.FieldCount} fields; expected {names.Count}, as the heading has"));
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            for (var i = 0; i < Math.Min(names.Count, csv.FieldCount); i++)
                if (!csv.IsEmpty(i))
                    writer.WriteString(names[i], csv.GetString(i));
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory, JsonContainer.Options);
        ContainerTable.Read(document.RootElement, place, spans);
    }
}
