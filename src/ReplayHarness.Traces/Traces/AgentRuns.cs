using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>Reads the runs of agents from a trace, whatever dialect its spans are in.</summary>
public static class AgentRuns
{
    /// <summary>The runs in order of time; none where the trace holds no call of a model or a tool.</summary>
    public static IReadOnlyList<AgentRun> Read(Trace trace)
    {
        if (trace.Spans.Any(s => TellsAll(trace, s)))
            return ReadNumbered(trace);
        Span[] tops = [.. trace.Outermost(s => RoleOf(trace, s) == SpanRole.Agent)];
        // Where some agents made calls, one that made none and did not fail is a wrapper's remnant, not a run.
        Span[] active = [.. tops.Where(top => Errors.Of(top) is not null || trace.DescendantsOf(top).Any(s => IsCall(trace, s)))];
        if (active.Length > 0)
            tops = active;
        if (tops.Length > 1 && Array.TrueForAll(tops, t => trace.DialectOf(t)!.HasSeveralAgents))
            return [.. SeveralAgents.Read(trace, tops)];
        if (tops.Length > 0)
            return
            [
                .. tops.Select(top => RunReader.Read(trace, top, [top, .. trace.DescendantsOf(top)], SeveralAgents.Within(trace, top))),
            ];
        Span[] roots = [.. trace.Roots.Where(r => trace.DescendantsOf(r).Prepend(r).Any(s => IsCall(trace, s)))];
        return roots.Length == 0
            ? []
            : [RunReader.Read(trace, null, [.. roots.SelectMany(r => trace.DescendantsOf(r).Prepend(r)).OrderBy(s => s.StartNanos)])];
    }

    /// <summary>
    /// The runs of several traces in order of time; one run that was exported as many traces is stitched together (<see
    /// cref="AgentRun.Stitched"/>).
    /// </summary>
    public static IReadOnlyList<AgentRun> Read(IEnumerable<Trace> traces) => [.. Stream(traces).OrderBy(r => r.Spans[0].StartNanos)];

    /// <summary>The runs of traces as they come; only fragments of runs are kept until the end, where they are stitched together.</summary>
    public static IEnumerable<AgentRun> Stream(IEnumerable<Trace> traces)
    {
        List<Trace> fragments = [];
        foreach (var trace in traces)
        {
            if (IsFragment(trace))
                fragments.Add(trace);
            else
                foreach (var run in Read(trace))
                    yield return run;
        }
        var stitched = Stitching.Stitch(fragments);
        var parts = stitched.SelectMany(s => s.Trace.Spans).Select(s => s.TraceId).ToHashSet(StringComparer.Ordinal);
        foreach (
            var run in fragments
                .Where(t => !parts.Contains(t.TraceId))
                .SelectMany(Read)
                .Concat(stitched.SelectMany(s => Read(s.Trace).Select(r => r with { Stitched = s.By })))
                .OrderBy(r => r.Spans[0].StartNanos)
        )
            yield return run;
    }

    /// <summary>Whether a trace holds only a part of a run: calls without an agent, or an agent without calls.</summary>
    public static bool IsFragment(Trace trace) =>
        trace.Spans.Any(s => IsCall(trace, s)) != trace.Spans.Any(s => RoleOf(trace, s) == SpanRole.Agent);

    /// <summary>
    /// Whether a run is a call or a few without an agent's span: perhaps a part of a run that was exported as many traces.
    /// </summary>
    public static bool IsLoose(AgentRun run) => run.Root is null && run.Stitched is null && IsFragment(run.Trace) && !HasAgent(run.Trace);

    /// <summary>Whether a span is an agent's, or lies within one.</summary>
    internal static bool IsWithinAgent(Trace trace, Span span) =>
        trace.AncestorsOf(span).Prepend(span).Any(s => RoleOf(trace, s) == SpanRole.Agent);

    internal static bool IsAgent(Trace trace, Span span) => RoleOf(trace, span) == SpanRole.Agent;

    internal static bool HasAgent(Trace trace) => trace.Spans.Any(s => RoleOf(trace, s) == SpanRole.Agent);

    // Spans that tell all are read alone: those around them are wrappers, whatever they are called. Each carries the number of its attempt.
    private static AgentRun[] ReadNumbered(Trace trace) =>
        [
            .. trace
                .Spans.Where(s => TellsAll(trace, s))
                .Select(span => (Span: span, Attempt: trace.DialectOf(span)!.Attempt(span)))
                .Where(s => s.Attempt is not null)
                .GroupBy(s => s.Attempt, s => s.Span)
                .OrderBy(m => m.Key)
                .Select(m =>
                    RunReader.Read(trace, m.FirstOrDefault(s => RoleOf(trace, s) == SpanRole.Agent), [.. m]) with
                    {
                        Attempt = (int?)m.Key,
                    }
                ),
        ];

    private static bool TellsAll(Trace trace, Span span) => trace.DialectOf(span)?.TellsAll == true;

    private static bool IsCall(Trace trace, Span span) => RoleOf(trace, span) is SpanRole.Model or SpanRole.Tool;

    private static SpanRole RoleOf(Trace trace, Span span) => trace.DialectOf(span)?.RoleOf(span) ?? SpanRole.Other;
}
