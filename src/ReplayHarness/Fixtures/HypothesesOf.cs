using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>Which hypotheses an incident gives rise to, and which of its findings each can judge.</summary>
internal static class HypothesesOf
{
    public static Hypothesis[] Incident(Incident incident, IEnumerable<AgentRun> runs, Behaviour[] behaviours, HealthyCall[] healthy)
    {
        var imposed = OperationsOnly.Imposed(runs, IsServedWell);
        bool IsServedWell(ToolCall call) =>
            Array.Exists(
                behaviours,
                b => b.Error is null && FixtureIndex.Key(b.Tool, b.Arguments) == (call.Name, Json.Canonical(call.Arguments))
            );
        FindingIdentity[] emergent = [.. incident.Shape.Identity.Except(imposed)];
        List<Hypothesis> hypotheses =
        [
            new()
            {
                Name = Hypothesis.CapturedAtTool,
                Claim = "Every tool call behaves as it did when captured. Judges whether the run survives it.",
                Judges = emergent,
                Contending = [],
                Healthy = [],
            },
        ];
        if (behaviours.Length == 0)
            return [.. hypotheses];
        hypotheses.Add(
            new()
            {
                Name = Hypothesis.HealthyAtHttp,
                Claim =
                    "The agent's own tool code runs over a backend that is healthy. Judges everything: what goes wrong now, the agent does by itself.",
                Judges = incident.Shape.Identity,
                Contending = [],
                Healthy = healthy,
            }
        );
        // Calls that disturb each other, and a known way they go when they do not.
        string[] contending =
        [
            .. incident.Shape.Identity.Where(i => i.Rule == "sibling-mismatch" && healthy.Any(h => h.Tool == i.Role)).Select(i => i.Role),
        ];
        if (contending.Length > 0)
            hypotheses.Add(
                new()
                {
                    Name = Hypothesis.ContentionAtTool,
                    Claim = "A call hangs only while its sibling is in flight. For agents whose own tool code cannot run in a replay.",
                    Judges =
                    [
                        .. emergent
                            .Concat(contending.Select(tool => new FindingIdentity("overlapping-siblings", tool, ErrorClass.Timeout)))
                            .Order(),
                    ],
                    Contending = contending,
                    Healthy = healthy,
                }
            );
        return [.. hypotheses];
    }
}
