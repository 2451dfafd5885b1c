using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>
/// Two calls were in flight at once on a resource that a fixture declares not to stand it. Only who answers the calls can say so
/// (<see cref="ToolCall.ContendedWith"/>); in a captured trace overlap alone proves nothing.
/// </summary>
internal sealed class OverlappingSiblings : Rule
{
    public override string Name => "overlapping-siblings";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary => "Two calls were in flight at once on a resource that the fixture declares not to stand it.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) =>
        from call in run.ToolCalls
        let other = call.ContendedWith
        where other is not null
        select new Finding(
            this,
            call.Name,
            run.ClassOf(call) ?? ErrorClass.Timeout,
            $"{call.Name} was in flight together with {other}",
            [call.Span]
        );
}
