#pragma warning disable RS0030 // This file is what agent code gets instead of the banned APIs; outside a replay it passes real time on.
using System.Diagnostics;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>The clock that rewritten code reads: virtual while a replay runs, real before and after.</summary>
public static class ControlledClock
{
    private static VirtualTime? Time => Kernel.Current?.Time;

    /// <summary>Instead of <see cref="DateTime.UtcNow"/>.</summary>
    [Replaces(typeof(DateTime), "get_UtcNow")]
    public static DateTime UtcNow() => Time?.GetUtcNow().UtcDateTime ?? DateTime.UtcNow;

    /// <summary>Instead of <see cref="DateTime.Now"/>; a replay's time zone is UTC.</summary>
    [Replaces(typeof(DateTime), "get_Now")]
    public static DateTime Now() => Time?.GetUtcNow().DateTime ?? DateTime.Now;

    /// <summary>Instead of <see cref="DateTime.Today"/>.</summary>
    [Replaces(typeof(DateTime), "get_Today")]
    public static DateTime Today() => Now().Date;

    /// <summary>Instead of <see cref="DateTimeOffset.UtcNow"/>.</summary>
    [Replaces(typeof(DateTimeOffset), "get_UtcNow")]
    public static DateTimeOffset OffsetUtcNow() => Time?.GetUtcNow() ?? DateTimeOffset.UtcNow;

    /// <summary>Instead of <see cref="DateTimeOffset.Now"/>.</summary>
    [Replaces(typeof(DateTimeOffset), "get_Now")]
    public static DateTimeOffset OffsetNow() => Time?.GetUtcNow() ?? DateTimeOffset.Now;

    /// <summary>Instead of <see cref="Environment.TickCount"/>.</summary>
    [Replaces(typeof(Environment), "get_TickCount")]
    public static int TickCount() => (int)TickCount64();

    /// <summary>Instead of <see cref="Environment.TickCount64"/>.</summary>
    [Replaces(typeof(Environment), "get_TickCount64")]
    public static long TickCount64() => Time is { } time ? time.GetTimestamp() / TimeSpan.TicksPerMillisecond : Environment.TickCount64;

    /// <summary>Instead of <see cref="TimeProvider.System"/>.</summary>
    [Replaces(typeof(TimeProvider), "get_System")]
    public static TimeProvider SystemTime() => (TimeProvider?)Time ?? TimeProvider.System;

    /// <summary>Instead of <see cref="Stopwatch.GetTimestamp"/>, in the same unit.</summary>
    [Replaces(typeof(Stopwatch), "GetTimestamp")]
    public static long Timestamp() =>
        Time is { } time ? time.GetTimestamp() * (Stopwatch.Frequency / TimeSpan.TicksPerSecond) : Stopwatch.GetTimestamp();

    /// <summary>Instead of <see cref="Stopwatch.GetElapsedTime(long)"/>.</summary>
    [Replaces(typeof(Stopwatch), "GetElapsedTime")]
    public static TimeSpan ElapsedSince(long startingTimestamp) => Stopwatch.GetElapsedTime(startingTimestamp, Timestamp());

    /// <summary>Instead of <see cref="Stopwatch.StartNew"/>.</summary>
    [Replaces(typeof(Stopwatch), "StartNew")]
    public static Stopwatch Started()
    {
        var watch = new Stopwatch();
        Start(watch);
        return watch;
    }

    /// <summary>Instead of <see cref="Stopwatch.Start"/>.</summary>
    [Replaces(typeof(Stopwatch), "Start", Instance = true)]
    public static void Start(Stopwatch watch)
    {
        ArgumentNullException.ThrowIfNull(watch);
        if (!watch.IsRunning)
            StopwatchFields.Start(watch, Timestamp());
    }

    /// <summary>Instead of <see cref="Stopwatch.Stop"/>.</summary>
    [Replaces(typeof(Stopwatch), "Stop", Instance = true)]
    public static void Stop(Stopwatch watch)
    {
        StopwatchFields.Stop(watch, ElapsedTicks(watch));
    }

    /// <summary>Instead of <see cref="Stopwatch.Restart"/>.</summary>
    [Replaces(typeof(Stopwatch), "Restart", Instance = true)]
    public static void Restart(Stopwatch watch)
    {
        ArgumentNullException.ThrowIfNull(watch);
        watch.Reset();
        Start(watch);
    }

    /// <summary>Instead of <see cref="Stopwatch.Elapsed"/>.</summary>
    [Replaces(typeof(Stopwatch), "get_Elapsed", Instance = true)]
    public static TimeSpan Elapsed(Stopwatch watch) => Stopwatch.GetElapsedTime(0, ElapsedTicks(watch));

    /// <summary>Instead of <see cref="Stopwatch.ToString"/>.</summary>
    [Replaces(typeof(Stopwatch), "ToString", Instance = true)]
    public static string Text(Stopwatch watch) => Elapsed(watch).ToString();

    /// <summary>Instead of <see cref="Stopwatch.ElapsedMilliseconds"/>.</summary>
    [Replaces(typeof(Stopwatch), "get_ElapsedMilliseconds", Instance = true)]
    public static long ElapsedMilliseconds(Stopwatch watch) => (long)Elapsed(watch).TotalMilliseconds;

    /// <summary>Instead of <see cref="Stopwatch.ElapsedTicks"/>.</summary>
    [Replaces(typeof(Stopwatch), "get_ElapsedTicks", Instance = true)]
    public static long ElapsedTicks(Stopwatch watch)
    {
        ArgumentNullException.ThrowIfNull(watch);
        return StopwatchFields.Ticks(watch, Timestamp());
    }
}
