using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads what OpenTelemetry's SDK for Python writes of a span by itself (<c>ConsoleSpanExporter</c>, <c>span.to_json</c>): an object a
/// span, over many lines or on one. The scope is not in it.
/// </summary>
internal static class PythonReader
{
    public static bool Recognises(JsonElement value) =>
        value.Member("kind")?.ValueKind == JsonValueKind.String
        && value.AnyText("kind")!.StartsWith("SpanKind.", StringComparison.Ordinal)
        && value.Member("context") is { ValueKind: JsonValueKind.Object };

    public static void Read(JsonElement value, Place place, SpanCollector spans) => spans.Add(SpanOf(value), place.Problem(""));

    private static Span SpanOf(JsonElement value)
    {
        var start = value.Time("start_time") ?? throw new WrongFormException("start_time", "is missing; expected a time");
        var context = value.Member("context")!.Value;
        return new Span(
            IdOf(context, "trace_id", 32) ?? throw new WrongFormException("context.trace_id", "is missing; expected 32 hex digits"),
            IdOf(context, "span_id", 16) ?? throw new WrongFormException("context.span_id", "is missing; expected 16 hex digits"),
            IdOf(value, "parent_id", 16),
            value.AnyText("name") ?? "",
            start,
            // A span that has not ended has none.
            value.Time("end_time") ?? start
        )
        {
            Kind = Rows.Kind(value.AnyText("kind")!["SpanKind.".Length..]),
            Status = Rows.Status(value.Member("status")?.AnyText("status_code")),
            StatusMessage = value.Member("status")?.AnyText("description"),
            Attributes = new(Rows.Attributes(value.Member("attributes"))),
            Events = [.. Rows.List(value.Member("events")).OfType<IReadOnlyDictionary<string, object?>>().Select(PhoenixReader.EventOf)],
            Resource = new(Rows.Attributes(value.Member("resource")?.Member("attributes"))),
        };
    }

    // As Python writes a number in hexadecimal digits.
    private static string? IdOf(JsonElement value, string name, int digits) =>
        value.AnyText(name) is { } id ? Rows.Id(id.StartsWith("0x", StringComparison.Ordinal) ? id[2..] : id, digits) : null;
}
