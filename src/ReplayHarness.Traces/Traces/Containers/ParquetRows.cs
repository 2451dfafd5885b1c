using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// The rows of one row group, put together from its columns. A column of lists or of maps says by levels where an item begins
/// (repetition) and how much of its path is there (definition).
/// </summary>
internal sealed class ParquetRows : IDisposable
{
    private readonly Dictionary<Field, ParquetColumn[]> _below = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<DataField, ParquetColumn> _columns = new(ReferenceEqualityComparer.Instance);
    private readonly IReadOnlyList<Field> _fields;

    public ParquetRows(ParquetSchema schema, ParquetRowGroupReader group)
    {
        Count = group.RowCount;
        foreach (var field in schema.GetDataFields())
            if (group.ColumnExists(field))
                _columns[field] = ParquetColumn.Read(group, field);
        _fields = [.. schema.Fields.Where(f => Below(f).Length > 0)];
    }

    /// <summary>How many rows there are.</summary>
    public long Count { get; }

    /// <summary>Writes the next row as an object; what is null is left out.</summary>
    public void WriteNext(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var field in _fields)
            WriteMember(writer, field.Name, field);
        writer.WriteEndObject();
    }

    public void Dispose()
    {
        foreach (var column in _columns.Values)
            column.Dispose();
    }

    private ParquetColumn[] Below(Field field)
    {
        if (!_below.TryGetValue(field, out var columns))
            _below[field] = columns = field switch
            {
                DataField data => _columns.TryGetValue(data, out var column) ? [column] : [],
                ListField list => Below(list.Item),
                MapField map => [.. Below(map.Key), .. Below(map.Value)],
                StructField inner => [.. inner.Fields.SelectMany(Below)],
                _ => [],
            };
        return columns;
    }

    private void WriteMember(Utf8JsonWriter writer, string name, Field field)
    {
        var columns = Below(field);
        if (columns.Length == 0)
            return;
        if (columns[0].Defined < field.MaxDefinitionLevel)
        {
            Skip(columns);
            return;
        }
        writer.WritePropertyName(name);
        WriteValue(writer, field, columns);
    }

    private void WriteItem(Utf8JsonWriter writer, Field field)
    {
        var columns = Below(field);
        if (columns.Length == 0 || columns[0].Defined < field.MaxDefinitionLevel)
        {
            Skip(columns);
            writer.WriteNullValue();
        }
        else
            WriteValue(writer, field, columns);
    }

    private static void Skip(ParquetColumn[] columns)
    {
        foreach (var column in columns)
            column.Skip();
    }

    private void WriteValue(Utf8JsonWriter writer, Field field, ParquetColumn[] columns)
    {
        switch (field)
        {
            case DataField { IsArray: true }:
                writer.WriteStartArray();
                do columns[0].Write(writer);
                while (columns[0].Repeated == field.MaxRepetitionLevel);
                writer.WriteEndArray();
                break;
            case ListField list:
                writer.WriteStartArray();
                do WriteItem(writer, list.Item);
                while (columns[0].Repeated == field.MaxRepetitionLevel);
                writer.WriteEndArray();
                break;
            case MapField map:
                writer.WriteStartObject();
                do
                {
                    var key = Below(map.Key)[0].TakeText();
                    WriteMember(writer, key, map.Value);
                } while (columns[0].Repeated == field.MaxRepetitionLevel);
                writer.WriteEndObject();
                break;
            case StructField inner:
                writer.WriteStartObject();
                foreach (var member in inner.Fields)
                    WriteMember(writer, member.Name, member);
                writer.WriteEndObject();
                break;
            default:
                columns[0].Write(writer);
                break;
        }
    }
}
