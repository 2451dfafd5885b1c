using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads Zipkin v2 spans: microseconds, every tag text; most exporters lose the attributes of events, so that of an exception only
/// <c>tags.error</c> is left.
/// </summary>
internal static class ZipkinReader
{
    public static bool Recognises(JsonElement span) =>
        span.Member("traceId") is { ValueKind: JsonValueKind.String }
        && span.Member("id") is not null
        && span.Member("spanId") is null
        && (span.Member("timestamp", "localEndpoint", "tags", "duration") is not null)
        && span.Member("observations") is null
        && span.Member("startTime") is null;

    public static void Read(JsonElement span, Place place, SpanCollector spans) => spans.Add(SpanOf(span), place.Problem(""));

    private static Span SpanOf(JsonElement span)
    {
        var start = Micros(span, "timestamp") ?? throw new WrongFormException("timestamp", "is missing; expected microseconds since 1970");
        var tags = TagsOf(span);
        var error = tags.FirstOrDefault(t => t.Key == "error").Value as string;
        var service = span.Member("localEndpoint")?.Text("serviceName");
        return new Span(
            TraceIdOf(span),
            span.SpanId("id") ?? throw new WrongFormException("id", "is missing; expected 16 hex digits"),
            span.SpanId("parentId"),
            span.Text("name") ?? "",
            start,
            start + (Micros(span, "duration") ?? 0)
        )
        {
            Kind = Rows.Kind(span.Text("kind")),
            Events = [.. span.Items("annotations").Select(a => EventOf(a, error))],
            Resource = Array.Empty<KeyValuePair<string, object?>>().With(("service.name", service)),
        }.WithTags(tags);
    }

    private static KeyValuePair<string, object?>[] TagsOf(JsonElement span) =>
        span.Member("tags") is not { } tags ? []
        : tags.ValueKind == JsonValueKind.Object ? Rows.Attributes(tags)
        : throw new WrongFormException("tags", $"is {JsonReading.Kind(tags)}; expected an object");

    // The compatibility specification writes "name": {attributes}; several exporters write the name alone.
    private static SpanEvent EventOf(JsonElement annotation, string? error)
    {
        var text = annotation.Text("value") ?? "";
        var time = Micros(annotation, "timestamp") ?? 0;
        if (
            text.EndsWith('}')
            && text.IndexOf(": {", StringComparison.Ordinal) is var at and > 0
            && Json.TryParse(text[(at + 2)..]) is IReadOnlyDictionary<string, object?> map
        )
            return new(text[..at].Trim('"'), time, new([.. map]));
        var lost = text == "exception" && error is not null;
        return new(text, time, lost ? new(KeyValuePair.Create("exception.message", (object?)error)) : AttributeSet.None);
    }

    private static long? Micros(JsonElement element, string name) =>
        element.Whole(name) is not { } micros ? null
        : Math.Abs(micros) <= long.MaxValue / 4000 ? micros * 1000
        : throw new WrongFormException(name, $"is {micros}; expected microseconds");

    // Zipkin allows 64-bit trace ids.
    private static string TraceIdOf(JsonElement span)
    {
        var id = span.Text("traceId") ?? "";
        return id.Length is 16 or 32 && id.All(char.IsAsciiHexDigit)
            ? id.ToLowerInvariant().PadLeft(32, '0')
            : throw new WrongFormException("traceId", $"is \"{id}\"; expected 16 or 32 hex digits");
    }
}
