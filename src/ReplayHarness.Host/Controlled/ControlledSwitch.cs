using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>What a framework's switch for tool calls at once answers, once it has been rewritten.</summary>
public static class ControlledSwitch
{
    /// <summary>The end of its getter.</summary>
    /// <param name="own">What is set.</param>
    /// <param name="name">The switch.</param>
    public static bool MayRunAtOnce(bool own, string name) => ToolsAtOnce.Ask(own, name);
}
