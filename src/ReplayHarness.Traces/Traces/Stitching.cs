using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>
/// Puts together what an instrumentation without context exported as many traces: fragments of one service that share a session, or that
/// lie within the time of one fragment that holds the agent. What neither joins stays apart, and is said.
/// </summary>
internal static class Stitching
{
    /// <summary>A run's spans as one trace, and what joined them.</summary>
    public sealed record Joined(Trace Trace, string By);

    public static IReadOnlyList<Joined> Stitch(IReadOnlyList<Trace> traces)
    {
        List<Trace> fragments = [.. traces.Where(AgentRuns.IsFragment)];
        if (fragments.Count < 2)
            return [];
        List<Joined> joined = [];
        foreach (
            var session in fragments
                .Where(f => SessionOf(f) is not null)
                .GroupBy(f => (ServiceOf(f), Session: SessionOf(f)!))
                .Where(g => g.Count() > 1)
                .ToArray()
        )
        {
            Join(joined, [.. session], session.Key.Session);
            fragments.RemoveAll(session.Contains);
        }
        // The longest agent first: it holds the others of its run.
        foreach (var agent in fragments.Where(AgentRuns.HasAgent).OrderByDescending(Length).ToArray())
        {
            if (!fragments.Contains(agent))
                continue;
            Trace[] within =
            [
                .. fragments.Where(f => ServiceOf(f) == ServiceOf(agent) && Start(f) >= Start(agent) && End(f) <= End(agent)),
            ];
            // Another agent that overlaps could own them as well: two runs at once cannot be told apart by time.
            var ambiguous = fragments.Exists(f =>
                f != agent
                && AgentRuns.HasAgent(f)
                && !within.Contains(f)
                && ServiceOf(f) == ServiceOf(agent)
                && Start(f) < End(agent)
                && End(f) > Start(agent)
            );
            if (ambiguous || within.Length < 2 || within.All(AgentRuns.HasAgent))
                continue;
            Join(joined, within, $"the time of {agent.Spans[0].Name}");
            fragments.RemoveAll(within.Contains);
        }
        return joined;
    }

    // The fragments' roots become children of the agent's span, so that the run is one tree.
    private static void Join(List<Joined> joined, Trace[] parts, string by)
    {
        var agent = parts.Where(AgentRuns.HasAgent).OrderByDescending(Length).FirstOrDefault()?.Spans[0];
        var spans = parts
            .SelectMany(p => p.Spans)
            .Select(s => agent is not null && s != agent && s.ParentSpanId is null ? s with { ParentSpanId = agent.SpanId } : s)
            .DistinctBy(s => s.SpanId);
        joined.Add(new(new Trace(parts.MinBy(Start)!.TraceId, spans), $"{parts.Length} traces by {by}"));
    }

    private static string? SessionOf(Trace trace)
    {
        foreach (var name in DialectNames.Sessions)
            if (trace.Spans.Select(s => s.Attributes.Text(name)).FirstOrDefault(v => v is not null) is { } value)
                return $"{name}={value}";
        return null;
    }

    private static string? ServiceOf(Trace trace) => trace.Spans[0].Resource.Text("service.name");

    private static long Start(Trace trace) => trace.Spans[0].StartNanos;

    private static long End(Trace trace) => trace.Spans.Max(s => s.EndNanos);

    private static long Length(Trace trace) => End(trace) - Start(trace);
}
