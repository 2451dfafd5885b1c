#pragma warning disable RS0030 // The one place of the server that knows real time: agents in other processes live in it.
namespace ReplayHarness.Server;

/// <summary>Real time, for agents that are not replayed in virtual time.</summary>
internal static class RealTime
{
    public static TimeProvider Clock => TimeProvider.System;
}
