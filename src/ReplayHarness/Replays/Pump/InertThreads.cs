namespace ReplayHarness.Replays.Pump;

/// <summary>Threads of the process that are neither the runtime's nor the kernel's: a logger's queue, an exporter. Harmless while they touch no boundary; listed.</summary>
internal static class InertThreads
{
    private const string Tasks = "/proc/self/task";

    /// <summary>The names of such threads; empty where the system does not tell.</summary>
    public static IReadOnlyList<string> Names()
    {
        if (!Directory.Exists(Tasks)) return [];
        return [.. Directory.GetDirectories(Tasks).Select(NameOf).Where(n => n.Length > 0 && !IsRuntimes(n)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static bool IsRuntimes(string name) => name.StartsWith(".NET", StringComparison.Ordinal) || name.StartsWith("replay ", StringComparison.Ordinal) || name == "dotnet";

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            // The thread has ended meanwhile.
            return "";
        }
    }
}
