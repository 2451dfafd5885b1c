#pragma warning disable RS0030 // Watches a replay in real time, from a thread beside it that touches nothing of it.
using System.Diagnostics;
using ReplayHarness.Replays;

namespace ReplayHarness.Host;

/// <summary>What this process does, as far as it can get stuck.</summary>
internal enum Doing
{
    /// <summary>It waits for a job.</summary>
    Nothing,

    /// <summary>It runs a schedule: the agent's code has the thread.</summary>
    Schedule,

    /// <summary>It has a job, and no schedule runs: it explores, judges, closes what an agent opened.</summary>
    Between,
}

/// <summary>
/// Calls for help when a replay does not get on: agent code that spins, or that blocks outside the replay, never gives the thread back.
/// </summary>
/// <param name="limit">How long one step may run, in its own processor time.</param>
/// <param name="doing">What the process does.</param>
/// <param name="alive">Called every second while there is a job, on the watchdog's thread.</param>
/// <param name="stuck">Called when it is stuck, on the watchdog's thread.</param>
internal sealed class Watchdog(Func<TimeSpan> limit, Func<Doing> doing, Action alive, Action<Doing, Stall> stuck)
{
    /// <summary>How long the process may wait between schedules: whatever takes longer never ends.</summary>
    public static readonly TimeSpan BetweenLimit = TimeSpan.FromSeconds(60);

    private const int Looks = 20;
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(1);

    /// <summary>Watches from now on.</summary>
    public void Start() => new Thread(Watch) { IsBackground = true, Name = "replay watchdog" }.UnsafeStart();

    private void Watch()
    {
        var step = new StepTime(limit());
        var (before, progress, times) = (Doing.Nothing, -1L, ProcessTimes.Now());
        var beat = Stopwatch.GetTimestamp();
        while (true)
        {
            var asked = limit() / Looks;
            var slept = Stopwatch.GetTimestamp();
            Thread.Sleep(asked);
            var wall = Stopwatch.GetElapsedTime(slept);
            var (now, reached, spent) = (doing(), ProcessState.Progress, ProcessTimes.Now());
            var look = new Look(asked, wall, spent.Processor - times.Processor, spent.Starved - times.Starved);
            if (now == Doing.Nothing || now != before || reached != progress)
                step = new(now == Doing.Between ? BetweenLimit / StepTime.Waits : limit(), mayCompute: now == Doing.Between);
            else if (step.Add(look) is var why and > Stall.None)
                stuck(now, why);
            (before, progress, times) = (now, reached, spent);
            if (now == Doing.Nothing || Stopwatch.GetElapsedTime(beat) < s_beat)
                continue;
            alive();
            beat = Stopwatch.GetTimestamp();
        }
    }
}
