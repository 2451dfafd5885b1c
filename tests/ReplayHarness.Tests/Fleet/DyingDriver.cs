using System.Runtime.InteropServices;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Fleet;

/// <summary>An agent that takes the process down with it.</summary>
public sealed class DyingDriver : IReplayDriver
{
    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        // Memory that is not there ends a process, whoever catches what.
        Marshal.WriteInt32(0x1000_0000, 1);
        return Task.CompletedTask;
    }
}
