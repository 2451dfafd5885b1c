using System.Text.Json;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces.Containers;

/// <summary>Reads calls of W&amp;B Weave: <c>op_name</c>, <c>trace_id</c>, <c>parent_id</c>, <c>inputs</c>, <c>output</c>.</summary>
internal static class WeaveReader
{
    public static bool Recognises(JsonElement value) =>
        value.Member("op_name")?.ValueKind == JsonValueKind.String
        && value.Member("started_at") is not null
        && value.Member("trace_id") is not null
        && value.Member("id") is not null;

    public static void Read(JsonElement value, Place place, SpanCollector spans) => spans.Add(SpanOf(value), place.Problem(""));

    private static Span SpanOf(JsonElement call)
    {
        var start = call.Time("started_at") ?? throw new WrongFormException("started_at", "is missing; expected a time");
        var end = call.Time("ended_at") ?? start;
        var error = call.AnyText("exception");
        var op = Weave.OpOf(call.AnyText("op_name")!);
        var own = call.Member("attributes");
        var (input, output) = TokensOf(call);
        return new Span(
            Rows.Id(call.AnyText("trace_id")!, 32),
            Rows.Id(call.AnyText("id")!, 16),
            call.AnyText("parent_id") is { } parent ? Rows.Id(parent, 16) : null,
            call.AnyText("display_name") ?? op,
            start,
            end
        )
        {
            Status = error is null ? SpanStatus.Unset : SpanStatus.Error,
            StatusMessage = error is null ? null : PrintedErrors.Of(error).Message,
            Events = error is null ? [] : [PrintedErrors.EventOf(error, end)],
            Attributes = Rows.Attributes(own)
                .Where(a => a.Key != "weave")
                .With(
                    (Weave.OpName, op),
                    (Weave.KindName, own?.Member("weave")?.AnyText("kind") ?? own?.AnyText("kind")),
                    (Weave.InputsName, call.AnyText("inputs")),
                    (Weave.OutputName, call.AnyText("output")),
                    ("thread_id", call.AnyText("thread_id")),
                    ("gen_ai.usage.input_tokens", input),
                    ("gen_ai.usage.output_tokens", output)
                ),
        };
    }

    // The usage by model; that of a caller is the sum of all below it.
    private static (object? Input, object? Output) TokensOf(JsonElement call)
    {
        if (call.Member("summary")?.Member("usage") is not { ValueKind: JsonValueKind.Object } usage)
            return default;
        JsonElement[] models = [.. usage.EnumerateObject().Select(m => m.Value)];
        return models is [{ ValueKind: JsonValueKind.Object } only]
            ? (only.Whole("prompt_tokens", "input_tokens"), only.Whole("completion_tokens", "output_tokens"))
            : default;
    }
}
