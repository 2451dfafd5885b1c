#pragma warning disable RS0030 // Threads belong to Pumping: this folder is the one owner of the banned APIs.
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Pumping;

/// <summary>
/// Waits in real time for what is not the pump's: a connection, a thread of a package. How long it is waited for would decide what a replay
/// shows; so the time in which this process got no processor does not count.
/// </summary>
internal static class Outside
{
    private const int MostRounds = 20;

    /// <summary>Waits until something is ready; false where it is not, though there was time for it.</summary>
    public static bool Wait(int milliseconds, Func<bool> isReady)
    {
        var before = ProcessTimes.Now().Starved;
        for (var round = 0; milliseconds > 0 && round < MostRounds; round++)
        {
            for (; milliseconds > 0; milliseconds--)
            {
                if (isReady())
                    return true;
                // It has its own end: the watchdog need not know of it.
                ProcessState.NoteProgress();
                Thread.Sleep(1);
            }
            var now = ProcessTimes.Now().Starved;
            milliseconds = (int)((now - before)?.TotalMilliseconds ?? 0);
            before = now;
        }
        return isReady();
    }
}
