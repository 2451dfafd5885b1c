using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>A call that answers when it runs alone failed in the run, over a backend that is healthy: the agent made it fail.</summary>
internal sealed class HealthyCallFailed : Rule
{
    // What these say of a call need not be said twice.
    private static readonly Rule[] s_closer = [new SiblingMismatch(), new TimeoutConstant(), new OverlappingSiblings()];

    public override string Name => "healthy-call-failed";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary =>
        "A call that answers when it runs alone over a healthy backend failed in the run, and no other cause accounts for it; only in "
        + "replays of healthy@http.";

    internal override RuleMemory Memory { get; } =
        static (run, memory) =>
        {
            foreach (var rule in s_closer)
                rule.Memory(run, memory);
        };

    internal override IEnumerable<Finding> Find(RunView run)
    {
        ToolCall[] failed = [.. run.Culprits.Where(c => !RunView.IsGivenUp(c) && run.AnswersAlone && run.ExpectedResult(c) is not null)];
        if (failed.Length == 0)
            yield break;
        var told = s_closer.SelectMany(r => r.Find(run)).SelectMany(f => f.Evidence).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var call in failed.Where(c => !told.Contains(c.Span)))
            yield return new(
                this,
                call.Name,
                run.ClassOf(call)!,
                $"{call.Name} {call.Arguments} answers when it runs alone, and failed in the run ({call.Error})",
                [call.Span]
            );
    }
}
