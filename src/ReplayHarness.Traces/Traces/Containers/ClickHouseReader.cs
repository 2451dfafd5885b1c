using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads rows of the <c>otel_traces</c> table that the OpenTelemetry collector's ClickHouse exporter writes: nanoseconds, every value of a
/// map text, events as parallel lists.
/// </summary>
internal static class ClickHouseReader
{
    public static bool Recognises(JsonElement row) =>
        row.Member("TraceId") is not null && row.Member("SpanId") is not null && row.Member("Timestamp") is not null;

    public static void Read(JsonElement row, Place place, SpanCollector spans) => spans.Add(SpanOf(row), place.Problem(""));

    private static Span SpanOf(JsonElement row)
    {
        var start = row.Time("Timestamp") ?? throw new WrongFormException("Timestamp", "is missing; expected a time");
        return new Span(
            IdOf(row, "TraceId", 32),
            IdOf(row, "SpanId", 16),
            row.AnyText("ParentSpanId") is { } parent ? Rows.Id(parent, 16) : null,
            row.AnyText("SpanName") ?? "",
            start,
            start + (row.Whole("Duration") ?? throw new WrongFormException("Duration", "is missing; expected nanoseconds"))
        )
        {
            Kind = Rows.Kind(row.AnyText("SpanKind")),
            Status = Rows.Status(row.AnyText("StatusCode")),
            StatusMessage = row.AnyText("StatusMessage"),
            Attributes = Rows.Attributes(row.Member("SpanAttributes")).With(),
            Events = EventsOf(row),
            Links = LinksOf(row),
            Resource = Rows.Attributes(row.Member("ResourceAttributes")).With(("service.name", row.AnyText("ServiceName"))),
            Scope = row.AnyText("ScopeName") ?? "",
            ScopeVersion = row.AnyText("ScopeVersion") ?? "",
            TraceState = row.AnyText("TraceState") ?? "",
        };
    }

    private static string IdOf(JsonElement row, string name, int digits) =>
        row.AnyText(name) is { } id ? Rows.Id(id, digits) : throw new WrongFormException(name, $"is missing; expected {digits} hex digits");

    private static SpanEvent[] EventsOf(JsonElement row)
    {
        var times = Column(row, "Events", "Timestamp");
        var attributes = Column(row, "Events", "Attributes");
        return
        [
            .. Column(row, "Events", "Name")
                .Select((name, i) => new SpanEvent(name as string ?? "", Nanos(At(times, i)), AttributesOf(At(attributes, i)))),
        ];
    }

    private static SpanLink[] LinksOf(JsonElement row)
    {
        var spanIds = Column(row, "Links", "SpanId");
        var attributes = Column(row, "Links", "Attributes");
        return
        [
            .. Column(row, "Links", "TraceId")
                .Select(
                    (id, i) =>
                        new SpanLink(
                            Rows.Id(id as string ?? "", 32),
                            Rows.Id(At(spanIds, i) as string ?? "", 16),
                            AttributesOf(At(attributes, i))
                        )
                ),
        ];
    }

    // A nested column is named with a dot, or is an object of columns.
    private static IReadOnlyList<object?> Column(JsonElement row, string group, string name) =>
        Rows.List(row.Member($"{group}.{name}") ?? row.Member(group)?.Member(name));

    private static object? At(IReadOnlyList<object?> list, int index) => index < list.Count ? list[index] : null;

    private static long Nanos(object? time) =>
        time is string text && Timestamps.TryParse(text, out var nanos) ? nanos
        : time is long number ? number
        : 0;

    private static AttributeSet AttributesOf(object? value) => (value as IEnumerable<KeyValuePair<string, object?>> ?? []).With();
}
