using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>Reads an ExportTraceServiceRequest in OTLP's JSON encoding, with all the liberties that exporters take.</summary>
internal static class OtlpJsonReader
{
    // Tempo calls the list batches.
    public static bool Recognises(JsonElement root) => root.Member("resourceSpans", "resource_spans", "batches") is not null;

    public static void Read(JsonElement request, Place place, SpanCollector spans)
    {
        var r = 0;
        foreach (var resourceSpans in request.Items("resourceSpans", "resource_spans", "batches"))
        {
            var at = place.Member("resourceSpans").Item(r++);
            spans.Guard(at, () => ReadResource(resourceSpans, at, spans));
        }
    }

    private static void ReadResource(JsonElement resourceSpans, Place place, SpanCollector spans)
    {
        var resource = resourceSpans.Member("resource") is { } res
            ? AttributesOf(res, spans.LeaveOut(place.Member("resource")))
            : AttributeSet.None;
        var s = 0;
        foreach (
            var scopeSpans in resourceSpans.Items(
                "scopeSpans",
                "scope_spans",
                "instrumentationLibrarySpans",
                "instrumentation_library_spans"
            )
        )
        {
            var scopePlace = place.Member("scopeSpans").Item(s++);
            spans.Guard(scopePlace, () => ReadScope(scopeSpans, scopePlace, resource, spans));
        }
    }

    private static void ReadScope(JsonElement scopeSpans, Place place, AttributeSet resource, SpanCollector spans)
    {
        var scope = ScopeOf(scopeSpans);
        var i = 0;
        foreach (var span in scopeSpans.Items("spans"))
        {
            var at = place.Member("spans").Item(i++);
            spans.Guard(at, () => spans.Add(SpanOf(span, resource, scope, spans.LeaveOut(at)), at.Problem("")));
        }
    }

    internal static (string Name, string Version) ScopeOf(JsonElement scopeSpans) =>
        scopeSpans.Member("scope", "instrumentationLibrary", "instrumentation_library") is { } scope ? NameAndVersion(scope) : ("", "");

    internal static (string Name, string Version) NameAndVersion(JsonElement scope) =>
        (scope.Text("name") ?? "", scope.Text("version") ?? "");

    internal static Span SpanOf(JsonElement span, AttributeSet resource, (string Name, string Version) scope, LeaveOut leaveOut)
    {
        if (span.ValueKind != JsonValueKind.Object)
            throw new WrongFormException("", $"is {JsonReading.Kind(span)}; expected a span");
        var status = span.Member("status");
        return new Span(
            span.TraceId("traceId", "trace_id") ?? throw new WrongFormException("traceId", "is missing; expected 32 hex digits"),
            span.SpanId("spanId", "span_id") ?? throw new WrongFormException("spanId", "is missing; expected 16 hex digits"),
            span.SpanId("parentSpanId", "parent_span_id"),
            span.Text("name") ?? "",
            span.Whole("startTimeUnixNano", "start_time_unix_nano")
                ?? throw new WrongFormException("startTimeUnixNano", "is missing; expected nanoseconds since 1970"),
            span.Whole("endTimeUnixNano", "end_time_unix_nano")
                ?? throw new WrongFormException("endTimeUnixNano", "is missing; expected nanoseconds since 1970")
        )
        {
            Kind = (int)EnumOf(span, "kind", "SPAN_KIND_", ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]),
            Status = status is { } s ? (SpanStatus)EnumOf(s, "code", "STATUS_CODE_", ["UNSET", "OK", "ERROR"]) : SpanStatus.Unset,
            StatusMessage = status?.Text("message"),
            Attributes = AttributesOf(span, leaveOut),
            Events =
            [
                .. span.Items("events")
                    .Select(
                        (e, i) =>
                            new SpanEvent(
                                e.Text("name") ?? "",
                                e.Whole("timeUnixNano", "time_unix_nano") ?? 0,
                                AttributesOf(e, leaveOut, $"events[{i}].")
                            )
                    ),
            ],
            Links =
            [
                .. span.Items("links")
                    .Select(
                        (l, i) =>
                            new SpanLink(
                                l.TraceId("traceId", "trace_id") ?? "",
                                l.SpanId("spanId", "span_id") ?? "",
                                AttributesOf(l, leaveOut, $"links[{i}].")
                            )
                    ),
            ],
            TraceState = span.Text("traceState", "trace_state") ?? "",
            Flags = (uint)(span.Whole("flags") ?? 0),
            Dropped = new(
                span.Whole("droppedAttributesCount") ?? 0,
                span.Whole("droppedEventsCount") ?? 0,
                span.Whole("droppedLinksCount") ?? 0
            ),
            Resource = resource,
            Scope = scope.Name,
            ScopeVersion = scope.Version,
        };
    }

    private static long EnumOf(JsonElement element, string name, string prefix, string[] names)
    {
        if (element.Member(name) is not { ValueKind: JsonValueKind.String } text)
            return element.Whole(name) ?? 0;
        var index = Array.FindIndex(names, n => text.GetString() == prefix + n);
        return index >= 0 ? index : element.Whole(name) ?? 0;
    }

    /// <summary>The attributes of a span, a resource, an event, a link or a log record.</summary>
    /// <param name="element">What has them.</param>
    /// <param name="leaveOut">Told of each attribute that has the wrong form. The others are read.</param>
    /// <param name="within">Where the element is within what the paths begin at.</param>
    internal static AttributeSet AttributesOf(JsonElement element, LeaveOut leaveOut, string within = "")
    {
        if (element.Member("attributes") is not { } list)
            return AttributeSet.None;
        if (list.ValueKind != JsonValueKind.Array)
        {
            leaveOut($"{within}attributes", $"is {JsonReading.Kind(list)}; expected a list");
            return AttributeSet.None;
        }
        List<KeyValuePair<string, object?>> read = new(list.GetArrayLength());
        var i = 0;
        foreach (var attribute in list.EnumerateArray())
        {
            try
            {
                read.Add(AttributeOf(attribute));
            }
            catch (Exception e) when (SpanCollector.WhatIsWrong(e) is var (path, message))
            {
                leaveOut($"{within}attributes[{i}]{(path.Length > 0 ? $".{path}" : "")}", message);
            }
            i++;
        }
        return read.Count > 0 ? new([.. read]) : AttributeSet.None;
    }

    private static KeyValuePair<string, object?> AttributeOf(JsonElement attribute) =>
        attribute.ValueKind == JsonValueKind.Object
            ? new(attribute.Text("key") ?? "", attribute.Member("value") is { } value ? ValueOf(value) : null)
            : throw new WrongFormException("", $"is {JsonReading.Kind(attribute)}; expected an object with key and value");

    internal static object? ValueOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return Json.Value(value);
        if (value.Text("stringValue", "string_value") is { } text)
            return text;
        if (value.Member("boolValue", "bool_value") is { } b)
            return b.ValueKind == JsonValueKind.True || (b.ValueKind == JsonValueKind.String && b.ValueEquals("true"));
        if (value.Whole("intValue", "int_value") is { } number)
            return number;
        if (value.Member("doubleValue", "double_value") is { } d)
            return JsonReading.DoubleOf(d, "doubleValue");
        if (value.Member("arrayValue", "array_value") is { } array)
            return array.Items("values").Select(ValueOf).ToArray();
        if (value.Member("kvlistValue", "kvlist_value") is { } map)
            return MapOf(map);
        return value.Text("bytesValue", "bytes_value") is { } bytes ? BytesOf(bytes) : null;
    }

    private static byte[] BytesOf(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written)
            ? bytes[..written]
            : throw new WrongFormException("bytesValue", "is no base64");
    }

    private static Dictionary<string, object?> MapOf(JsonElement list)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var item in list.Items("values"))
            map[item.Text("key") ?? ""] = item.Member("value") is { } value ? ValueOf(value) : null;
        return map;
    }
}
