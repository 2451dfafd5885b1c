using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis.Readiness;

/// <summary>What a trace lacks for a full replay.</summary>
/// <param name="What">What is missing.</param>
/// <param name="Count">In how many places.</param>
/// <param name="Consequence">What a replay does instead.</param>
internal sealed record ReplayGap(string What, int Count, string Consequence);

/// <summary>How far a run can be replayed from its trace.</summary>
/// <param name="Gaps">What is missing; none for a full replay.</param>
/// <param name="Possible">What can still be replayed.</param>
internal sealed partial record Replayability(IReadOnlyList<ReplayGap> Gaps, IReadOnlyList<string> Possible)
{
    /// <summary>The report of a run.</summary>
    public static Replayability Of(AgentRun run)
    {
        ReplayGap[] gaps = [.. GapsOf(run).Where(g => g.Count > 0)];
        return new(gaps, [.. PossibleOf(run, gaps)]);
    }

    private static IEnumerable<ReplayGap> GapsOf(AgentRun run)
    {
        ModelCall[] models = [.. run.ModelCalls.Where(m => !ContentText.IsEmbedding(m))];
        ToolCall[] tools = [.. run.ToolCalls];
        string[] texts = [.. run.Spans.SelectMany(s => s.Attributes.Select(a => s.Attributes.Text(a.Key))).OfType<string>()];
        yield return new(
            "no model call",
            models.Length == 0 ? 1 : 0,
            "there are no turns to serve: the agent's first request is answered by a synthetic final message"
        );
        foreach (var gap in Untold(models))
            yield return gap;
        yield return new(
            "model requests without messages",
            models.Count(m => m.Input is null),
            "the user's text is not known: the driver gets an empty input where no request has any"
        );
        yield return new(
            "model answers without messages",
            models.Count(m => m.Output is null && m.Error is null),
            "a turn is rebuilt from the tool calls that followed; its text is not known"
        );
        yield return new(
            "tool calls without arguments",
            tools.Count(c => c.Arguments is null || ContentText.IsCut(c.Arguments)),
            "calls match by name and order only, so that parallel calls of one tool may be swapped"
        );
        yield return new(
            "tool calls without a result",
            tools.Count(c => c.Result is null && c.Error is null),
            "the call returns an empty text"
        );
        yield return new("tool calls without a call id", tools.Count(c => c.CallId is null), "ids are made up; calls match by content");
        yield return new(
            "failed calls without an exception type",
            tools.Count(c => c.Error is { Type: "" }),
            "the call throws System.InvalidOperationException unless the text tells more"
        );
        yield return new(
            "missing root span",
            run.Root is null || (run.Root.ParentSpanId is not null && run.Trace.ParentOf(run.Root) is null) ? 1 : 0,
            "how the run ended may not be known"
        );
        yield return new(
            "redacted values",
            texts.Count(ContentText.HasMark),
            "what stands there is replayed as it is: tool code that reads it may fail"
        );
        yield return new(
            "truncated values",
            texts.Count(t => Truncated().IsMatch(t)) + tools.Count(c => c.Result is { } result && ContentText.IsCut(result)),
            "results are replayed cut off"
        );
        yield return new(
            "attributes dropped by the exporter",
            (int)Math.Min(int.MaxValue, run.Spans.Sum(s => s.Dropped.Attributes)),
            "raise OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT and OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"
        );
    }

    // What stands in a span of another call, or nowhere.
    private static IEnumerable<ReplayGap> Untold(ModelCall[] models)
    {
        yield return new(
            "model calls that cover tools",
            models.Count(m => m.CoversTools),
            "what the tools did, and which of them failed, is not known: it cannot be captured"
        );
        yield return new(
            "results told to the model without their text",
            models
                .SelectMany(m => m.Input ?? [])
                .SelectMany(m => m.Parts)
                .OfType<ToolResultPart>()
                .Where(r => r is { Result.Length: 0, IsBlank: false })
                .DistinctBy(r => r.CallId)
                .Count(),
            "what the model was told of these calls is not compared"
        );
    }

    private static IEnumerable<string> PossibleOf(AgentRun run, ReplayGap[] gaps)
    {
        bool Whole(string what) => gaps.All(g => g.What != what);
        if (gaps.Length == 0)
            yield return "everything: turns, arguments, results, errors, order and timing";
        if (gaps.Length == 0)
            yield break;
        ModelCall[] models = [.. run.ModelCalls];
        ToolCall[] tools = [.. run.ToolCalls];
        yield return $"order and timing of {models.Length} model and {tools.Length} tool calls";
        if (tools.Any(c => c.Error is not null))
            yield return "which calls fail, and when: whether the run survives it (captured@tool)";
        // Of what a run never did nothing can be replayed.
        if (tools.Any(c => ContentText.IsThere(c.Result)) && Whole("tool calls without a result"))
            yield return "what tools return";
        if (
            models.Any(m => !ContentText.IsEmbedding(m) && (m.Error is not null || ContentText.IsThere(m.Output)))
            && Whole("model answers without messages")
        )
            yield return "what the model answers";
        if (tools.Any(c => ContentText.IsThere(c.Arguments)) && Whole("tool calls without arguments"))
            yield return "matching of calls by their arguments";
    }

    [GeneratedRegex(
        @"(\.{3}|…)?\s*[\[(<]truncated[^\])>]*[\])>]\s*$|\.{3} \(\d+ (more )?(chars|characters|bytes)[^)]*\)\s*$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Truncated();
}
