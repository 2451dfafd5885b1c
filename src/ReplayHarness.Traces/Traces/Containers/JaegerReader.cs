using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads a trace as Jaeger's UI and query API give it: microseconds, typed tags (lists as JSON text), exceptions in logs, parents in
/// references.
/// </summary>
internal static class JaegerReader
{
    public static bool Recognises(JsonElement trace) =>
        trace.Member("processes") is not null && trace.Member("spans") is { ValueKind: JsonValueKind.Array };

    public static void Read(JsonElement trace, Place place, SpanCollector spans)
    {
        var processes = trace.Member("processes") ?? default;
        var i = 0;
        foreach (var span in trace.Items("spans"))
        {
            var at = place.Member("spans").Item(i++);
            spans.Guard(at, () => spans.Add(SpanOf(span, processes), at.Problem("")));
        }
    }

    private static Span SpanOf(JsonElement span, JsonElement processes)
    {
        var traceId = IdOf(span, "traceID", 32);
        var tags = TagsOf(span, "tags");
        var start = Micros(span, "startTime");
        var process = span.Member("process") ?? (span.Text("processID") is { } id ? processes.Member(id) : null);
        SpanLink[] references =
        [
            .. span.Items("references")
                .OrderBy(r => r.Text("refType") == "CHILD_OF" ? 0 : 1)
                .Select(r => new SpanLink(IdOf(r, "traceID", 32), IdOf(r, "spanID", 16), AttributeSet.None)),
        ];
        // What has no CHILD_OF of its own trace hangs below what it follows from.
        var parent =
            references.FirstOrDefault(r => r.TraceId == traceId)?.SpanId
            ?? (span.Text("parentSpanID") is { Length: > 0 } direct ? Rows.Id(direct, 16) : null);
        return new Span(
            traceId,
            IdOf(span, "spanID", 16),
            parent == "0000000000000000" ? null : parent,
            span.Text("operationName") ?? "",
            start,
            start + Micros(span, "duration")
        )
        {
            Events = [.. span.Items("logs").Select(EventOf)],
            Links = [.. references.Where(r => r.TraceId != traceId || r.SpanId != parent)],
            Resource = process is { } p ? TagsOf(p, "tags").Prepend(new("service.name", p.Text("serviceName"))).With() : AttributeSet.None,
        }.WithTags(tags);
    }

    // Early clients leave leading zeros out.
    private static string IdOf(JsonElement element, string name, int digits) =>
        element.Text(name) is { Length: > 0 } text && text.Length <= digits && text.All(char.IsAsciiHexDigit)
            ? Rows.Id(text, digits)
            : throw new WrongFormException(
                name,
                $"is {element.Member(name)?.GetRawText() ?? "missing"}; expected up to {digits} hex digits"
            );

    private static long Micros(JsonElement element, string name) =>
        element.Whole(name) is { } micros
            ? Math.Abs(micros) <= long.MaxValue / 4000
                ? micros * 1000
                : throw new WrongFormException(name, $"is {micros}; expected microseconds")
            : throw new WrongFormException(name, "is missing; expected microseconds");

    private static SpanEvent EventOf(JsonElement log)
    {
        var fields = TagsOf(log, "fields");
        var name =
            fields.FirstOrDefault(f => f.Key == "event").Value as string
            ?? fields.FirstOrDefault(f => f.Key == "message").Value as string
            ?? "";
        return new(name, Micros(log, "timestamp"), fields.Where(f => f.Key != "event").With());
    }

    private static KeyValuePair<string, object?>[] TagsOf(JsonElement element, string name) =>
        [.. element.Items(name).Select(t => KeyValuePair.Create(t.Text("key") ?? "", ValueOf(t)))];

    private static object? ValueOf(JsonElement tag) =>
        (tag.Member("type") is { ValueKind: JsonValueKind.String } type ? type.GetString() : "") switch
        {
            "int64" => tag.Whole("value"),
            "float64" when tag.Member("value") is { } value => JsonReading.DoubleOf(value, "value"),
            "bool" => tag.Member("value") is { } b
                && (b.ValueKind == JsonValueKind.True || (b.ValueKind == JsonValueKind.String && b.ValueEquals("true"))),
            _ => tag.Member("value") is { } value ? Json.Value(value) : null,
        };
}
