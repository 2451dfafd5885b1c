using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// One column of a row group, read from its beginning to its end. Times are written in UTC, with nanoseconds where it has them.
/// </summary>
internal sealed class ParquetColumn : IDisposable
{
    private const string TimeForm = "yyyy-MM-ddTHH:mm:ss.fffffff";

    private readonly IDisposable? _raw;
    private readonly int[] _defined,
        _repeated;
    private readonly Action<Utf8JsonWriter, int> _write;
    private readonly int _count,
        _full;
    private int _level,
        _value;

    private ParquetColumn(IDisposable? raw, int count, int full, int[] defined, int[] repeated, Action<Utf8JsonWriter, int> write) =>
        (_raw, _count, _full, _defined, _repeated, _write) = (raw, count, full, defined, repeated, write);

    /// <summary>How much of the path of the next entry is there.</summary>
    public int Defined =>
        _level >= _count ? 0
        : _defined.Length == 0 ? _full
        : _defined[_level];

    /// <summary>The level at which the next entry repeats; 0 begins a row, and -1 is the end.</summary>
    public int Repeated =>
        _level >= _count ? -1
        : _repeated.Length == 0 ? 0
        : _repeated[_level];

    public static ParquetColumn Read(ParquetRowGroupReader group, DataField field)
    {
        var count = checked((int)(group.GetMetadata(field)?.MetaData?.NumValues ?? 0));
        if (field is { MaxRepetitionLevel: 0 } && field.SchemaElement is { LogicalType.TIMESTAMP.Unit.NANOS: not null })
            return ReadNanos(group, field, count);
        var raw = group.ReadRawColumnDataBaseAsync(field).AsTask().GetAwaiter().GetResult();
        return new(
            raw,
            count,
            field.MaxDefinitionLevel,
            field.MaxDefinitionLevel == 0 ? [] : raw.DefinitionLevels.ToArray(),
            field.MaxRepetitionLevel == 0 ? [] : raw.RepetitionLevels.ToArray(),
            WriterOf(raw)
        );
    }

    /// <summary>Writes the next entry.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        if (Defined < _full)
            writer.WriteNullValue();
        else
            _write(writer, _value++);
        _level++;
    }

    /// <summary>Takes the next entry as the name of a member.</summary>
    public string TakeText()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.ToString();
    }

    public void Skip()
    {
        if (_level < _count && Defined == _full)
            _value++;
        _level++;
    }

    public void Dispose() => _raw?.Dispose();

    // The library makes a DateTime of a time, which has no nanoseconds: the same column is read as numbers.
    private static ParquetColumn ReadNanos(ParquetRowGroupReader group, DataField field, int count)
    {
        var number = new ParquetSchema(new DataField(field.Name, typeof(long), field.IsNullable)).GetDataFields()[0];
        var (values, defined) = (new long[count], new int[count]);
        group.ReadRawAsync(number, values.AsMemory(), defined.AsMemory(), new int[count].AsMemory()).AsTask().GetAwaiter().GetResult();
        return new(
            null,
            count,
            field.MaxDefinitionLevel,
            field.MaxDefinitionLevel == 0 ? [] : defined,
            [],
            (writer, i) => writer.WriteStringValue(TextOf(values[i]))
        );
    }

    private static string TextOf(long nanos)
    {
        var ticks = Math.DivRem(nanos, 100, out var rest);
        if (rest < 0)
            (ticks, rest) = (ticks - 1, rest + 100);
        return string.Create(CultureInfo.InvariantCulture, $"{TextOf(DateTime.UnixEpoch.AddTicks(ticks))}{rest:00}Z");
    }

    private static string TextOf(DateTime time) => time.ToString(TimeForm, CultureInfo.InvariantCulture);

    private static Action<Utf8JsonWriter, int> WriterOf(RawColumnData raw) =>
        raw switch
        {
            RawColumnData<ReadOnlyMemory<char>> c => (w, i) => w.WriteStringValue(c.Values[i].Span),
            RawColumnData<ReadOnlyMemory<byte>> c => (w, i) => WriteBytes(w, c.Values[i].Span),
            RawColumnData<DateTime> c => (w, i) => w.WriteStringValue(TextOf(c.Values[i]) + "Z"),
            RawColumnData<bool> c => (w, i) => w.WriteBooleanValue(c.Values[i]),
            RawColumnData<sbyte> c => (w, i) => w.WriteNumberValue(c.Values[i]),
            RawColumnData<byte> c => (w, i) => w.WriteNumberValue(c.Values[i]),
            RawColumnData<short> c => (w, i) => w.WriteNumberValue(c.Values[i]),
            RawColumnData<ushort> c => (w, i) => w.WriteNumberValue(c.Values[i]),
            RawColumnData<int> c => (w, i) => w.WriteNumberValue(c.Values[i]),
            RawColumnData<uint> c => (w, i) => w.WriteNumberValue(c.Values[i]),
            RawColumnData<long> c => (w, i) => w.WriteNumberValue(c.Values[i]),
            RawColumnData<ulong> c => (w, i) => w.WriteNumberValue(c.Values[i]),
            RawColumnData<decimal> c => (w, i) => w.WriteNumberValue(c.Values[i]),
            RawColumnData<float> c => (w, i) => Json.Write(w, (double)c.Values[i]),
            RawColumnData<double> c => (w, i) => Json.Write(w, c.Values[i]),
            RawColumnData<Guid> c => (w, i) => w.WriteStringValue(c.Values[i]),
            RawColumnData<DateOnly> c => (w, i) => Json.Write(w, c.Values[i].ToString("O", CultureInfo.InvariantCulture)),
            RawColumnData<TimeSpan> c => (w, i) => w.WriteStringValue(c.Values[i].ToString("c", CultureInfo.InvariantCulture)),
            RawColumnData<TimeOnly> c => (w, i) => Json.Write(w, c.Values[i].ToString("O", CultureInfo.InvariantCulture)),
            // No attribute of a span is of another type; that it is there can be seen.
            _ => (w, _) => w.WriteStringValue(raw.GetType().GenericTypeArguments.FirstOrDefault()?.Name),
        };

    // Some writers do not say that bytes are text.
    private static void WriteBytes(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
            writer.WriteStringValue(bytes);
        else
            writer.WriteBase64StringValue(bytes);
    }
}
