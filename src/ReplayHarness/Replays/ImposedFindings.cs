using ReplayHarness.Replays.Answers;
using ReplayHarness.Shapes;
using ReplayHarness.Shapes.Rules;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays;

/// <summary>What the mocks of one schedule imposed: see <see cref="OperationsOnly"/>.</summary>
internal static class ImposedFindings
{
    /// <summary>The identities imposed on a schedule. A call that no model asked for, a retry, is the agent's own doing.</summary>
    public static FindingIdentity[] Of(IEnumerable<BoundaryCall> calls, JudgedTrace judged, RunKnowledge known) =>
        [.. ByMocks(calls, known).Union(ByModel(calls, known, Acted(judged))).Order()];

    // What nobody declared, the requests of this schedule told.
    private static IEnumerable<string> Acted(JudgedTrace judged) =>
        judged.Attempts.SelectMany(a => a.Findings).Where(f => f.Rule.Name == DuplicatedEffect.Called).Select(f => f.Role);

    private static FindingIdentity[] ByMocks(IEnumerable<BoundaryCall> calls, RunKnowledge known) =>
        OperationsOnly.Imposed(
            calls
                .Where(c => c.Kind == BoundaryKind.Model || c is { Behaviour: not null, CallId: not null })
                .GroupBy(c => c.Attempt)
                .Select(a => a.Select(Record)),
            known with
            {
                AnswersAlone = false,
            }
        );

    // What the recorded model asks for twice is done twice, by whatever tool.
    private static IEnumerable<FindingIdentity> ByModel(IEnumerable<BoundaryCall> calls, RunKnowledge known, IEnumerable<string> acted)
    {
        var effects = new Dictionary<string, bool>(known.Effects, StringComparer.Ordinal);
        foreach (var tool in acted)
            effects[tool] = true;
        return effects.Count == 0
            ? []
            : OperationsOnly
                .Imposed(
                    calls
                        .Where(c => c is { Kind: BoundaryKind.Tool, CallId: not null })
                        .GroupBy(c => c.Attempt)
                        .Select(a => a.Select(c => new OperationRecord(c.Turn, c.Name, c.Arguments, null, null, 0))),
                    known with
                    {
                        AnswersAlone = false,
                        Effects = effects,
                    }
                )
                .Where(i => i.Rule == DuplicatedEffect.Called);
    }

    private static OperationRecord Record(BoundaryCall call) =>
        new(
            call.Turn,
            call.Kind == BoundaryKind.Model ? null : call.Name,
            call.Arguments,
            call.Result,
            ErrorOf(call),
            LatencyNanos(call),
            call.Output?.FinishReason?.Value
        );

    // What the agent itself cancelled, or earned, no mock did.
    private static CallError? ErrorOf(BoundaryCall call) =>
        call.IsDeserved || (call is { Behaviour.Error: null, Error: { } error } && ErrorClass.Of(error) == ErrorClass.Cancelled)
            ? null
            : call.Error;

    // A call that showed its captured behaviour took what that says, however late the kernel completed it; one that was healthy took its
    // own time.
    private static long LatencyNanos(BoundaryCall call)
    {
        var asCaptured = call.Behaviour is { } behaviour && (behaviour.Error is null || call.Error is not null);
        return asCaptured ? (long)(call.Behaviour!.LatencySeconds * 1e9) : (call.EndTicks - call.StartTicks) * 100;
    }
}
