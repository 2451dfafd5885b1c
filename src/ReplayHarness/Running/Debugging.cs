#pragma warning disable RS0030 // Waits for a person, in real time, before anything is replayed.
using System.Diagnostics;

namespace ReplayHarness.Running;

/// <summary>A replay under a debugger: the host waits for one, then runs one schedule of each hypothesis, and nothing watches how long a step takes.</summary>
internal static class Debugging
{
    /// <summary>The variable that turns it on.</summary>
    public const string Variable = "REPLAYHARNESS_DEBUG";

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Returns once a debugger is attached.</summary>
    public static void Wait()
    {
        while (!Debugger.IsAttached)
            Thread.Sleep(s_look);
    }
}
