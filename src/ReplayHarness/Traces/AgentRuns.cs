using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>Reads the runs of agents from a trace, whatever dialect its spans are in.</summary>
public static class AgentRuns
{
    /// <summary>The scope of the spans that a replay's boundaries emit.</summary>
    public const string ReplayScope = "ReplayHarness";

    /// <summary>The attribute that numbers the attempts of a replay.</summary>
    public const string ReplayAttempt = "replay_harness.attempt";

    /// <summary>The runs in order of time; none where the trace holds no call of a model or a tool.</summary>
    public static IReadOnlyList<AgentRun> Read(Trace trace)
    {
        if (trace.Spans.Any(s => s.Scope == ReplayScope)) return ReadReplay(trace);
        Span[] tops = [.. trace.Spans.Where(s => RoleOf(s) == SpanRole.Agent && !trace.AncestorsOf(s).Any(a => RoleOf(a) == SpanRole.Agent))];
        if (tops.Length > 0) return [.. tops.Select(top => RunReader.Read(trace, top, [top, .. trace.DescendantsOf(top)]))];
        Span[] roots = [.. trace.Roots.Where(r => trace.DescendantsOf(r).Prepend(r).Any(s => RoleOf(s) is SpanRole.Model or SpanRole.Tool))];
        return roots.Length == 0 ? [] : [RunReader.Read(trace, null, [.. roots.SelectMany(r => trace.DescendantsOf(r).Prepend(r)).OrderBy(s => s.StartNanos)])];
    }

    // A replay's own spans carry everything; the agent's own spans around them are wrappers, whatever they are called. An attempt's spans carry its number.
    private static AgentRun[] ReadReplay(Trace trace)
    {
        var members = trace.Spans.Where(s => s.Scope == ReplayScope && s.Attributes.Has(ReplayAttempt)).ToLookup(s => s.Attributes.Number(ReplayAttempt));
        return [.. members.OrderBy(m => m.Key).Select(m => RunReader.Read(trace, m.FirstOrDefault(s => RoleOf(s) == SpanRole.Agent), [.. m], "replay") with { Attempt = (int?)m.Key })];
    }

    private static SpanRole RoleOf(Span span) => DialectTable.Of(span)?.RoleOf(span) ?? SpanRole.Other;
}
