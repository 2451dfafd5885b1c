namespace ReplayHarness.Shapes.Rules;

/// <summary>
/// What may go wrong between two awaits. No trace shows that: only a replay that watches the code there finds it, and names the rule.
/// </summary>
/// <param name="name">The rule's name.</param>
/// <param name="summary">What is wrong.</param>
internal sealed class RaceRule(string name, string summary) : Rule
{
    /// <summary>Two pieces of the agent's code may be in one object at once that is not safe for two.</summary>
    public static RaceRule UnsafeSharing { get; } =
        new(
            "unsafe-sharing",
            "Two pieces of the agent's code may be in one object at once that its documentation allows for one, and one of them changes it."
        );

    /// <summary>Two pieces of the agent's code take locks in opposite orders.</summary>
    public static RaceRule LockOrder { get; } =
        new("lock-order", "Two pieces of the agent's code take locks in opposite orders, so that each may come to wait for the other.");

    public override string Name => name;

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary => summary;

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) => [];
}
