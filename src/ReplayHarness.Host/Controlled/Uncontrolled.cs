using ReplayHarness.Host.Pumping;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Calls that a replay cannot control. Rewritten code says so just before it makes one, so that only what really runs is held against it.
/// </summary>
public static class Uncontrolled
{
    /// <summary>Notes a call.</summary>
    /// <param name="what">The API, the method that calls it, and what to use instead.</param>
    public static void Note(string what) => Kernel.Current?.NoteUncontrolled(what);

    /// <summary>
    /// A method of the agent's begins that others may call. A package's thread takes its turn as the agent's do; but what it does at the
    /// same time as they do has one order here and many in production.
    /// </summary>
    public static void CheckThread()
    {
        if (ThreadOfAgent.Package is { } package)
            Kernel.Current?.NoteUncontrolled(
                $"agent code ran on a thread of a package's own ({package}), where it may race with what else runs; hand it over (Task.Run)"
            );
    }
}
