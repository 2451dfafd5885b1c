using ReplayHarness.Replays;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Support;

/// <summary>A schedule that showed nothing; tests change what they are about.</summary>
internal static class EmptySchedule
{
    public static ScheduleResult Of(KernelEnd end) =>
        new()
        {
            End = end,
            LogHash = 0,
            VirtualTime = TimeSpan.Zero,
            Events = [],
            Deadlock = null,
            Faults = [],
            Left = new Dictionary<string, int>(),
            Choices = [],
            Judged = new(new Trace("", []), []),
            Imposed = [],
            Overlapped = false,
            Divergence = null,
            Exercise = new([], [], false, [], [], false),
            Uncontrolled = [],
            Inert = [],
            Drift = [],
        };
}
