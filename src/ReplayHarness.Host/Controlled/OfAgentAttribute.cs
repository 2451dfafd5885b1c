namespace ReplayHarness.Host.Controlled;

/// <summary>Marks, in the copy that is replayed, an assembly of the agent team's own.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class OfAgentAttribute : Attribute;
