using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>What query interfaces put around traces: a member that holds them, or a table of columns and rows.</summary>
internal static class Envelopes
{
    public static bool TryOpen(JsonElement value, Place place, SpanCollector spans)
    {
        if (value.Member("tables") is { ValueKind: JsonValueKind.Array } tables)
            ReadTables(tables, place.Member("tables"), spans);
        else if (value.Member("columns") is { ValueKind: JsonValueKind.Array } columns)
            ReadTable(value, columns, place, spans);
        else
            return TryMember(value, place, spans);
        return true;
    }

    // {data:[…]}: Jaeger, Logfire v2, ClickHouse, Phoenix, Langfuse. {result:{resourceSpans}}: Jaeger v3. {trace:{resourceSpans}}: Tempo
    // v2. {runs:[…]}: LangSmith. {calls:[…]}: Weave.
    private static bool TryMember(JsonElement value, Place place, SpanCollector spans)
    {
        foreach (var name in (string[])["data", "result", "trace", "traces", "spans", "rows", "runs", "calls"])
        {
            if (value.Member(name) is not { ValueKind: JsonValueKind.Object or JsonValueKind.Array } inner)
                continue;
            ContainerTable.Read(inner, place.Member(name), spans);
            return true;
        }
        return false;
    }

    private static void ReadTables(JsonElement tables, Place place, SpanCollector spans)
    {
        var i = 0;
        foreach (var table in tables.EnumerateArray())
        {
            var at = place.Item(i++);
            spans.Guard(
                at,
                () =>
                    ReadTable(
                        table,
                        table.Member("columns")
                            ?? throw new WrongFormException("columns", "is missing; expected the names of the rows' values"),
                        at,
                        spans
                    )
            );
        }
    }

    // Logfire v1: columns with their values, or columns and rows of objects. Kusto: columns and rows of lists.
    private static void ReadTable(JsonElement table, JsonElement columns, Place place, SpanCollector spans) =>
        spans.Guard(
            place,
            () =>
            {
                if (table.Member("rows") is not { } rows)
                    ReadColumns(columns, place, spans);
                else
                {
                    string[] names = [.. columns.EnumerateArray().Select(c => c.Text("name") ?? "")];
                    var i = 0;
                    foreach (var row in table.Items("rows"))
                    {
                        var at = place.Member("rows").Item(i++);
                        if (row.ValueKind == JsonValueKind.Array)
                            ReadRow(names, [.. row.EnumerateArray()], at, spans);
                        else
                            ContainerTable.Read(row, at, spans);
                    }
                }
            }
        );

    private static void ReadColumns(JsonElement columns, Place place, SpanCollector spans)
    {
        string[] names = [.. columns.EnumerateArray().Select(c => c.Text("name") ?? "")];
        JsonElement[][] values = [.. columns.EnumerateArray().Select(c => c.Items("values").ToArray())];
        for (var row = 0; row < values.Max(v => v.Length); row++)
            ReadRow(names, [.. values.Select(v => row < v.Length ? v[row] : default)], place.Member("columns[*].values").Item(row), spans);
    }

    private static void ReadRow(string[] names, JsonElement[] values, Place place, SpanCollector spans)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            for (var i = 0; i < Math.Min(names.Length, values.Length); i++)
            {
                if (values[i].ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
                    continue;
                writer.WritePropertyName(names[i]);
                values[i].WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory, JsonContainer.Options);
        ContainerTable.Read(document.RootElement, place, spans);
    }
}
