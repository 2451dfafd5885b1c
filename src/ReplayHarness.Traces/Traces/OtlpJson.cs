using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ReplayHarness.Traces;

/// <summary>Writes traces as OTLP/JSON: one ExportTraceServiceRequest a line, a line a trace.</summary>
public static class OtlpJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the traces in their order, spans in theirs. Reading them gives the same traces.</summary>
    public static void Write(Stream output, IEnumerable<Trace> traces)
    {
        foreach (var trace in traces)
            WriteRequest(output, trace.Spans);
    }

    /// <summary>A trace as text.</summary>
    internal static string Text(Trace trace)
    {
        using var text = new MemoryStream();
        Write(text, [trace]);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>Writes one request of spans, of whatever traces, and ends the line.</summary>
    internal static void WriteRequest(Stream output, IReadOnlyList<Span> spans)
    {
        using (var writer = new Utf8JsonWriter(output, s_options))
            WriteRequest(writer, spans);
        output.WriteByte((byte)'\n');
    }

    /// <summary>Writes one request of spans as a JSON value.</summary>
    internal static void WriteRequest(Utf8JsonWriter writer, IReadOnlyList<Span> spans)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("resourceSpans");
        foreach (var group in spans.GroupBy(s => (ResourceKey(s.Resource), s.Scope, s.ScopeVersion)))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("resource");
            WriteAttributes(writer, group.First().Resource);
            writer.WriteEndObject();
            writer.WriteStartArray("scopeSpans");
            writer.WriteStartObject();
            writer.WriteStartObject("scope");
            writer.WriteString("name", group.Key.Scope);
            if (group.Key.ScopeVersion.Length > 0)
                writer.WriteString("version", group.Key.ScopeVersion);
            writer.WriteEndObject();
            writer.WriteStartArray("spans");
            foreach (var span in group)
                WriteSpan(writer, span);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // As it is written, for a name may come twice.
    private static string ResourceKey(AttributeSet resource) => Json.Write(resource.Select(a => new object?[] { a.Key, a.Value }));

    private static void WriteSpan(Utf8JsonWriter writer, Span span)
    {
        writer.WriteStartObject();
        writer.WriteString("traceId", span.TraceId);
        writer.WriteString("spanId", span.SpanId);
        if (span.ParentSpanId is { } parent)
            writer.WriteString("parentSpanId", parent);
        if (span.TraceState.Length > 0)
            writer.WriteString("traceState", span.TraceState);
        if (span.Flags != 0)
            writer.WriteNumber("flags", span.Flags);
        writer.WriteString("name", span.Name);
        if (span.Kind != 0)
            writer.WriteNumber("kind", span.Kind);
        WriteTime(writer, "startTimeUnixNano", span.StartNanos);
        WriteTime(writer, "endTimeUnixNano", span.EndNanos);
        WriteAttributes(writer, span.Attributes);
        if (span.Events.Count > 0)
            WriteEvents(writer, span.Events);
        if (span.Links.Count > 0)
            WriteLinks(writer, span.Links);
        WriteCount(writer, "droppedAttributesCount", span.Dropped.Attributes);
        WriteCount(writer, "droppedEventsCount", span.Dropped.Events);
        WriteCount(writer, "droppedLinksCount", span.Dropped.Links);
        writer.WriteStartObject("status");
        if (span.Status != SpanStatus.Unset)
            writer.WriteNumber("code", (int)span.Status);
        if (span.StatusMessage is { } message)
            writer.WriteString("message", message);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteEvents(Utf8JsonWriter writer, IReadOnlyList<SpanEvent> events)
    {
        writer.WriteStartArray("events");
        foreach (var e in events)
        {
            writer.WriteStartObject();
            WriteTime(writer, "timeUnixNano", e.TimeNanos);
            writer.WriteString("name", e.Name);
            WriteAttributes(writer, e.Attributes);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteLinks(Utf8JsonWriter writer, IReadOnlyList<SpanLink> links)
    {
        writer.WriteStartArray("links");
        foreach (var link in links)
        {
            writer.WriteStartObject();
            writer.WriteString("traceId", link.TraceId);
            writer.WriteString("spanId", link.SpanId);
            WriteAttributes(writer, link.Attributes);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteCount(Utf8JsonWriter writer, string name, long count)
    {
        if (count != 0)
            writer.WriteNumber(name, count);
    }

    // OTLP/JSON writes 64-bit numbers as text.
    private static void WriteTime(Utf8JsonWriter writer, string name, long nanos) =>
        writer.WriteString(name, nanos.ToString(CultureInfo.InvariantCulture));

    private static void WriteAttributes(Utf8JsonWriter writer, AttributeSet attributes)
    {
        writer.WriteStartArray("attributes");
        foreach (var (key, value) in attributes)
            WriteKeyValue(writer, key, value);
        writer.WriteEndArray();
    }

    private static void WriteKeyValue(Utf8JsonWriter writer, string key, object? value)
    {
        writer.WriteStartObject();
        writer.WriteString("key", key);
        writer.WritePropertyName("value");
        WriteValue(writer, value);
        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        writer.WriteStartObject();
        switch (value)
        {
            case null:
                break;
            case string text:
                writer.WriteString("stringValue", text);
                break;
            case bool b:
                writer.WriteBoolean("boolValue", b);
                break;
            case long number:
                writer.WriteString("intValue", number.ToString(CultureInfo.InvariantCulture));
                break;
            case double d when double.IsFinite(d):
                writer.WriteNumber("doubleValue", d);
                break;
            case double d:
                writer.WriteString("doubleValue", d.ToString(CultureInfo.InvariantCulture));
                break;
            case byte[] bytes:
                writer.WriteBase64String("bytesValue", bytes);
                break;
            case IReadOnlyDictionary<string, object?> map:
                WriteMap(writer, map);
                break;
            case IEnumerable<object?> list:
                WriteList(writer, list);
                break;
            default:
                writer.WriteString("stringValue", Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
        writer.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> map)
    {
        writer.WriteStartObject("kvlistValue");
        writer.WriteStartArray("values");
        foreach (var (key, value) in map)
            WriteKeyValue(writer, key, value);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, IEnumerable<object?> list)
    {
        writer.WriteStartObject("arrayValue");
        writer.WriteStartArray("values");
        foreach (var item in list)
            WriteValue(writer, item);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
