using System.Globalization;
using System.Text.Json;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads Phoenix's spans: rows with <c>context.span_id</c>, <c>span_kind</c>, <c>parent_id</c>, and attributes in columns
/// (<c>attributes.llm.model_name</c>) or in one object, nested or flat. Nested ones are flattened to OpenInference's names
/// (<c>llm.input_messages.0.message.role</c>).
/// </summary>
internal static class PhoenixReader
{
    public static bool Recognises(JsonElement row) =>
        row.Member("span_kind") is not null
        && row.Member("start_time") is not null
        && row.Member("context", "context.trace_id", "trace_id") is not null;

    public static void Read(JsonElement row, Place place, SpanCollector spans) => spans.Add(SpanOf(row), place.Problem(""));

    private static Span SpanOf(JsonElement row)
    {
        var start = row.Time("start_time") ?? throw new WrongFormException("start_time", "is missing; expected a time");
        var context = row.Member("context") is { ValueKind: JsonValueKind.Object } inner ? inner : row;
        var attributes = new List<KeyValuePair<string, object?>>();
        if (row.Member("attributes") is { } all)
            foreach (var (name, value) in Rows.Attributes(all))
                Flatten(attributes, name, value);
        foreach (var column in row.EnumerateObject())
            if (column.Name.StartsWith("attributes.", StringComparison.Ordinal) && column.Value.ValueKind != JsonValueKind.Null)
                Flatten(attributes, column.Name["attributes.".Length..], Structured(column.Value));
        return new Span(
            IdOf(context, 32, "trace_id", "context.trace_id"),
            IdOf(context, 16, "span_id", "context.span_id"),
            row.AnyText("parent_id") is { } parent ? Rows.Id(parent, 16) : null,
            row.AnyText("name") ?? "",
            start,
            row.Time("end_time") ?? start
        )
        {
            Status = Rows.Status(row.AnyText("status_code")),
            StatusMessage = row.AnyText("status_message"),
            Attributes = attributes.With(
                (OpenInference.Kind, row.AnyText("span_kind")?.ToUpperInvariant() is { } kind && kind != "UNKNOWN" ? kind : null)
            ),
            Events = [.. Rows.List(row.Member("events")).OfType<IReadOnlyDictionary<string, object?>>().Select(EventOf)],
        };
    }

    private static string IdOf(JsonElement element, int digits, params ReadOnlySpan<string> names) =>
        element.AnyText(names) is { } id
            ? Rows.Id(id, digits)
            : throw new WrongFormException(names[0], $"is missing; expected {digits} hex digits");

    private static object? Structured(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && Json.TryParse(value.GetString()!) is IReadOnlyList<object?> list
            ? list
            : Json.Value(value);

    // Lists of objects are numbered; lists of plain values are values.
    private static void Flatten(List<KeyValuePair<string, object?>> into, string name, object? value)
    {
        if (value is IReadOnlyDictionary<string, object?> map)
            foreach (var (key, member) in map)
                Flatten(into, $"{name}.{key}", member);
        else if (value is IReadOnlyList<object?> list && list.Any(i => i is IReadOnlyDictionary<string, object?>))
            for (var i = 0; i < list.Count; i++)
                Flatten(into, string.Create(CultureInfo.InvariantCulture, $"{name}.{i}"), list[i]);
        else if (value is not null)
            into.Add(new(name, value));
    }

    /// <summary>An event as Python writes it.</summary>
    internal static SpanEvent EventOf(IReadOnlyDictionary<string, object?> e)
    {
        var time = (e.GetValueOrDefault("timestamp") as string) is { } text && Timestamps.TryParse(text, out var nanos) ? nanos : 0;
        return new(
            e.GetValueOrDefault("name") as string ?? "",
            time,
            (e.GetValueOrDefault("attributes") as IEnumerable<KeyValuePair<string, object?>> ?? []).With()
        );
    }
}
