namespace ReplayHarness.Shapes.Rules;

/// <summary>A call was cancelled because its sibling failed: a victim, not the cause.</summary>
internal sealed class CancelledSibling : Rule
{
    public override string Name => "cancelled-sibling";

    public override FindingKind Kind => FindingKind.Symptom;

    public override string Summary => "A call was cancelled because a sibling failed of itself.";

    internal override RuleMemory Memory => RuleMemories.Victims;

    internal override IEnumerable<Finding> Find(RunView run) =>
        run
            .ToolCalls.Where(run.IsVictim)
            .Select(c => new Finding(
                this,
                c.Name,
                ErrorClass.Cancelled,
                $"{c.Name} was cancelled after {Durations.Text(c.Span.Duration)} because a sibling failed",
                [c.Span]
            ));
}
