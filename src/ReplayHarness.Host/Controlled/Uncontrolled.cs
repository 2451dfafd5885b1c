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
}
