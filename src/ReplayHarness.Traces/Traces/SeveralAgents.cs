using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>
/// The runs of a trace in which agents stand side by side: several agents of one run (a workflow, a fan-out, a hand-off, a group chat),
/// several questions of one session, or attempts. An attempt is the same question to the same agent again, after the one before has ended.
/// </summary>
internal static class SeveralAgents
{
    public static IEnumerable<AgentRun> Read(Trace trace, Span[] agents)
    {
        var attempts = AttemptsOf(trace, agents);
        foreach (var agentsOfOne in attempts)
        {
            if (agentsOfOne is [var only])
            {
                yield return RunReader.Read(trace, only, [only, .. trace.DescendantsOf(only)], Within(trace, only));
                continue;
            }
            var root = CommonAncestor(trace, agentsOfOne, attempts.Where(a => a != agentsOfOne).SelectMany(a => a));
            var spans = root is null
                ? agentsOfOne.SelectMany(a => trace.DescendantsOf(a).Prepend(a))
                : trace.DescendantsOf(root).Prepend(root);
            // In order of time: what several agents do is interleaved.
            yield return RunReader.Read(
                trace,
                root,
                [.. spans.OrderBy(s => s.StartNanos).ThenByDescending(s => s.EndNanos).ThenBy(s => s.SpanId, StringComparer.Ordinal)],
                agentsOfOne
            );
        }
    }

    /// <summary>The agents of a workflow: one may have failed whatever the workflow says. Null for any other span.</summary>
    public static Span[]? Within(Trace trace, Span top) =>
        trace.DialectOf(top) is { HasSeveralAgents: true } && top.Attributes.Text("gen_ai.operation.name") == "invoke_workflow"
            ?
            [
                .. trace
                    .DescendantsOf(top)
                    .Where(s =>
                        AgentRuns.IsAgent(trace, s) && trace.AncestorsOf(s).FirstOrDefault(a => AgentRuns.IsAgent(trace, a)) == top
                    ),
            ]
            : null;

    private static List<List<Span>> AttemptsOf(Trace trace, Span[] agents)
    {
        List<List<Span>> attempts =
        [
            [],
        ];
        foreach (var agent in agents.OrderBy(a => a.StartNanos).ThenBy(a => a.SpanId, StringComparer.Ordinal))
        {
            if (attempts[^1].Exists(earlier => IsAgain(trace, earlier, agent)))
                attempts.Add([]);
            attempts[^1].Add(agent);
        }
        return attempts;
    }

    private static bool IsAgain(Trace trace, Span earlier, Span agent)
    {
        if (earlier.EndNanos > agent.StartNanos || NameOf(trace, earlier) != NameOf(trace, agent))
            return false;
        // Where nobody recorded what was asked, only a failure says that it was asked again.
        return (QuestionTo(trace, earlier), QuestionTo(trace, agent)) is (var was, var now) && (was ?? now) is not null
            ? was == now
            : Errors.Of(earlier) is not null;
    }

    // Ids are those of an object, and new with each one.
    private static string NameOf(Trace trace, Span agent) => trace.DialectOf(agent)!.AgentName(agent) ?? agent.Name.Split('(')[0];

    // What the model was asked holds the history, so that one word said twice in a session is no attempt.
    private static string? QuestionTo(Trace trace, Span agent)
    {
        var asked = trace
            .DescendantsOf(agent)
            .Where(s => trace.DialectOf(s)?.RoleOf(s) == SpanRole.Model)
            .Select(s => trace.DialectOf(s)!.Input(s))
            .FirstOrDefault(input => input is not null);
        return (asked ?? trace.DialectOf(agent)!.Input(agent)) is { } messages ? string.Concat(messages.Select(Text)) : null;
    }

    private static string Text(Message message) => $"{message.Role}\n{string.Join('\n', message.Parts.Select(p => $"{p}"))}\n";

    // The nearest span around all of them, unless it holds another attempt, too.
    private static Span? CommonAncestor(Trace trace, List<Span> agents, IEnumerable<Span> others)
    {
        var common = trace.AncestorsOf(agents[0]).FirstOrDefault(a => agents.TrueForAll(g => IsBelow(trace, g, a)));
        return common is not null && others.Any(o => IsBelow(trace, o, common)) ? null : common;
    }

    private static bool IsBelow(Trace trace, Span span, Span above) => trace.AncestorsOf(span).Any(a => a.SpanId == above.SpanId);
}
