using System.Diagnostics;
using System.Reflection;

namespace ReplayHarness.Host.Controlled;

/// <summary>What a stopwatch remembers; read and written here, so that it counts in virtual time and stays an ordinary stopwatch.</summary>
internal static class StopwatchFields
{
    private static readonly FieldInfo s_elapsed = Field(RuntimeParts.Current.Stopwatch.Elapsed);
    private static readonly FieldInfo s_startedAt = Field(RuntimeParts.Current.Stopwatch.StartedAt);
    private static readonly FieldInfo s_isRunning = Field(RuntimeParts.Current.Stopwatch.IsRunning);

    public static void Start(Stopwatch watch, long now)
    {
        s_startedAt.SetValue(watch, now);
        s_isRunning.SetValue(watch, true);
    }

    public static void Stop(Stopwatch watch, long elapsed)
    {
        s_elapsed.SetValue(watch, elapsed);
        s_isRunning.SetValue(watch, false);
    }

    /// <summary>The ticks that it counted up to a time.</summary>
    public static long Ticks(Stopwatch watch, long now) =>
        (long)s_elapsed.GetValue(watch)! + (watch.IsRunning ? now - (long)s_startedAt.GetValue(watch)! : 0);

    private static FieldInfo Field(string name) => RuntimeParts.Field(typeof(Stopwatch), name);
}
