using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ReplayHarness.Server.Driving;

/// <summary>
/// The processes that descend from this one. On Linux those whose parents ended stay in sight; elsewhere only the child that was started is
/// seen.
/// </summary>
internal sealed class ProcessTree(Process child)
{
    private const string ProcFolder = "/proc";
    private const int SetChildSubreaper = 36;

    // Where the fields after the name in parentheses lie in /proc/PID/stat: state, …, utime, stime.
    private const int State = 0,
        UserTime = 11,
        SystemTime = 12;

    private readonly HashSet<int> _others = [.. Below(Environment.ProcessId)];

    /// <summary>Keeps orphans of any child in sight. Once, before a child is started.</summary>
    public static void AdoptOrphans()
    {
        if (OperatingSystem.IsLinux())
            _ = Control(SetChildSubreaper, 1, 0, 0, 0);
    }

    /// <summary>The processor time that all have used, in units that only compare with each other.</summary>
    public long Work()
    {
        if (!OperatingSystem.IsLinux())
            return child.HasExited ? 0 : child.TotalProcessorTime.Ticks;
        return Members().Sum(id => Stat(id) is { } stat ? Number(stat[UserTime]) + Number(stat[SystemTime]) : 0);
    }

    /// <summary>Ends all of them, those too that are started meanwhile.</summary>
    public void Kill()
    {
        TryKill(child);
        if (!OperatingSystem.IsLinux())
            return;
        for (var living = Living(); living.Length > 0; living = Living())
        {
            foreach (var id in living)
            {
                try
                {
                    using var process = Process.GetProcessById(id);
                    TryKill(process);
                }
                catch (ArgumentException)
                {
                    // It has ended by itself.
                }
            }
        }
    }

    private static void TryKill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    private int[] Living() => [.. Members().Where(id => Stat(id) is { } stat && stat[State] is not ("Z" or "X"))];

    private IEnumerable<int> Members() => Below(Environment.ProcessId).Where(id => !_others.Contains(id));

    private static IEnumerable<int> Below(int id)
    {
        if (!OperatingSystem.IsLinux())
            yield break;
        foreach (var below in Children(id))
        {
            yield return below;
            foreach (var further in Below(below))
                yield return further;
        }
    }

    private static int[] Children(int id)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateDirectories($"{ProcFolder}/{id}/task")
                    .SelectMany(task => Read($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(text => (int)Number(text)),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static string[]? Stat(int id)
    {
        var text = Read($"{ProcFolder}/{id}/stat");
        var name = text.LastIndexOf(')');
        return name < 0 ? null : text[(name + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "prctl", SetLastError = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int option, nuint value, nuint third, nuint fourth, nuint fifth);
}
