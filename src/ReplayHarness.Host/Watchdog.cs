#pragma warning disable RS0030 // Watches a replay in real time, from a thread beside it that touches nothing of it.
using System.Diagnostics;
using ReplayHarness.Replays;

namespace ReplayHarness.Host;

/// <summary>
/// Calls for help when a replay does not get on: agent code that spins, or that blocks outside the replay, never gives the thread back.
/// </summary>
internal static class Watchdog
{
    /// <summary>Watches from now on.</summary>
    /// <param name="limit">How long one step may run, in its own processor time.</param>
    /// <param name="running">Whether a replay runs.</param>
    /// <param name="stuck">Called once, on the watchdog's thread, when it is stuck.</param>
    public static void Start(Func<TimeSpan> limit, Func<bool> running, Action<Stall> stuck)
    {
        var thread = new Thread(() => Watch(limit, running, stuck)) { IsBackground = true, Name = "replay watchdog" };
        thread.UnsafeStart();
    }

    private static void Watch(Func<TimeSpan> limit, Func<bool> running, Action<Stall> stuck)
    {
        const int Looks = 20;
        var stall = Stall.None;
        var step = new StepTime(limit());
        var (last, before) = (-1L, ProcessTimes.Now());
        while (stall == Stall.None)
        {
            var asked = limit() / Looks;
            var slept = Stopwatch.GetTimestamp();
            Thread.Sleep(asked);
            var wall = Stopwatch.GetElapsedTime(slept);
            var (progress, now) = (ProcessState.Progress, ProcessTimes.Now());
            if (running() && progress == last)
                stall = step.Add(new(asked, wall, now.Processor - before.Processor, now.Starved - before.Starved));
            else
                step = new(limit());
            (last, before) = (progress, now);
        }
        stuck(stall);
    }
}
