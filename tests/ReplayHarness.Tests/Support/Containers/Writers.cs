using System.Globalization;
using System.Text.Json.Nodes;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Support.Containers;

/// <summary>
/// Writes traces as each container holds them, after the container's own documentation: what a store would have given for the same spans.
/// </summary>
internal static class Writers
{
    public static string Jaeger(IReadOnlyList<Trace> traces) =>
        new JsonObject
        {
            ["data"] = new JsonArray([
                .. traces.Select(t => new JsonObject
                {
                    ["traceID"] = t.TraceId,
                    ["spans"] = new JsonArray([.. t.Spans.Select((s, i) => JaegerSpan(s, i))]),
                    ["processes"] = new JsonObject([
                        .. t.Spans.Select(
                            (s, i) =>
                                KeyValuePair.Create(
                                    $"p{i}",
                                    (JsonNode?)
                                        new JsonObject
                                        {
                                            ["serviceName"] = s.Resource.Text("service.name"),
                                            ["tags"] = JaegerTags(s.Resource.Where(a => a.Key != "service.name")),
                                        }
                                )
                        ),
                    ]),
                }),
            ]),
            ["total"] = 0,
        }.ToJsonString();

    private static JsonObject JaegerSpan(Span s, int process) =>
        new()
        {
            ["traceID"] = s.TraceId,
            ["spanID"] = s.SpanId,
            ["operationName"] = s.Name,
            ["references"] = new JsonArray([
                .. Reference(s.ParentSpanId, s.TraceId, "CHILD_OF"),
                .. s.Links.SelectMany(l => Reference(l.SpanId, l.TraceId, "FOLLOWS_FROM")),
            ]),
            ["startTime"] = s.StartNanos / 1000,
            ["duration"] = (s.EndNanos / 1000) - (s.StartNanos / 1000),
            ["tags"] = JaegerTags(
                s.Attributes.Concat(TagsOf(s))
                    .Concat(s.Kind == 0 ? [] : [KeyValuePair.Create("span.kind", (object?)KindNames[s.Kind].ToLowerInvariant())])
                    .Concat(s.Status == SpanStatus.Error ? [KeyValuePair.Create("error", (object?)true)] : [])
            ),
            ["logs"] = new JsonArray([
                .. s.Events.Select(e => new JsonObject
                {
                    ["timestamp"] = e.TimeNanos / 1000,
                    ["fields"] = JaegerTags(e.Attributes.Prepend(KeyValuePair.Create("event", (object?)e.Name))),
                }),
            ]),
            ["processID"] = $"p{process}",
        };

    private static JsonObject[] Reference(string? spanId, string traceId, string type) =>
        spanId is null
            ? []
            :
            [
                new()
                {
                    ["refType"] = type,
                    ["traceID"] = traceId,
                    ["spanID"] = spanId,
                },
            ];

    private static JsonArray JaegerTags(IEnumerable<KeyValuePair<string, object?>> attributes) =>
        new([
            .. attributes.Select(a => new JsonObject
            {
                ["key"] = a.Key,
                ["type"] = a.Value switch
                {
                    bool => "bool",
                    long => "int64",
                    double => "float64",
                    _ => "string",
                },
                ["value"] = a.Value is bool or long or double ? Node(a.Value) : Flat(a.Value),
            }),
        ]);

    public static string Zipkin(IReadOnlyList<Trace> traces) =>
        new JsonArray([
            .. traces
                .SelectMany(t => t.Spans)
                .Select(s => new JsonObject
                {
                    ["traceId"] = s.TraceId,
                    ["id"] = s.SpanId,
                    ["parentId"] = s.ParentSpanId,
                    ["name"] = s.Name,
                    ["kind"] = s.Kind > 1 ? KindNames[s.Kind] : null,
                    ["timestamp"] = s.StartNanos / 1000,
                    ["duration"] = (s.EndNanos / 1000) - (s.StartNanos / 1000),
                    ["localEndpoint"] = new JsonObject { ["serviceName"] = s.Resource.Text("service.name") },
                    ["tags"] = new JsonObject([
                        .. s
                            .Attributes.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)Flat(a.Value)))
                            .Concat(TagsOf(s).Select(a => KeyValuePair.Create(a.Key, (JsonNode?)Flat(a.Value))))
                            .Concat(s.Status == SpanStatus.Error ? [KeyValuePair.Create("error", (JsonNode?)(s.StatusMessage ?? ""))] : [])
                            .DistinctBy(p => p.Key),
                    ]),
                    ["annotations"] = new JsonArray([
                        .. s.Events.Select(e => new JsonObject
                        {
                            ["timestamp"] = e.TimeNanos / 1000,
                            ["value"] = $"\"{e.Name}\": {Map(e.Attributes).ToJsonString()}",
                        }),
                    ]),
                }),
        ]).ToJsonString();

    public static string Langfuse(IReadOnlyList<Trace> traces) =>
        new JsonArray([
            .. traces.Select(t => new JsonObject
            {
                ["trace"] = new JsonObject { ["id"] = t.TraceId, ["name"] = t.Roots[0].Name },
                ["observations"] = new JsonArray([
                    .. t.Spans.Select(s => new JsonObject
                    {
                        ["id"] = s.SpanId,
                        ["traceId"] = s.TraceId,
                        ["type"] = "SPAN",
                        ["name"] = s.Name,
                        ["startTime"] = Time(s.StartNanos, 3),
                        ["endTime"] = Time(s.EndNanos, 3),
                        ["parentObservationId"] = s.ParentSpanId,
                        ["level"] = s.Status == SpanStatus.Error ? "ERROR" : "DEFAULT",
                        ["statusMessage"] = s.StatusMessage,
                        ["metadata"] = new JsonObject
                        {
                            ["attributes"] = Map(s.Attributes),
                            ["resourceAttributes"] = Map(s.Resource),
                            ["scope"] = new JsonObject { ["name"] = s.Scope, ["version"] = s.ScopeVersion },
                        },
                    }),
                ]),
            }),
        ]).ToJsonString();

    public static string Phoenix(IReadOnlyList<Trace> traces) =>
        new JsonArray([
            .. traces
                .SelectMany(t => t.Spans)
                .Select(s => new JsonObject
                {
                    ["name"] = s.Name,
                    ["span_kind"] = s.Attributes.Text("openinference.span.kind") ?? "UNKNOWN",
                    ["parent_id"] = s.ParentSpanId,
                    ["start_time"] = Time(s.StartNanos, 6),
                    ["end_time"] = Time(s.EndNanos, 6),
                    ["status_code"] = s.Status.ToString().ToUpperInvariant(),
                    ["status_message"] = s.StatusMessage ?? "",
                    ["context"] = new JsonObject { ["trace_id"] = s.TraceId, ["span_id"] = s.SpanId },
                    ["events"] = new JsonArray([
                        .. s.Events.Select(e => new JsonObject
                        {
                            ["name"] = e.Name,
                            ["timestamp"] = Time(e.TimeNanos, 6),
                            ["attributes"] = Map(e.Attributes),
                        }),
                    ]),
                    ["attributes"] = Map(s.Attributes),
                }),
        ]).ToJsonString();

    public static string ClickHouse(IReadOnlyList<Trace> traces) =>
        string.Concat(
            traces
                .SelectMany(t => t.Spans)
                .Select(s =>
                    new JsonObject
                    {
                        ["Timestamp"] = Time(s.StartNanos, 9).Replace("T", " ", StringComparison.Ordinal).TrimEnd('Z'),
                        ["TraceId"] = s.TraceId,
                        ["SpanId"] = s.SpanId,
                        ["ParentSpanId"] = s.ParentSpanId ?? "",
                        ["TraceState"] = s.TraceState,
                        ["SpanName"] = s.Name,
                        ["SpanKind"] =
                            s.Kind == 0
                                ? "Unspecified"
                                : CultureInfo.InvariantCulture.TextInfo.ToTitleCase(KindNames[s.Kind].ToLowerInvariant()),
                        ["ServiceName"] = s.Resource.Text("service.name") ?? "",
                        ["ResourceAttributes"] = Texts(s.Resource),
                        ["ScopeName"] = s.Scope,
                        ["ScopeVersion"] = s.ScopeVersion,
                        ["SpanAttributes"] = Texts(s.Attributes),
                        ["Duration"] = (s.EndNanos - s.StartNanos).ToString(CultureInfo.InvariantCulture),
                        ["StatusCode"] = s.Status.ToString(),
                        ["StatusMessage"] = s.StatusMessage ?? "",
                        ["Events.Timestamp"] = new JsonArray([
                            .. s.Events.Select(e =>
                                JsonValue.Create(Time(e.TimeNanos, 9).Replace("T", " ", StringComparison.Ordinal).TrimEnd('Z'))
                            ),
                        ]),
                        ["Events.Name"] = new JsonArray([.. s.Events.Select(e => JsonValue.Create(e.Name))]),
                        ["Events.Attributes"] = new JsonArray([.. s.Events.Select(e => Texts(e.Attributes))]),
                        ["Links.TraceId"] = new JsonArray([.. s.Links.Select(l => JsonValue.Create(l.TraceId))]),
                        ["Links.SpanId"] = new JsonArray([.. s.Links.Select(l => JsonValue.Create(l.SpanId))]),
                        ["Links.Attributes"] = new JsonArray([.. s.Links.Select(l => Texts(l.Attributes))]),
                    }.ToJsonString() + "\n"
                )
        );

    /// <summary>Rows of dependencies and exceptions, as a Kusto query gives them.</summary>
    public static string AppInsights(IReadOnlyList<Trace> traces)
    {
        string[] names =
        [
            "timestamp",
            "id",
            "name",
            "type",
            "success",
            "resultCode",
            "duration",
            "operation_Id",
            "operation_ParentId",
            "customDimensions",
            "cloud_RoleName",
            "itemType",
            "outerMessage",
            "details",
        ];
        var dependencies = traces
            .SelectMany(t => t.Spans)
            .Select(s =>
                (JsonNode?)
                    new JsonArray(
                        Time(s.StartNanos, 7),
                        s.SpanId,
                        s.Name,
                        s.Kind == 1 ? "InProc" : "HTTP",
                        s.Status == SpanStatus.Error ? "False" : "True",
                        s.StatusMessage ?? "",
                        (s.EndNanos - s.StartNanos) / 1e6,
                        s.TraceId,
                        s.ParentSpanId ?? s.TraceId,
                        Texts(s.Attributes).ToJsonString(),
                        s.Resource.Text("service.name"),
                        "dependency",
                        null,
                        null
                    )
            );
        var exceptions = traces
            .SelectMany(t => t.Spans)
            .SelectMany(s =>
                s.Events.Where(e => e.Name == "exception")
                    .Select(e =>
                        (JsonNode?)
                            new JsonArray(
                                Time(e.TimeNanos, 7),
                                null,
                                null,
                                e.Attributes.Text("exception.type"),
                                null,
                                null,
                                null,
                                s.TraceId,
                                s.SpanId,
                                "{}",
                                null,
                                "exception",
                                e.Attributes.Text("exception.message"),
                                e.Attributes.Text("exception.stacktrace")
                            )
                    )
            );
        return new JsonObject
        {
            ["tables"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "PrimaryResult",
                    ["columns"] = new JsonArray([.. names.Select(n => new JsonObject { ["name"] = n, ["type"] = "string" })]),
                    ["rows"] = new JsonArray([.. dependencies, .. exceptions]),
                }
            ),
        }.ToJsonString();
    }

    public static readonly string[] KindNames = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];

    private static IEnumerable<KeyValuePair<string, object?>> TagsOf(Span s)
    {
        if (s.Status != SpanStatus.Unset)
            yield return new("otel.status_code", s.Status.ToString().ToUpperInvariant());
        if (s.StatusMessage is { } message)
            yield return new("otel.status_description", message);
        if (s.Scope.Length > 0)
            yield return new("otel.scope.name", s.Scope);
        if (s.ScopeVersion.Length > 0)
            yield return new("otel.scope.version", s.ScopeVersion);
        if (s.TraceState.Length > 0)
            yield return new("w3c.tracestate", s.TraceState);
    }

    public static string Time(long nanos, int digits) =>
        DateTime
            .UnixEpoch.AddTicks(nanos / 1_000_000_000 * TimeSpan.TicksPerSecond)
            .ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)
        + "."
        + (nanos % 1_000_000_000).ToString("D9", CultureInfo.InvariantCulture)[..digits]
        + "Z";

    public static JsonObject Map(IEnumerable<KeyValuePair<string, object?>> attributes) =>
        new([.. attributes.Select(a => KeyValuePair.Create(a.Key, Node(a.Value))).DistinctBy(a => a.Key)]);

    public static JsonObject Texts(IEnumerable<KeyValuePair<string, object?>> attributes) =>
        new([.. attributes.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)Flat(a.Value))).DistinctBy(a => a.Key)]);

    public static string Flat(object? value) => value as string ?? (value is bool b ? (b ? "true" : "false") : Json.Write(value));

    public static JsonNode? Node(object? value) => JsonNode.Parse(Json.Write(value));
}
