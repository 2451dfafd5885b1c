namespace ReplayHarness.Server;

/// <summary>How a field of protobuf stands in OTLP's JSON encoding.</summary>
internal enum FieldType
{
    Text,

    /// <summary>An id: hex, where protobuf's own mapping would write base64.</summary>
    Hex,
    Bytes,
    Bool,
    Double,

    /// <summary>32 bits or an enum: a number.</summary>
    Number,

    /// <summary>32 bits in zigzag encoding: a number.</summary>
    Signed,

    /// <summary>64 bits: text, for JSON's numbers are not that exact everywhere.</summary>
    Long,

    /// <summary>64 bits without a sign: text.</summary>
    Count,
    Message,
}

/// <summary>A field: its number, its name in JSON, and what it holds.</summary>
/// <param name="Number">The number.</param>
/// <param name="Name">The name in JSON.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Of">The message that it holds.</param>
/// <param name="IsList">Whether it holds many; numbers may then stand packed in one.</param>
/// <param name="IsVarint">Whether packed numbers are varints; else they have eight bytes each.</param>
internal sealed record Field(int Number, string Name, FieldType Type, Func<Message>? Of = null, bool IsList = false, bool IsVarint = false);

/// <summary>A message's fields.</summary>
internal sealed record Message(params Field[] Fields);

/// <summary>The messages of opentelemetry-proto 1.x that exporters send.</summary>
internal static partial class OtlpSchema
{
    private static readonly Message s_anyValue = new(
        new(1, "stringValue", FieldType.Text),
        new(2, "boolValue", FieldType.Bool),
        new(3, "intValue", FieldType.Long),
        new(4, "doubleValue", FieldType.Double),
        new(5, "arrayValue", FieldType.Message, () => s_arrayValue!),
        new(6, "kvlistValue", FieldType.Message, () => s_keyValueList!),
        new(7, "bytesValue", FieldType.Bytes)
    );

    private static readonly Message s_arrayValue = new(new Field(1, "values", FieldType.Message, () => s_anyValue, IsList: true));

    private static readonly Message s_keyValue = new(new(1, "key", FieldType.Text), new(2, "value", FieldType.Message, () => s_anyValue));

    private static readonly Message s_keyValueList = new(new Field(1, "values", FieldType.Message, () => s_keyValue, IsList: true));

    private static readonly Message s_resource = new(Attributes(1), new(2, "droppedAttributesCount", FieldType.Number));

    private static readonly Message s_scope = new(
        new(1, "name", FieldType.Text),
        new(2, "version", FieldType.Text),
        Attributes(3),
        new(4, "droppedAttributesCount", FieldType.Number)
    );

    private static readonly Message s_status = new(new(2, "message", FieldType.Text), new(3, "code", FieldType.Number));

    private static readonly Message s_event = new(
        new(1, "timeUnixNano", FieldType.Long),
        new(2, "name", FieldType.Text),
        Attributes(3),
        new(4, "droppedAttributesCount", FieldType.Number)
    );

    private static readonly Message s_link = new(
        new(1, "traceId", FieldType.Hex),
        new(2, "spanId", FieldType.Hex),
        new(3, "traceState", FieldType.Text),
        Attributes(4),
        new(5, "droppedAttributesCount", FieldType.Number),
        new(6, "flags", FieldType.Number)
    );

    private static readonly Message s_span = new(
        new(1, "traceId", FieldType.Hex),
        new(2, "spanId", FieldType.Hex),
        new(3, "traceState", FieldType.Text),
        new(4, "parentSpanId", FieldType.Hex),
        new(16, "flags", FieldType.Number),
        new(5, "name", FieldType.Text),
        new(6, "kind", FieldType.Number),
        new(7, "startTimeUnixNano", FieldType.Long),
        new(8, "endTimeUnixNano", FieldType.Long),
        Attributes(9),
        new(10, "droppedAttributesCount", FieldType.Number),
        new(11, "events", FieldType.Message, () => s_event, IsList: true),
        new(12, "droppedEventsCount", FieldType.Number),
        new(13, "links", FieldType.Message, () => s_link, IsList: true),
        new(14, "droppedLinksCount", FieldType.Number),
        new(15, "status", FieldType.Message, () => s_status)
    );

    private static readonly Message s_logRecord = new(
        new(1, "timeUnixNano", FieldType.Long),
        new(11, "observedTimeUnixNano", FieldType.Long),
        new(2, "severityNumber", FieldType.Number),
        new(3, "severityText", FieldType.Text),
        new(5, "body", FieldType.Message, () => s_anyValue),
        Attributes(6),
        new(7, "droppedAttributesCount", FieldType.Number),
        new(8, "flags", FieldType.Number),
        new(9, "traceId", FieldType.Hex),
        new(10, "spanId", FieldType.Hex),
        new(12, "eventName", FieldType.Text)
    );

    /// <summary>ExportTraceServiceRequest.</summary>
    public static Message Traces { get; } = Request("resourceSpans", "scopeSpans", "spans", () => s_span);

    /// <summary>ExportLogsServiceRequest.</summary>
    public static Message Logs { get; } = Request("resourceLogs", "scopeLogs", "logRecords", () => s_logRecord);

    /// <summary>ExportMetricsServiceRequest.</summary>
    public static Message Metrics { get; } = Request("resourceMetrics", "scopeMetrics", "metrics", static () => s_metric!);

    private static Field Attributes(int number) => new(number, "attributes", FieldType.Message, () => s_keyValue, IsList: true);

    // All signals nest their records in the same way.
    private static Message Request(string resources, string scopes, string records, Func<Message> record)
    {
        var scope = new Message(
            new(1, "scope", FieldType.Message, () => s_scope),
            new(2, records, FieldType.Message, record, IsList: true),
            new(3, "schemaUrl", FieldType.Text)
        );
        var resource = new Message(
            new(1, "resource", FieldType.Message, () => s_resource),
            new(2, scopes, FieldType.Message, () => scope, IsList: true),
            new(3, "schemaUrl", FieldType.Text)
        );
        return new(new Field(1, resources, FieldType.Message, () => resource, IsList: true));
    }
}
