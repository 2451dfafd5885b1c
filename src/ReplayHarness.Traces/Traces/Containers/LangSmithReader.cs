using System.Text.Json;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads LangSmith's runs: a tree (<c>child_runs</c>), or one run after another with <c>parent_run_id</c>. Their metadata stand as
/// attributes.
/// </summary>
internal static class LangSmithReader
{
    public static bool Recognises(JsonElement value) =>
        value.Member("run_type")?.ValueKind == JsonValueKind.String
        && value.Member("start_time") is not null
        && value.Member("id", "run_id") is not null;

    public static void Read(JsonElement value, Place place, SpanCollector spans) => ReadRun(value, null, null, place, spans);

    // Only the root says the trace in some exports.
    private static void ReadRun(JsonElement run, string? trace, string? parent, Place place, SpanCollector spans) =>
        spans.Guard(
            place,
            () =>
            {
                var id = run.AnyText("id", "run_id") ?? throw new WrongFormException("id", "is missing; expected the run's id");
                trace = run.AnyText("trace_id") ?? trace ?? id;
                spans.Add(SpanOf(run, trace, id, run.AnyText("parent_run_id") ?? parent), place.Problem(""));
                var i = 0;
                foreach (var child in run.Items("child_runs"))
                    ReadRun(child, trace, id, place.Member("child_runs").Item(i++), spans);
            }
        );

    private static Span SpanOf(JsonElement run, string trace, string id, string? parent)
    {
        var start = run.Time("start_time") ?? throw new WrongFormException("start_time", "is missing; expected a time");
        // The SDK of JavaScript counts milliseconds at the end, and microseconds at the beginning.
        var end = run.Time("end_time") is not { } written || start - written is > 0 and < 1_000_000 ? start : written;
        var error = run.AnyText("error");
        var extra = run.Member("extra");
        var metadata = extra?.Member("metadata");
        return new Span(
            Rows.Id(trace, 32),
            Rows.Id(id, 16),
            parent is null ? null : Rows.Id(parent, 16),
            run.AnyText("name") ?? "",
            start,
            end
        )
        {
            Status = error is null ? SpanStatus.Unset : SpanStatus.Error,
            StatusMessage = error is null ? null : PrintedErrors.Of(error).Message,
            Events = error is null ? [] : [PrintedErrors.EventOf(error, end)],
            Attributes = Rows.Attributes(metadata)
                .With(
                    (LangSmith.KindName, run.AnyText("run_type")),
                    (LangSmith.InputName, run.AnyText("inputs")),
                    (LangSmith.OutputName, run.AnyText("outputs")),
                    (
                        "gen_ai.request.model",
                        metadata?.AnyText("ls_model_name") ?? extra?.Member("invocation_params")?.AnyText("model", "model_name")
                    ),
                    ("gen_ai.usage.input_tokens", run.Whole("prompt_tokens")),
                    ("gen_ai.usage.output_tokens", run.Whole("completion_tokens"))
                ),
        };
    }
}
