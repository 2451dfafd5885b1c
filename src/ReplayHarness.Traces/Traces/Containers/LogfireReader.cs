using System.Text.Json;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads rows of Logfire's <c>records</c> table, however they were queried: v1, v2, NDJSON, CSV, or a table of the same columns elsewhere.
/// </summary>
internal static class LogfireReader
{
    public static bool Recognises(JsonElement row) =>
        row.Member("start_timestamp") is not null && row.Member("span_name", "message", "span_id") is not null;

    public static void Read(JsonElement row, Place place, SpanCollector spans)
    {
        // A pending row announces a span whose own row follows; an event row repeats an event of its span.
        if (row.AnyText("kind") is "pending_span" or "span_event")
            return;
        spans.Add(SpanOf(row), place.Problem(""));
    }

    private static Span SpanOf(JsonElement row)
    {
        var start = row.Time("start_timestamp") ?? throw Missing("start_timestamp");
        var end = row.AnyText("end_timestamp") is null
            ? start + (long)((row.Decimal("duration") ?? 0) * 1_000_000_000m)
            : row.Time("end_timestamp")!.Value;
        SpanEvent[] events = [.. Rows.List(row.Member("otel_events")).OfType<IReadOnlyDictionary<string, object?>>().Select(EventOf)];
        if (row.AnyText("exception_type", "exception_message") is not null && !events.Any(e => e.Name == "exception"))
            events = [.. events, ExceptionOf(row, end)];
        return new Span(
            IdOf(row, "trace_id", 32),
            IdOf(row, "span_id", 16),
            row.AnyText("parent_span_id") is { } parent ? Rows.Id(parent, 16) : null,
            row.AnyText("span_name") ?? row.AnyText("message") ?? "",
            start,
            end
        )
        {
            Status = Rows.Status(row.AnyText("otel_status_code")),
            StatusMessage = row.AnyText("otel_status_message"),
            Attributes = Rows.Attributes(row.Member("attributes"))
                .With((LogfireOpenAiAgents.LevelName, Level(row)), (LogfireOpenAiAgents.MessageName, row.AnyText("message"))),
            Events = events,
            Links = [.. Rows.List(row.Member("otel_links")).OfType<IReadOnlyDictionary<string, object?>>().Select(LinkOf)],
            Resource = Rows.Attributes(row.Member("otel_resource_attributes"))
                .With(
                    ("service.name", row.AnyText("service_name")),
                    ("deployment.environment.name", row.AnyText("deployment_environment")),
                    ("service.version", row.AnyText("service_version"))
                ),
            Scope = row.AnyText("otel_scope_name") ?? "",
            ScopeVersion = row.AnyText("otel_scope_version") ?? "",
        };
    }

    private static WrongFormException Missing(string name) =>
        new(
            name,
            "is missing; expected the columns trace_id, span_id, parent_span_id, start_timestamp, end_timestamp (or "
                + "duration), span_name and attributes"
        );

    private static string IdOf(JsonElement row, string name, int digits) =>
        row.AnyText(name) is { } id ? Rows.Id(id, digits) : throw Missing(name);

    // The column is a number in a table, a name in some exports. 9 is info, the default, which says nothing.
    private static object? Level(JsonElement row) =>
        row.AnyText("level") switch
        {
            "error" => 17L,
            "fatal" => 21L,
            "warn" => 13L,
            { } text
                when long.TryParse(
                    text,
                    System.Globalization.NumberStyles.None,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var number
                )
                    && number != 9 => number,
            _ => null,
        };

    private static SpanEvent EventOf(IReadOnlyDictionary<string, object?> e)
    {
        var time = (e.GetValueOrDefault("event_timestamp") ?? e.GetValueOrDefault("timestamp")) switch
        {
            string text when Timestamps.TryParse(text, out var nanos) => nanos,
            long number => number,
            _ => 0,
        };
        var attributes =
            e.GetValueOrDefault("attributes") as IEnumerable<KeyValuePair<string, object?>>
            ?? e.Where(m => m.Key is not ("event_name" or "name" or "event_timestamp" or "timestamp"));
        return new(e.GetValueOrDefault("event_name") as string ?? e.GetValueOrDefault("name") as string ?? "", time, attributes.With());
    }

    private static SpanEvent ExceptionOf(JsonElement row, long at) =>
        new(
            "exception",
            at,
            Array
                .Empty<KeyValuePair<string, object?>>()
                .With(
                    ("exception.type", row.AnyText("exception_type")),
                    ("exception.message", row.AnyText("exception_message")),
                    ("exception.stacktrace", row.AnyText("exception_stacktrace"))
                )
        );

    private static SpanLink LinkOf(IReadOnlyDictionary<string, object?> link)
    {
        var context = link.GetValueOrDefault("context") as IReadOnlyDictionary<string, object?> ?? link;
        return new(
            Rows.Id(context.GetValueOrDefault("trace_id") as string ?? "", 32),
            Rows.Id(context.GetValueOrDefault("span_id") as string ?? "", 16),
            (link.GetValueOrDefault("attributes") as IEnumerable<KeyValuePair<string, object?>> ?? []).With()
        );
    }
}
