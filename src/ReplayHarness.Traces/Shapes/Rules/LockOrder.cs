namespace ReplayHarness.Shapes.Rules;

/// <summary>
/// Two pieces of the agent's code take locks in opposite orders. No trace shows that: only a replay that watches the code
/// between two awaits finds it.
/// </summary>
internal sealed class LockOrder : Rule
{
    /// <summary>The rule's name, for those who find it.</summary>
    public const string RuleName = "lock-order";

    public override string Name => RuleName;

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary =>
        "Two pieces of the agent's code take locks in opposite orders, so that each may come to wait for the other.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) => [];
}
