#pragma warning disable RS0030 // Watches a replay in real time, from a thread beside it that touches nothing of it.
using ReplayHarness.Replays;

namespace ReplayHarness.Host;

/// <summary>
/// Calls for help when a replay does not get on: agent code that spins, or that blocks outside the replay, never gives the thread back.
/// </summary>
internal static class Watchdog
{
    /// <summary>Watches from now on.</summary>
    /// <param name="limit">How long one step may take, in real time.</param>
    /// <param name="running">Whether a replay runs.</param>
    /// <param name="stuck">Called once, on the watchdog's thread, when it is stuck.</param>
    public static void Start(Func<TimeSpan> limit, Func<bool> running, Action stuck)
    {
        var thread = new Thread(() => Watch(limit, running, stuck)) { IsBackground = true, Name = "replay watchdog" };
        thread.UnsafeStart();
    }

    private static void Watch(Func<TimeSpan> limit, Func<bool> running, Action stuck)
    {
        const int Looks = 20;
        var (last, same) = (-1L, 0);
        while (same < Looks)
        {
            Thread.Sleep(limit() / Looks);
            var now = ProcessState.Progress;
            same = running() && now == last ? same + 1 : 0;
            last = now;
        }
        stuck();
    }
}
