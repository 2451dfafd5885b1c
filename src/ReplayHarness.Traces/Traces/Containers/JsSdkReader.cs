using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads what OpenTelemetry's SDK for JavaScript holds of a span, written as it is by <c>JSON.stringify</c>: <c>_spanContext</c>, times as
/// seconds and nanoseconds. Gemini CLI writes such files, with log records and metrics between the spans.
/// </summary>
internal static class JsSdkReader
{
    private const int FirstKind = 1;

    public static bool Recognises(JsonElement value) =>
        value.Member("_spanContext") is { ValueKind: JsonValueKind.Object }
        && value.Member("startTime") is { ValueKind: JsonValueKind.Array };

    public static void Read(JsonElement value, Place place, SpanCollector spans) => spans.Add(SpanOf(value), place.Problem(""));

    /// <summary>Notes a log record, or passes over metrics; false where it is neither.</summary>
    public static bool TryNoteOther(JsonElement value, Place place, SpanCollector spans)
    {
        if (value.Member("scopeMetrics") is not null)
            return true;
        if (value.Member("hrTime") is not { ValueKind: JsonValueKind.Array })
            return false;
        var scope = value.Member("instrumentationScope", "instrumentationLibrary")?.AnyText("name") ?? "";
        spans.NoteLogs(place, LogWriters.Of(ResourceOf(value).Text("service.name"), scope), 1);
        return true;
    }

    private static Span SpanOf(JsonElement value)
    {
        var context = value.Member("_spanContext")!.Value;
        var start = TimeOf(value, "startTime") ?? throw new WrongFormException("startTime", "is missing; expected [seconds, nanoseconds]");
        var scope = value.Member("instrumentationScope", "instrumentationLibrary");
        var status = value.Member("status");
        return new Span(
            context.TraceId("traceId") ?? throw new WrongFormException("_spanContext.traceId", "is missing; expected 32 hex digits"),
            context.SpanId("spanId") ?? throw new WrongFormException("_spanContext.spanId", "is missing; expected 16 hex digits"),
            value.Member("parentSpanContext")?.SpanId("spanId") ?? value.SpanId("parentSpanId"),
            value.AnyText("name") ?? "",
            start,
            TimeOf(value, "endTime") is { } end && end > 0 ? end : start
        )
        {
            // Its kinds begin with 0, OTLP's with "unspecified".
            Kind = (int)(value.Whole("kind") ?? 0) + FirstKind,
            Status = Rows.Status(status?.AnyText("code")),
            StatusMessage = status?.AnyText("message"),
            Attributes = Rows.Attributes(value.Member("attributes")).With(),
            Events =
            [
                .. value
                    .Items("events")
                    .Select(e => new SpanEvent(
                        e.AnyText("name") ?? "",
                        TimeOf(e, "time") ?? start,
                        Rows.Attributes(e.Member("attributes")).With()
                    )),
            ],
            Resource = ResourceOf(value),
            Scope = scope?.AnyText("name") ?? "",
            ScopeVersion = scope?.AnyText("version") ?? "",
        };
    }

    private static long? TimeOf(JsonElement value, string name) =>
        value.Member(name) is { ValueKind: JsonValueKind.Array } time && time.GetArrayLength() == 2
            ? checked((time[0].GetInt64() * 1_000_000_000) + time[1].GetInt64())
            : null;

    // Version 2 of the SDK holds pairs, version 1 an object.
    private static AttributeSet ResourceOf(JsonElement value)
    {
        if (value.Member("resource") is not { } resource)
            return AttributeSet.None;
        if (resource.Member("_rawAttributes") is not { ValueKind: JsonValueKind.Array } pairs)
            return Rows.Attributes(resource.Member("_attributes", "attributes", "_syncAttributes")).With();
        return pairs
            .EnumerateArray()
            .Where(p => p.ValueKind == JsonValueKind.Array && p.GetArrayLength() == 2 && p[0].ValueKind == JsonValueKind.String)
            .Select(p => KeyValuePair.Create(p[0].GetString()!, Json.Value(p[1])))
            .With();
    }
}
