using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>
/// Two calls were in flight at once on a resource that a fixture declares not to stand it. Only a replay can show this: a boundary marks the call
/// with <see cref="ContendedWith"/>; in a captured trace overlap alone proves nothing.
/// </summary>
internal sealed class OverlappingSiblings : Rule
{
    /// <summary>The attribute by which a boundary marks a call that overlapped another one on the same resource.</summary>
    public const string ContendedWith = "replay_harness.contended_with";

    public override string Name => "overlapping-siblings";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary => "Two calls were in flight at once on a resource that the fixture declares not to stand it.";

    internal override RuleMemory Memory => RuleMemories.None;

    public override IEnumerable<Finding> Find(RunView run) =>
        from call in run.ToolCalls
        let other = call.Span.Attributes.Text(ContendedWith)
        where other is not null
        select new Finding(
            this,
            call.Name,
            run.ClassOf(call) ?? ErrorClass.Timeout,
            $"{call.Name} was in flight together with {other}",
            [call.Span]
        );
}
