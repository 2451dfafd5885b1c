using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>Reads Zipkin v2 spans: microseconds, every tag text, the attributes of exceptions lost but for <c>tags.error</c>.</summary>
internal sealed class ZipkinReader(SpanCollector spans, string source)
{
    public static bool Recognises(JsonElement span) => span.Member("traceId") is not null && span.Member("id") is not null && span.Member("spanId") is null;

    public void Read(JsonElement span, long? line, string path)
    {
        try
        {
            spans.Add(SpanOf(span), new(source, line, null, path, ""));
        }
        catch (WrongFormException e)
        {
            spans.Report(new(source, line, null, $"{path}.{e.Path}", $"{e.Message}; it was left out"));
        }
    }

    private static Span SpanOf(JsonElement span)
    {
        var start = (span.Whole("timestamp") ?? throw new WrongFormException("timestamp", "is missing; expected microseconds since 1970")) * 1000;
        var tags = TagsOf(span);
        var error = tags.Text("error");
        return new Span(TraceIdOf(span), IdOf(span, "id") ?? "", IdOf(span, "parentId"), span.Text("name") ?? "", start, start + ((span.Whole("duration") ?? 0) * 1000))
        {
            Status = tags.Text("otel.status_code") switch { "ERROR" => SpanStatus.Error, "OK" => SpanStatus.Ok, _ => error is null ? SpanStatus.Unset : SpanStatus.Error },
            StatusMessage = error,
            Attributes = tags,
            Events = [.. span.Items("annotations").Select(a => EventOf(a, error))],
            Resource = span.Member("localEndpoint")?.Text("serviceName") is { } service ? new(KeyValuePair.Create("service.name", (object?)service)) : AttributeSet.None,
            Scope = tags.Text("otel.scope.name") ?? "",
        };
    }

    private static AttributeSet TagsOf(JsonElement span) => span.Member("tags") is not { } tags ? AttributeSet.None
        : tags.ValueKind == JsonValueKind.Object ? new([.. tags.EnumerateObject().Select(t => KeyValuePair.Create(t.Name, Json.Value(t.Value)))])
        : throw new WrongFormException("tags", $"is {JsonReading.Kind(tags)}; expected an object");

    private static SpanEvent EventOf(JsonElement annotation, string? error)
    {
        var name = annotation.Text("value") ?? "";
        var lost = name == "exception" && error is not null;
        return new(name, (annotation.Whole("timestamp") ?? 0) * 1000, lost ? new(KeyValuePair.Create("exception.message", (object?)error)) : AttributeSet.None);
    }

    // Zipkin allows 64-bit trace ids.
    private static string TraceIdOf(JsonElement span)
    {
        var id = span.Text("traceId") ?? "";
        return id.Length is 16 or 32 && id.All(char.IsAsciiHexDigit) ? id.ToLowerInvariant().PadLeft(32, '0') : throw new WrongFormException("traceId", $"is \"{id}\"; expected 16 or 32 hex digits");
    }

    private static string? IdOf(JsonElement span, string name) => span.Id(name, 8);
}
