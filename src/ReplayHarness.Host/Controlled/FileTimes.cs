using ReplayHarness.Host.Statics;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Members that read when a file was written. Of those in the temporary folder that is real time, which no replay controls.
/// </summary>
internal static class FileTimes
{
    private static readonly HashSet<string> s_types = new(StringComparer.Ordinal)
    {
        "System.IO.File",
        "System.IO.Directory",
        "System.IO.FileSystemInfo",
    };

    /// <summary>True for such a member.</summary>
    public static bool Has(string type, string member) =>
        s_types.Contains(type)
        && member.StartsWith("get", StringComparison.OrdinalIgnoreCase)
        && (member.EndsWith("Time", StringComparison.Ordinal) || member.EndsWith("TimeUtc", StringComparison.Ordinal));

    /// <summary>What is wrong with a call; nothing where that file was there before.</summary>
    public static IEnumerable<string> Real(string type, string member, object?[] arguments) =>
        Has(type, member) && FileWrites.PathOf(arguments[0]) is { } path && TemporaryFolder.Holds(path) && Path.Exists(path)
            ? [$"{path} was written at a real time; keep the time of the replay in it instead"]
            : [];
}
