// A progress bar's rate and the pauses between requests to a store are of the real world.
#pragma warning disable RS0030 // This file owns the real clock.
using System.Diagnostics;

namespace ReplayHarness.Cli;

/// <summary>Real time, for what a person waits for.</summary>
internal static class RealTime
{
    private static readonly long s_start = Stopwatch.GetTimestamp();

    /// <summary>Now, for a store that wants the end of a time range.</summary>
    public static DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

    /// <summary>The clock that latencies are waited for on, where a mock serves a process of its own.</summary>
    public static TimeProvider Clock => TimeProvider.System;

    /// <summary>How long the command has run.</summary>
    public static TimeSpan Elapsed => Stopwatch.GetElapsedTime(s_start);
}
