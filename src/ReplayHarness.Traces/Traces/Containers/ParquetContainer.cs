using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads Parquet: each row is made a JSON object and read as <see cref="ContainerTable"/> knows it. One row group is held at a time.
/// </summary>
internal sealed class ParquetContainer(SpanCollector spans, string source)
{
    /// <summary>How every Parquet file begins, and ends.</summary>
    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Reads a file that can be sought in, or a stream, which is copied to a temporary file first.</summary>
    public void Read(Stream stream)
    {
        using var copy = stream.CanSeek ? null : TempFile.CopyOf(stream);
        var reader = Try(
            () =>
            {
                ParquetFooter.Check(copy ?? stream);
                var opened = ParquetReader.CreateAsync(copy ?? stream, leaveStreamOpen: true).GetAwaiter().GetResult();
                // The library makes it when it is first asked for.
                _ = opened.Schema;
                return opened;
            },
            e =>
                throw new BadInputException(
                    $"{source}: is a Parquet file that is damaged or cut off ({Why(e)}); nothing of it was read: fetch or write it anew"
                )
        )!;
        try
        {
            CheckColumns(reader.Schema);
            var row = 0L;
            for (var group = 0; group < reader.RowGroupCount; group++)
                if (!ReadGroup(reader, group, ref row))
                    return;
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    // Any value stands for a column's values: what tells a table is the names of its columns.
    private void CheckColumns(ParquetSchema schema)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var field in schema.Fields)
            {
                writer.WritePropertyName(field.Name);
                writer.WriteRawValue(
                    field.SchemaType switch
                    {
                        SchemaType.List => "[]",
                        SchemaType.Map or SchemaType.Struct => "{}",
                        _ => "\"x\"",
                    }
                );
            }
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory, JsonContainer.Options);
        if (!ContainerTable.RecognisesColumns(document.RootElement))
            throw new BadInputException(
                $"{source}: is a Parquet file without the columns of a known form; its columns are "
                    + $"{string.Join(", ", schema.Fields.Take(40).Select(f => Printable(f.Name)))}"
                    + $"{(schema.Fields.Count > 40 ? ", …" : "")}"
                    + $"; expected those of {ContainerTable.Names}, for example TraceId, SpanId, Timestamp and Duration (ClickHouse "
                    + "otel_traces), or trace_id, span_id, start_timestamp and end_timestamp (Logfire)"
            );
    }

    private bool ReadGroup(ParquetReader reader, int group, ref long row)
    {
        var first = row;
        var columns = Try(
            () =>
            {
                using var groupReader = reader.OpenRowGroupReader(group);
                if (groupReader.RowCount is < 0 or > SpanCollector.MaxSpans)
                    throw new InvalidDataException($"it has {groupReader.RowCount} rows, more than {SpanCollector.MaxSpans}");
                return new ParquetRows(reader.Schema, groupReader);
            },
            e => ReportGroup(reader, group, e, first + 1)
        );
        if (columns is null)
            return false;
        using (columns)
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
            for (var i = 0L; i < columns.Count; i++)
            {
                var number = ++row;
                var place = new Place(source, null, string.Create(CultureInfo.InvariantCulture, $"row {number}"));
                buffer.ResetWrittenCount();
                writer.Reset();
                using var document = Try(
                    () =>
                    {
                        columns.WriteNext(writer);
                        writer.Flush();
                        return JsonDocument.Parse(buffer.WrittenMemory, JsonContainer.Options);
                    },
                    e => ReportGroup(reader, group, e, number)
                );
                if (document is null)
                    return false;
                ContainerTable.Read(document.RootElement, place, spans);
            }
        }
        return true;
    }

    private void ReportGroup(ParquetReader reader, int group, Exception e, long row) =>
        spans.Report(
            new(
                source,
                null,
                null,
                string.Create(CultureInfo.InvariantCulture, $"row group {group + 1} of {reader.RowGroupCount}"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is damaged or cut off from row {row} on ({Why(e)}); what came before was read"
                )
            )
        );

    // What a damaged file makes the library throw is of many types.
    private static T? Try<T>(Func<T> read, Action<Exception> failed)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not BadInputException)
        {
            failed(e);
            return null;
        }
    }

    private static string Why(Exception e) => Printable(e.Message.Split('\n')[0].TrimEnd('.', ' ', '\r'));

    private static string Printable(string text) => Unseen.Spelt(text.Length > 200 ? text[..200] : text);
}
