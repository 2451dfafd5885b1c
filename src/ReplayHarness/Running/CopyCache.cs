using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>
/// The copies of many agents in one folder, which several processes and machines may share: what is used is held, and what was used
/// longest ago goes when there is too much.
/// </summary>
internal static class CopyCache
{
    /// <summary>The variable that says how many megabytes all copies may take.</summary>
    public const string Variable = "REPLAYHARNESS_CACHE_MB";

    private const string Used = "used";
    private const long DefaultMegabytes = 5000;

    // Whoever uses a copy says so again long before this; a lock does not reach every machine that shares a folder.
    private static readonly TimeSpan s_mayBeInUse = TimeSpan.FromHours(1),
        s_longestUnused = TimeSpan.FromDays(7);

    /// <summary>Notes that a copy is used now.</summary>
    /// <exception cref="DirectoryNotFoundException">Somebody has just deleted it.</exception>
    public static void Use(string copy)
    {
        try
        {
            File.WriteAllText(Path.Combine(copy, Used), "1");
        }
        catch (IOException) when (File.Exists(Path.Combine(copy, Used)))
        {
            // Another one notes it at the same time.
        }
    }

    /// <summary>Keeps others on this machine from deleting a copy until it is disposed; null where it cannot be held.</summary>
    public static FileStream? Hold(string copy)
    {
        try
        {
            return new FileStream(Path.Combine(copy, Used), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Deletes copies that nobody used for a week, and those used longest ago while all take too much: best effort.</summary>
    /// <param name="current">A copy that was just made, in the folder of its agent.</param>
    /// <exception cref="BadInputException">The variable that bounds them holds no number.</exception>
    public static void Clean(string current)
    {
        var now = Directory.GetLastWriteTimeUtc(current);
        var left = Megabytes() << 20;
        List<(string Path, DateTime Use, long Size)> others = [];
        foreach (var copy in Directory.GetDirectories(Path.GetFullPath(Path.Combine(current, "..", ".."))).SelectMany(CopiesIn))
            if (copy == current)
                left -= SizeOf(copy);
            else if (LastUse(copy) is var use && use < now - s_longestUnused && TryDelete(copy, now - s_longestUnused))
                continue;
            else
                others.Add((copy, use, SizeOf(copy)));
        left -= others.Sum(c => c.Size);
        foreach (var copy in others.OrderBy(c => c.Use))
            if (left < 0 && TryDelete(copy.Path, now - s_mayBeInUse))
                left += copy.Size;
    }

    // Of the folders there, those that are named as copies are.
    private static IEnumerable<string> CopiesIn(string agent) => IsName(agent) ? Directory.GetDirectories(agent).Where(IsName) : [];

    private static bool IsName(string folder) => Path.GetFileName(folder) is { Length: 16 } name && name.All(char.IsAsciiHexDigitLower);

    private static DateTime LastUse(string copy) =>
        Path.Combine(copy, Used) is var used && File.Exists(used) ? File.GetLastWriteTimeUtc(used) : Directory.GetLastWriteTimeUtc(copy);

    // What is linked takes no room, and what another process deletes meanwhile takes none any longer.
    private static long SizeOf(string copy)
    {
        try
        {
            return new DirectoryInfo(copy).EnumerateFiles().Where(f => f.LinkTarget is null).Sum(f => f.Length);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static bool TryDelete(string copy, DateTime before)
    {
        try
        {
            using var all = File.Exists(Path.Combine(copy, Used))
                ? new FileStream(Path.Combine(copy, Used), FileMode.Open, FileAccess.ReadWrite, FileShare.None)
                : null;
            if (LastUse(copy) >= before)
                return false;
            // Nobody may find half of it.
            var gone = DraftName.Of(copy);
            if (OperatingSystem.IsWindows())
                all?.Dispose();
            Directory.Move(copy, gone);
            all?.Dispose();
            Directory.Delete(gone, recursive: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long Megabytes() =>
        Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text ? DefaultMegabytes
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) && megabytes is > 0 and < 1L << 40
            ? megabytes
        : throw new BadInputException($"{Variable}={text}: expected how many megabytes copies of agents may take, from 1");
}
