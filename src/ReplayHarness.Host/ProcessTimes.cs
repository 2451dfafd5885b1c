#pragma warning disable RS0030 // The times that the system keeps of this process: a watchdog's, never a replay's.
using System.Globalization;

namespace ReplayHarness.Host;

/// <summary>What this process got of the machine so far.</summary>
/// <param name="Processor">The processor time that it spent.</param>
/// <param name="Starved">How long its threads were ready and got no processor; null where the system does not tell.</param>
internal readonly record struct ProcessTimes(TimeSpan Processor, TimeSpan? Starved)
{
    // Linux: of each thread the time on a processor, and in the queue for one, in nanoseconds.
    private const string Threads = "/proc/self/task";
    private const string Times = "schedstat";

    private static readonly bool s_tells = File.Exists($"/proc/self/{Times}");

    public static ProcessTimes Now() => new(Environment.CpuUsage.TotalTime, s_tells ? Queued() : null);

    private static TimeSpan Queued()
    {
        var nanoseconds = 0L;
        foreach (var thread in Directory.EnumerateDirectories(Threads))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(thread, Times)).Split(' ') is [_, var queued, ..])
                    nanoseconds += long.Parse(queued, CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        return TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
    }
}
