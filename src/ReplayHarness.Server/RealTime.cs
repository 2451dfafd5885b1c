#pragma warning disable RS0030 // The one place of the server that knows real time: agents in other processes live in it.
namespace ReplayHarness.Server;

/// <summary>Real time, for agents that are not replayed in virtual time; and the real machine.</summary>
internal static class RealTime
{
    public static TimeProvider Clock => TimeProvider.System;

    /// <summary>The memory that this process may have, in bytes: the machine's, or its container's.</summary>
    public static long MachineMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
