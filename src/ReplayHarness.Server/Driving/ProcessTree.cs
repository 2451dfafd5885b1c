using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ReplayHarness.Server.Driving;

/// <summary>
/// The processes of an agent: its first one, and all that descend from it. On Linux those whose parents ended stay in sight; elsewhere only
/// the first is seen.
/// </summary>
/// <param name="child">The first one.</param>
/// <param name="mark">The value of <see cref="Guard.Variable"/> that tells them.</param>
internal sealed class ProcessTree(Process child, string mark)
{
    private const string ProcFolder = "/proc",
        NoAgent = "none";
    private const int SetChildSubreaper = 36;

    // Where the fields after the name in parentheses lie in /proc/PID/stat: state, …, utime, stime.
    private const int State = 0,
        UserTime = 11,
        SystemTime = 12;

    private readonly HashSet<int> _others = [.. Children(Environment.ProcessId)];

    /// <summary>
    /// Keeps orphans of any child in sight, and tells what this process itself starts from what agents start. Once, before a child is
    /// started.
    /// </summary>
    public static void AdoptOrphans()
    {
        if (!OperatingSystem.IsLinux())
            return;
        _ = Control(SetChildSubreaper, 1, 0, 0, 0);
        // An agent of another harness hands on what that one gave it.
        if (Environment.GetEnvironmentVariable(Guard.Variable) is null)
            Environment.SetEnvironmentVariable(Guard.Variable, NoAgent);
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
        TryKill(child, entireTree: true);
        // Those of another user cannot be ended.
        while (Array.FindAll(Living(), TryKill).Length > 0) { }
    }

    private static bool TryKill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return TryKill(process, entireTree: false);
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
            return false;
        }
    }

    private static bool TryKill(Process process, bool entireTree)
    {
        try
        {
            process.Kill(entireTree);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or is another user's.
            return false;
        }
    }

    private int[] Living() => [.. Members().Where(id => Stat(id) is { } stat && stat[State] is not ("Z" or "X"))];

    private IEnumerable<int> Members() => Children(Environment.ProcessId).Where(IsOwn).SelectMany(WithBelow);

    // An orphan has the agent's mark, or none where it dropped its environment. What this process started itself has another one, or was
    // started before, or has not got its own environment yet.
    private bool IsOwn(int id)
    {
        if (id == child.Id)
            return true;
        if (_others.Contains(id))
            return false;
        var environment = Read($"{ProcFolder}/{id}/environ");
        const string Begin = Guard.Variable + "=";
        var found = Array.Find(environment.Split('\0'), v => v.StartsWith(Begin, StringComparison.Ordinal));
        return found is not null ? found == Begin + mark : environment.Length == 0 || environment != Read($"{ProcFolder}/self/environ");
    }

    private static IEnumerable<int> WithBelow(int id) => Children(id).SelectMany(WithBelow).Prepend(id);

    private static int[] Children(int id)
    {
        if (!OperatingSystem.IsLinux())
            return [];
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
