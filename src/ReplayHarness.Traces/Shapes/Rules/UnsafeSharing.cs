namespace ReplayHarness.Shapes.Rules;

/// <summary>
/// Two pieces of the agent's code may be in one object at once that is not safe for two. No trace shows that: only a replay that watches
/// the code between two awaits finds it.
/// </summary>
internal sealed class UnsafeSharing : Rule
{
    /// <summary>The rule's name, for those who find it.</summary>
    public const string RuleName = "unsafe-sharing";

    public override string Name => RuleName;

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary =>
        "Two pieces of the agent's code may be in one object at once that its documentation allows for one, and one of them changes it.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) => [];
}
