using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>The client of the model tried more than once.</summary>
internal sealed class ModelRetries : Rule
{
    private const long FirstHttpError = 400;

    public override string Name => "model-retries";

    public override FindingKind Kind => FindingKind.Observation;

    public override bool IsError => false;

    public override string Summary => "One model call took its client several attempts.";

    internal override string? NotJudged => "how often the model's API refuses is the fixture's doing";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var call in run.Run.ModelCalls)
        {
            var attempts = AttemptsOf(run, call);
            if (attempts.Count < 2)
                continue;
            var seconds = TimeSpan.FromTicks((attempts[^1].EndNanos - attempts[0].StartNanos) / 100);
            yield return new(
                this,
                "model",
                ErrorClass.Model,
                $"one model call took {attempts.Count} attempts and {Durations.Text(seconds)}",
                attempts
            );
        }
    }

    /// <summary>The attempts of a model call, as spans of the client's or, where it wrote none, as the requests within.</summary>
    internal static IReadOnlyList<Span> AttemptsOf(RunView run, ModelCall call) =>
        call.Attempts.Count <= 1 && Requests(run.Run.Trace, call.Span) is { Length: > 1 } requests ? requests : call.Attempts;

    // The client's own retries may be told by the HTTP requests within the model's span: all but the last were refused.
    private static Span[] Requests(Trace trace, Span model)
    {
        Span[] requests =
        [
            .. trace
                .DescendantsOf(model)
                .Where(s => StatusOf(s) is not null || s.Attributes.Has("http.request.method") || s.Attributes.Has("http.method")),
        ];
        return requests.Length > 1 && requests[..^1].All(s => s.Status == SpanStatus.Error || StatusOf(s) >= FirstHttpError)
            ? requests
            : [];
    }

    private static long? StatusOf(Span span) =>
        span.Attributes.Number("http.response.status_code") ?? span.Attributes.Number("http.status_code");
}

/// <summary>Something else failed in the same trace.</summary>
internal sealed class NoiseError : Rule
{
    public override string Name => "noise-error";

    public override FindingKind Kind => FindingKind.Observation;

    public override bool IsError => false;

    public override string Summary => "A span outside the run failed with another error than the run: it is not the cause.";

    internal override string? NotJudged => "it speaks of what lies outside the run";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        var inside = run.Run.Spans.Select(s => s.SpanId).ToHashSet(StringComparer.Ordinal);
        var known = run.Run.Spans.Where(s => s.Status == SpanStatus.Error).Select(TypeOf).ToHashSet(StringComparer.Ordinal);
        return from span in run.Run.Trace.Spans
            where
                span.Status == SpanStatus.Error
                && !inside.Contains(span.SpanId)
                && !known.Contains(TypeOf(span))
                && !run.Run.Trace.DescendantsOf(span).Any(s => inside.Contains(s.SpanId))
                && IsAlone(run.Run, span)
            select new Finding(
                this,
                "run",
                "other:" + TypeOf(span),
                $"{SpanTree.DisplayName(span)} failed outside the run: {TypeOf(span)}",
                [span]
            );
    }

    private static string TypeOf(Span span) => SpanTree.ExceptionType(span) ?? "error";

    // Of several runs in one trace each has its own errors.
    private static bool IsAlone(AgentRun run, Span span) => run.Root is null || !AgentRuns.IsWithinAgent(run.Trace, span);
}
