using System.Text.Json;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads MLflow's own traces: <c>info</c> and <c>data</c> with spans, of version 2 (<c>context</c>, <c>status_code</c>) and of
/// version 3 (names of OTLP, ids in base64). The tags of a trace stand as attributes of the resource.
/// </summary>
internal static class MlFlowReader
{
    public static bool Recognises(JsonElement value) =>
        (value.Member("info") is { ValueKind: JsonValueKind.Object } && Spans(value) is not null) || IsSpan(value);

    public static void Read(JsonElement value, Place place, SpanCollector spans)
    {
        if (Spans(value) is not { } all)
        {
            spans.Add(SpanOf(value, default), place.Problem(""));
            return;
        }
        var i = 0;
        foreach (var span in all.EnumerateArray())
        {
            var at = place.Member("data").Member("spans").Item(i++);
            spans.Guard(at, () => spans.Add(SpanOf(span, value.Member("info")!.Value), at.Problem("")));
        }
    }

    private static JsonElement? Spans(JsonElement value) =>
        value.Member("data")?.Member("spans") is { ValueKind: JsonValueKind.Array } spans ? spans : null;

    private static bool IsSpan(JsonElement value) =>
        value.Member("attributes") is { ValueKind: JsonValueKind.Object } attributes
        && value.Member("context", "span_id") is not null
        && attributes.TryGetProperty(MlFlow.TypeName, out _);

    private static Span SpanOf(JsonElement value, JsonElement info)
    {
        var context = value.Member("context") is { ValueKind: JsonValueKind.Object } inner ? inner : value;
        var start =
            value.Whole("start_time_unix_nano", "start_time")
            ?? throw new WrongFormException("start_time_unix_nano", "is missing; expected nanoseconds since 1970");
        var attributes = Rows.Attributes(value.Member("attributes"));
        var (input, output) = MlFlow.TokensOf(new(attributes));
        var status = value.Member("status") is { ValueKind: JsonValueKind.Object } both ? both : value;
        return new Span(
            IdOf(context, "trace_id", 16) ?? throw new WrongFormException("trace_id", "is missing; expected 32 hex digits"),
            IdOf(context, "span_id", 8) ?? throw new WrongFormException("span_id", "is missing; expected 16 hex digits"),
            IdOf(value, "parent_span_id", 8) ?? IdOf(value, "parent_id", 8),
            value.AnyText("name") ?? "",
            start,
            value.Whole("end_time_unix_nano", "end_time") ?? start
        )
        {
            Status = Rows.Status(status.AnyText("code", "status_code")),
            StatusMessage = status.AnyText("message", "status_message"),
            Attributes = attributes.With(
                ("gen_ai.usage.input_tokens", input),
                ("gen_ai.usage.output_tokens", output),
                (DialectNames.Sessions[0], Metadata(info)?.AnyText(MlFlow.SessionName))
            ),
            Events =
            [
                .. value
                    .Items("events")
                    .Select(e => new SpanEvent(
                        e.AnyText("name") ?? "",
                        e.Time("time_unix_nano", "timestamp") ?? start,
                        Rows.Attributes(e.Member("attributes")).With()
                    )),
            ],
            Resource = Rows.Attributes(info.Member("tags"))
                .Concat(Rows.Attributes(Metadata(info)))
                .Where(t => !t.Key.StartsWith(MlFlow.Own, StringComparison.Ordinal))
                .With(),
        };
    }

    private static JsonElement? Metadata(JsonElement info) => info.Member("trace_metadata", "request_metadata");

    // Base64 in version 3, a number in hexadecimal digits in version 2; copies that were made unreadable keep their ids apart.
    private static string? IdOf(JsonElement value, string name, int bytes)
    {
        if (value.AnyText(name) is not { } text)
            return null;
        var decoded = new byte[bytes];
        return Convert.TryFromBase64String(text, decoded, out var written) && written == bytes && text.EndsWith('=')
            ? Convert.ToHexStringLower(decoded)
            : Rows.Id(text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text, bytes * 2);
    }
}
