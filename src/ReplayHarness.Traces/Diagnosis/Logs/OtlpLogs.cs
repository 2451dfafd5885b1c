using System.Text.Json;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Diagnosis.Logs;

/// <summary>OTLP's ExportLogsServiceRequest in JSON, as the collector's file exporter and <c>listen</c> write it.</summary>
internal static class OtlpLogs
{
    public static bool Recognises(JsonElement value) => value.Member("resourceLogs", "resource_logs") is not null;

    public static IEnumerable<LogRecord> Read(string file, long line, JsonElement request)
    {
        foreach (var resourceLogs in request.Items("resourceLogs", "resource_logs"))
        {
            var resource = resourceLogs.Member("resource") is { } r ? OtlpJsonReader.AttributesOf(r, Refuse) : AttributeSet.None;
            foreach (var scope in resourceLogs.Items("scopeLogs", "scope_logs"))
            foreach (var record in scope.Items("logRecords", "log_records"))
                yield return RecordOf(file, line, record, resource);
        }
    }

    // A line of a log is read whole or not at all.
    private static void Refuse(string path, string message) => throw new WrongFormException(path, message);

    private static LogRecord RecordOf(string file, long line, JsonElement record, AttributeSet resource)
    {
        var time = record.Whole("timeUnixNano", "time_unix_nano") is { } t and > 0
            ? t
            : record.Whole("observedTimeUnixNano", "observed_time_unix_nano");
        var (text, members) = BodyOf(record.Member("body") is { } body ? OtlpJsonReader.ValueOf(body) : null);
        List<KeyValuePair<string, object?>> items = [.. resource, .. members, .. OtlpJsonReader.AttributesOf(record, Refuse)];
        AddIds(items, record);
        return new(file, line, time, text, new AttributeSet([.. items]));
    }

    private static void AddIds(List<KeyValuePair<string, object?>> items, JsonElement record)
    {
        if (record.TraceId("traceId", "trace_id") is { } trace)
            items.Add(new("trace_id", trace));
        if (record.SpanId("spanId", "span_id") is { } span)
            items.Add(new("span_id", span));
        if (record.Text("eventName", "event_name") is { Length: > 0 } name)
            items.Add(new("event", name));
    }

    // The body is text, the text of an object, or an object.
    private static (string Text, IEnumerable<KeyValuePair<string, object?>> Members) BodyOf(object? body) =>
        body switch
        {
            string text => (text, Json.TryParse(text) as IEnumerable<KeyValuePair<string, object?>> ?? []),
            IReadOnlyDictionary<string, object?> members => ("", members),
            _ => ("", []),
        };
}
