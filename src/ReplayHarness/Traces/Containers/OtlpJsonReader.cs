using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>Reads an ExportTraceServiceRequest in OTLP's JSON encoding, with all the liberties that exporters take.</summary>
internal sealed class OtlpJsonReader(SpanCollector spans, string source)
{
    public static bool Recognises(JsonElement root) => root.Member("resourceSpans", "resource_spans") is not null;

    public void Read(JsonElement request, long? line, string path)
    {
        var r = 0;
        Guarded(line, path, () =>
        {
            foreach (var resourceSpans in request.Items("resourceSpans", "resource_spans")) ReadResource(resourceSpans, line, $"{path}.resourceSpans[{r++}]");
        });
    }

    private void ReadResource(JsonElement resourceSpans, long? line, string path) => Guarded(line, path, () =>
    {
        var resource = resourceSpans.Member("resource") is { } res ? AttributesOf(res) : AttributeSet.None;
        var s = 0;
        foreach (var scopeSpans in resourceSpans.Items("scopeSpans", "scope_spans", "instrumentationLibrarySpans"))
        {
            var scope = scopeSpans.Member("scope", "instrumentationLibrary")?.Text("name") ?? "";
            var i = 0;
            foreach (var span in scopeSpans.Items("spans"))
            {
                var place = $"{path}.scopeSpans[{s}].spans[{i++}]";
                Guarded(line, place, () => spans.Add(SpanOf(span, resource, scope), new(source, line, null, place, "")));
            }
            s++;
        }
    });

    // What has the wrong form is reported with its path; everything around it is kept.
    private void Guarded(long? line, string path, Action read)
    {
        try
        {
            read();
        }
        catch (WrongFormException e)
        {
            spans.Report(new(source, line, null, $"{path}.{e.Path}", $"{e.Message}; it was left out"));
        }
    }

    private static Span SpanOf(JsonElement span, AttributeSet resource, string scope)
    {
        if (span.ValueKind != JsonValueKind.Object) throw new WrongFormException("", $"is {JsonReading.Kind(span)}; expected a span");
        var status = span.Member("status");
        return new Span(
            span.Id("traceId", 16) ?? throw new WrongFormException("traceId", "is missing; expected 32 hex digits"),
            span.Id("spanId", 8) ?? throw new WrongFormException("spanId", "is missing; expected 16 hex digits"),
            span.Id("parentSpanId", 8) is { } parent && parent.Any(c => c != '0') ? parent : null,
            span.Text("name") ?? "",
            span.Whole("startTimeUnixNano") ?? throw new WrongFormException("startTimeUnixNano", "is missing; expected nanoseconds since 1970"),
            span.Whole("endTimeUnixNano") ?? throw new WrongFormException("endTimeUnixNano", "is missing; expected nanoseconds since 1970"))
        {
            Kind = (int)EnumOf(span, "kind", "SPAN_KIND_", ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]),
            Status = status is { } s ? (SpanStatus)EnumOf(s, "code", "STATUS_CODE_", ["UNSET", "OK", "ERROR"]) : SpanStatus.Unset,
            StatusMessage = status?.Text("message"),
            Attributes = AttributesOf(span),
            Events = [.. span.Items("events").Select(e => new SpanEvent(e.Text("name") ?? "", e.Whole("timeUnixNano") ?? 0, AttributesOf(e)))],
            Resource = resource,
            Scope = scope,
        };
    }

    private static long EnumOf(JsonElement element, string name, string prefix, string[] names)
    {
        if (element.Member(name) is not { ValueKind: JsonValueKind.String } text) return element.Whole(name) ?? 0;
        var index = Array.FindIndex(names, n => text.GetString() == prefix + n);
        return index >= 0 ? index : element.Whole(name) ?? 0;
    }

    internal static AttributeSet AttributesOf(JsonElement element) =>
        new([.. element.Items("attributes").Select(a => KeyValuePair.Create(a.Text("key") ?? "", a.Member("value") is { } value ? ValueOf(value) : null))]);

    private static object? ValueOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return Json.Value(value);
        if (value.Text("stringValue") is { } text) return text;
        if (value.Member("boolValue") is { } b) return b.ValueKind == JsonValueKind.True;
        if (value.Whole("intValue") is { } number) return number;
        if (value.Member("doubleValue") is { } d) return d.ValueKind == JsonValueKind.Number ? d.GetDouble() : d.GetString();
        if (value.Member("arrayValue") is { } array) return array.Items("values").Select(ValueOf).ToArray();
        if (value.Member("kvlistValue") is { } map) return MapOf(map);
        return value.Text("bytesValue") is { } bytes ? Convert.FromBase64String(bytes) : null;
    }

    private static Dictionary<string, object?> MapOf(JsonElement list)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var item in list.Items("values")) map[item.Text("key") ?? ""] = item.Member("value") is { } value ? ValueOf(value) : null;
        return map;
    }
}
