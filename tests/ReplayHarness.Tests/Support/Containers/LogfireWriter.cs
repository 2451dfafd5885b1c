using System.Globalization;
using System.Text.Json.Nodes;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Support.Containers;

/// <summary>Rows of Logfire's <c>records</c>, in each form that its query interface gives them.</summary>
internal static class LogfireWriter
{
    public static string V2(IReadOnlyList<Trace> traces) =>
        new JsonObject
        {
            ["schema"] = new JsonObject { ["fields"] = new JsonArray() },
            ["data"] = new JsonArray([.. Rows(traces)]),
        }.ToJsonString();

    public static string V1Rows(IReadOnlyList<Trace> traces) =>
        new JsonObject
        {
            ["columns"] = new JsonArray([.. Columns(traces).Select(c => new JsonObject { ["name"] = c, ["nullable"] = true })]),
            ["rows"] = new JsonArray([.. Rows(traces)]),
        }.ToJsonString();

    public static string V1Columns(IReadOnlyList<Trace> traces) =>
        new JsonObject
        {
            ["columns"] = new JsonArray([
                .. Columns(traces)
                    .Select(c => new JsonObject
                    {
                        ["name"] = c,
                        ["nullable"] = true,
                        ["values"] = new JsonArray([.. Rows(traces).Select(r => r[c]?.DeepClone())]),
                    }),
            ]),
        }.ToJsonString();

    public static string Lines(IReadOnlyList<Trace> traces) => string.Concat(Rows(traces).Select(r => r.ToJsonString() + "\n"));

    public static string Csv(IReadOnlyList<Trace> traces) =>
        string.Join(',', Columns(traces))
        + "\n"
        + string.Concat(Rows(traces).Select(r => string.Join(',', Columns(traces).Select(c => Field(r[c]))) + "\n"));

    private static string Field(JsonNode? value) =>
        value is null ? "" : $"\"{TextOf(value).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string TextOf(JsonNode value) =>
        value is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : value.ToJsonString();

    private static string[] Columns(IReadOnlyList<Trace> traces) => [.. Rows(traces).First().Select(m => m.Key)];

    public static IEnumerable<JsonObject> Rows(IReadOnlyList<Trace> traces) =>
        traces
            .SelectMany(t => t.Spans)
            .Select(s => new JsonObject
            {
                ["kind"] = "span",
                ["start_timestamp"] = Writers.Time(s.StartNanos, 6),
                ["end_timestamp"] = Writers.Time(s.EndNanos, 6),
                ["duration"] = ((s.EndNanos / 1000) - (s.StartNanos / 1000)) / 1e6,
                ["trace_id"] = s.TraceId,
                ["span_id"] = s.SpanId,
                ["parent_span_id"] = s.ParentSpanId,
                ["span_name"] = s.Name,
                ["message"] = s.Attributes.Text("logfire.msg") ?? s.Name,
                ["level"] = s.Status == SpanStatus.Error ? 17 : 9,
                ["is_exception"] = s.Events.Any(e => e.Name == "exception"),
                ["exception_type"] = Exception(s, "exception.type"),
                ["exception_message"] = Exception(s, "exception.message"),
                ["exception_stacktrace"] = Exception(s, "exception.stacktrace"),
                ["attributes"] = Writers.Map(s.Attributes),
                ["otel_status_code"] = s.Status == SpanStatus.Unset ? null : s.Status.ToString().ToUpperInvariant(),
                ["otel_status_message"] = s.StatusMessage,
                ["otel_events"] = new JsonArray([.. s.Events.Select(e => EventOf(e))]),
                ["otel_resource_attributes"] = Writers.Map(s.Resource),
                ["otel_scope_name"] = s.Scope,
                ["otel_scope_version"] = s.ScopeVersion,
                ["service_name"] = s.Resource.Text("service.name"),
                ["deployment_environment"] = s.Resource.Text("deployment.environment.name") ?? s.Resource.Text("deployment.environment"),
            });

    private static JsonObject EventOf(SpanEvent e)
    {
        var row = Writers.Map(e.Attributes);
        row["event_name"] = e.Name;
        row["event_timestamp"] = Writers.Time(e.TimeNanos, 6);
        return row;
    }

    private static string? Exception(Span s, string name) => s.Events.LastOrDefault(e => e.Name == "exception")?.Attributes.Text(name);
}
