using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Shapes.Rules;

/// <summary>Something within a run failed that is neither a call nor the run.</summary>
internal sealed class InnerError : Rule
{
    public override string Name => "inner-error";

    public override FindingKind Kind => FindingKind.Observation;

    public override bool IsError => false;

    public override string Summary =>
        "A span within the run failed that is neither a call of a model or a tool nor within one (a guardrail, a turn, a step of a "
        + "workflow), and the run went on.";

    internal override string? NotJudged => "it reads spans of the agent's own code, which no replay compares";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        if (run.Run.Failed)
            yield break;
        var calls = run
            .Run.ModelCalls.SelectMany(m => m.Attempts)
            .Concat(run.ToolCalls.Select(c => c.Span))
            .Select(s => s.SpanId)
            .ToHashSet();
        foreach (var span in run.Run.Spans.Where(s => s.Status == SpanStatus.Error && s != run.Run.Root && !calls.Contains(s.SpanId)))
            if (
                !IsEventOfCall(run.Run.Trace, span)
                && !run.Run.Trace.AncestorsOf(span).Any(a => calls.Contains(a.SpanId))
                && !run.Run.Trace.DescendantsOf(span).Any(d => d.Status == SpanStatus.Error)
                && Errors.Of(span) is { } error
            )
                yield return new(this, "run", ErrorClass.Of(error), $"{SpanTree.DisplayName(span)} failed within the run: {error}", [span]);
    }

    // Where each event of a call is a span, its error is one.
    private static bool IsEventOfCall(Trace trace, Span span) =>
        trace.DialectOf(span) is { } dialect
        && dialect.RoleOf(span) is SpanRole.Model or SpanRole.Tool
        && dialect.EventOf(span) is not null;
}

/// <summary>A request that a tool sent failed, and the tool says that all is well.</summary>
internal sealed class SwallowedInTool : Rule
{
    private const long FirstServerError = 500;

    public override string Name => "swallowed-in-tool";

    // What the tool made of it may be right: shown, and judged where a user names it.
    public override FindingKind Kind => FindingKind.Observation;

    public override bool IsError => false;

    public override string Summary =>
        "The last request that a tool sent to one place (HTTP, a database) failed, and its call answered as if it had not.";

    internal override string? NotJudged => "a replay answers for the backend, which refuses nothing there";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var call in run.ToolCalls.Where(c => c.Error is null && SoftErrors.In(c.Result) is null))
        foreach (
            var place in ToolRequests
                .Below(run.Run, call.Span)
                .Where(s => PlaceOf(s) is not null)
                .GroupBy(s => PlaceOf(s), StringComparer.Ordinal)
        )
            if (place.MaxBy(s => s.EndNanos) is { } last && Failed(last))
            {
                var error = Errors.Of(last) ?? new CallError("", $"HTTP {StatusOf(last)}");
                yield return new(
                    this,
                    call.Name,
                    ErrorClass.Of(error),
                    $"{place.Key} failed within {call.Name} ({error}), which answered as if it had not",
                    [last, call.Span]
                );
            }
    }

    private static bool Failed(Span span) => span.Status == SpanStatus.Error || StatusOf(span) >= FirstServerError;

    private static long? StatusOf(Span span) =>
        span.Attributes.Number("http.response.status_code") ?? span.Attributes.Number("http.status_code");

    // The client's side of a request.
    private static string? PlaceOf(Span span)
    {
        var attributes = span.Attributes;
        var database = attributes.Text("db.system.name") ?? attributes.Text("db.system");
        if (database is not null)
            return database;
        var method = attributes.Text("http.request.method") ?? attributes.Text("http.method");
        if (method is null)
            return null;
        var url = attributes.Text("url.full") ?? attributes.Text("http.url") ?? attributes.Text("server.address");
        return url is null ? method : $"{method} {url.Split('?')[0]}";
    }
}
