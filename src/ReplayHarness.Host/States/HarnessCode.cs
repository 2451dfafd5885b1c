using System.Reflection;
using ReplayHarness.Running;

namespace ReplayHarness.Host.States;

/// <summary>What runs in the process of a replay and is not the agent.</summary>
internal static class HarnessCode
{
    /// <summary>True for an assembly of the harness itself.</summary>
    public static bool Owns(Assembly assembly) => assembly == typeof(HarnessCode).Assembly || ControlledFolder.Harness.Contains(assembly);
}
