using System.Runtime.CompilerServices;
using ReplayHarness.Host.Pumping;
using ReplayHarness.Host.Races;
using ReplayHarness.Host.Rewriting;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Mutexes: one belongs to the thread that waited for it, so each asks on its own thread, again after each release. Who takes one goes on
/// after who gave it back.
/// </summary>
public static class ControlledMutexes
{
    private static readonly ConditionalWeakTable<Mutex, AutoResetEvent> s_releases = [];

    /// <summary>Instead of <see cref="WaitHandle.WaitOne()"/>.</summary>
    [Replaces(typeof(WaitHandle), "WaitOne", Instance = true, From = Caller.Library)]
    public static bool WaitOne(WaitHandle handle) => WaitOne(handle, Timeout.Infinite);

    /// <summary>Instead of <see cref="WaitHandle.WaitOne(TimeSpan)"/>.</summary>
    [Replaces(typeof(WaitHandle), "WaitOne", Instance = true, From = Caller.Library)]
    public static bool WaitOne(WaitHandle handle, TimeSpan timeout) => WaitOne(handle, (int)timeout.TotalMilliseconds);

    /// <summary>Instead of <see cref="WaitHandle.WaitOne(int)"/>.</summary>
    [Replaces(typeof(WaitHandle), "WaitOne", Instance = true, From = Caller.Library)]
    public static bool WaitOne(WaitHandle handle, int millisecondsTimeout)
    {
        if (handle is not Mutex mutex || Pump.Current is null)
        {
            var signalled = handle.WaitOne(millisecondsTimeout);
            if (signalled)
                RaceHooks.Acquire(handle);
            return signalled;
        }
        var taken = Take(mutex, millisecondsTimeout);
        RaceDetector.Here?.Lock(mutex, taken, isSure: millisecondsTimeout == Timeout.Infinite);
        return taken;
    }

    /// <summary>Instead of <see cref="Mutex.ReleaseMutex"/>.</summary>
    [Replaces(typeof(Mutex), "ReleaseMutex", Instance = true, From = Caller.Library)]
    public static void ReleaseMutex(Mutex mutex)
    {
        RaceDetector.Here?.Unlock(mutex);
        mutex.ReleaseMutex();
        if (s_releases.TryGetValue(mutex, out var release))
            release.Set();
    }

    private static bool Take(Mutex mutex, int milliseconds)
    {
        if (mutex.WaitOne(0))
            return true;
        var release = s_releases.GetValue(mutex, static _ => new(false));
        while (milliseconds != 0)
        {
            var released = release.WaitOne(milliseconds);
            if (mutex.WaitOne(0))
                return true;
            if (!released)
                break;
        }
        return false;
    }
}
