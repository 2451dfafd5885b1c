namespace ReplayHarness.Running;

/// <summary>
/// A replay under a debugger: the host waits for one, then runs one schedule of each hypothesis, and nothing watches how long a step takes.
/// </summary>
internal static class Debugging
{
    /// <summary>The variable that turns it on.</summary>
    public const string Variable = "REPLAYHARNESS_DEBUG";

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable(Variable) == "1";
}
