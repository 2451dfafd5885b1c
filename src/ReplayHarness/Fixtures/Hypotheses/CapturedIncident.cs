using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.Hypotheses;

/// <summary>What of an incident decides which hypotheses it gives rise to.</summary>
/// <param name="Identity">Everything that its shape holds.</param>
/// <param name="Emergent">What of that no mock of the captured calls would impose.</param>
/// <param name="HasCalls">Whether tools were called.</param>
/// <param name="Healthy">How the calls that failed go when nothing is wrong.</param>
/// <param name="RefusalsAreDeserved">See <see cref="ModelRefusals.AreDeserved"/>.</param>
internal sealed record CapturedIncident(
    IReadOnlyList<FindingIdentity> Identity,
    IReadOnlyList<FindingIdentity> Emergent,
    bool HasCalls,
    IReadOnlyList<HealthyCall> Healthy,
    bool RefusalsAreDeserved = false
)
{
    /// <summary>Of an incident with the behaviours that were captured of it.</summary>
    public static CapturedIncident Of(
        Incident incident,
        IEnumerable<AgentRun> runs,
        Behaviour[] behaviours,
        HealthyCall[] healthy,
        RunKnowledge known
    )
    {
        AgentRun[] all = [.. runs];
        var imposed = OperationsOnly.Imposed(all, IsServedWell, known with { Effects = RunKnowledge.None.Effects });
        return new(
            incident.Shape.Identity,
            [.. incident.Shape.Identity.Except(imposed)],
            behaviours.Length > 0,
            healthy,
            ModelRefusals.AreDeserved(all)
        );

        bool IsServedWell(ToolCall call) =>
            Array.Exists(
                behaviours,
                b => b.Error is null && FixtureIndex.Key(b.Tool, b.Arguments) == (call.Name, Json.Canonical(call.Arguments))
            );
    }
}
