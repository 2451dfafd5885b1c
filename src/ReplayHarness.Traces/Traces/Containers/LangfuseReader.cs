using System.Text.Json;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads Langfuse's exports: a trace with its observations, or observations as rows. Errors live in <c>level</c>; times come from the
/// timestamps, for <c>latency</c> is seconds in some exports and milliseconds in others. Attributes of an OpenTelemetry span that Langfuse
/// kept in <c>metadata</c> come first.
/// </summary>
internal static class LangfuseReader
{
    public static bool Recognises(JsonElement value) =>
        value.Member("observations") is { ValueKind: JsonValueKind.Array } || IsObservation(value);

    private static bool IsObservation(JsonElement value) =>
        value.Member("traceId", "trace_id") is not null
        && value.Member("startTime", "start_time") is not null
        && value.Member("type") is not null
        && value.Member("id") is not null;

    public static void Read(JsonElement value, Place place, SpanCollector spans)
    {
        if (value.Member("observations") is null)
        {
            spans.Add(SpanOf(value, default), place.Problem(""));
            return;
        }
        var trace = value.Member("trace") is { ValueKind: JsonValueKind.Object } inner ? inner : value;
        var i = 0;
        foreach (var observation in value.Items("observations"))
        {
            var at = place.Member("observations").Item(i++);
            spans.Guard(at, () => spans.Add(SpanOf(observation, trace), at.Problem("")));
        }
    }

    private static Span SpanOf(JsonElement o, JsonElement trace)
    {
        var start = o.Time("startTime", "start_time") ?? throw new WrongFormException("startTime", "is missing; expected a time");
        var metadata = new AttributeSet(Rows.Attributes(o.Member("metadata")));
        var kept = metadata.Structure("attributes") as IReadOnlyDictionary<string, object?>;
        var scope = metadata.Structure("scope") as IReadOnlyDictionary<string, object?>;
        var level = o.AnyText("level");
        var traceId =
            o.AnyText("traceId", "trace_id")
            ?? trace.AnyText("id")
            ?? throw new WrongFormException("traceId", "is missing; expected the trace's id");
        return new Span(
            Rows.Id(traceId, 32),
            Rows.Id(o.AnyText("id") ?? throw new WrongFormException("id", "is missing; expected the observation's id"), 16),
            o.AnyText("parentObservationId", "parent_observation_id") is { } parent ? Rows.Id(parent, 16) : null,
            o.AnyText("name") ?? "",
            start,
            o.Time("endTime", "end_time") ?? start
        )
        {
            Status = level == "ERROR" ? SpanStatus.Error : SpanStatus.Unset,
            StatusMessage = o.AnyText("statusMessage", "status_message"),
            Attributes = (kept ?? metadata.Where(m => m.Key is not ("attributes" or "resourceAttributes" or "scope"))).With(
                (Langfuse.TypeName, o.AnyText("type")?.ToLowerInvariant()),
                (Langfuse.LevelName, level == "DEFAULT" ? null : level),
                (Langfuse.StatusMessageName, o.AnyText("statusMessage", "status_message")),
                (Langfuse.ModelName, o.AnyText("model", "providedModelName")),
                (Langfuse.InputName, o.AnyText("input")),
                (Langfuse.OutputName, o.AnyText("output")),
                (Langfuse.SessionName, trace.AnyText("sessionId", "session_id")),
                (Langfuse.TraceName, trace.AnyText("name")),
                (Langfuse.TraceIdName, Rows.Id(traceId, 32) == traceId ? null : traceId)
            ),
            Resource = (metadata.Structure("resourceAttributes") as IEnumerable<KeyValuePair<string, object?>> ?? []).With(
                ("deployment.environment.name", o.AnyText("environment") ?? trace.AnyText("environment")),
                ("service.version", trace.AnyText("release"))
            ),
            Scope = scope?.GetValueOrDefault("name") as string ?? "",
            ScopeVersion = scope?.GetValueOrDefault("version") as string ?? "",
        };
    }
}
