using System.Globalization;
using ReplayHarness.Host.States;

namespace ReplayHarness.Host.Statics;

/// <summary>
/// The temporary folder that agent code sees: empty when a schedule begins, so that none finds what another left. What lies in it is part
/// of the state.
/// </summary>
internal static class TemporaryFolder
{
    private const string Prefix = "replay-";
    private const string Lock = "lock";
    private const int MostBytes = 1 << 20;

    // What Path.GetTempPath reads: the first on Unix, the others on Windows.
    private static readonly string[] s_variables = ["TMPDIR", "TMP", "TEMP"];

    private static DirectoryInfo? s_folder;

    // Held as long as this process lives, however it ends.
    private static FileStream? s_lock;

    // Where nobody has asked for it nothing lies in it: most agents never do, and to look costs more than a short schedule.
    private static bool s_isUsed;

    /// <summary>Rewritten code asks where it is.</summary>
    public static void NoteUse() => s_isUsed = true;

    /// <summary>True for a variable that holds its path.</summary>
    public static bool IsNamedBy(string variable) => s_variables.Contains(variable, StringComparer.OrdinalIgnoreCase);

    /// <summary>A schedule begins.</summary>
    public static void Begin()
    {
        s_folder ??= Create();
        if (!s_isUsed)
            return;
        // An agent may have removed it.
        s_folder.Create();
        foreach (var left in s_folder.EnumerateFileSystemInfos())
            Delete(left);
    }

    /// <summary>True for a full path that lies in it.</summary>
    public static bool Holds(string path) =>
        s_folder is not null
        && path.StartsWith(s_folder.FullName, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
        && (path.Length == s_folder.FullName.Length || path[s_folder.FullName.Length] == Path.DirectorySeparatorChar);

    /// <summary>Adds what lies in it to the hash of a state.</summary>
    public static void Visit(HeapWalk walk)
    {
        if (s_isUsed && s_folder is not null && Directory.Exists(s_folder.FullName))
            Visit(s_folder, walk);
    }

    private static void Visit(DirectoryInfo folder, HeapWalk walk)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            walk.Add(entry.Name);
            walk.Add(entry.LinkTarget);
            walk.Add((ulong)entry.Attributes);
            walk.Add(OperatingSystem.IsWindows() ? 0UL : (ulong)entry.UnixFileMode);
            if (entry.LinkTarget is null && entry is DirectoryInfo inner)
                Visit(inner, walk);
            else if (entry.LinkTarget is null)
                Visit((FileInfo)entry, walk);
        }
        walk.Add(0UL);
    }

    private static void Visit(FileInfo file, HeapWalk walk)
    {
        try
        {
            if (file.Length > MostBytes)
                walk.Refuse(typeof(FileInfo), string.Create(CultureInfo.InvariantCulture, $"longer than {MostBytes} bytes"));
            else
                walk.Add(Convert.ToBase64String(File.ReadAllBytes(file.FullName)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            walk.Refuse(typeof(FileInfo), "cannot be read while the agent holds it");
        }
    }

    private static DirectoryInfo Create()
    {
        DeleteLeftovers(Path.GetTempPath());
        var folder = Locked().CreateSubdirectory("files");
        foreach (var variable in s_variables)
            Environment.SetEnvironmentVariable(variable, folder.FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Release(folder.Parent!);
        return folder;
    }

    private static DirectoryInfo Locked()
    {
        while (true)
        {
            var folder = Directory.CreateTempSubdirectory(Prefix);
            try
            {
                s_lock = new(Path.Combine(folder.FullName, Lock), FileMode.CreateNew, FileAccess.Write, FileShare.None);
                return folder;
            }
            catch (IOException) when (File.Exists(Path.Combine(folder.FullName, Lock)))
            {
                // Another process took it for a leftover, in the moment before it was locked.
            }
        }
    }

    /// <summary>
    /// Deletes what processes that have ended left in a folder: most that replay are killed. A lock that can be taken is theirs.
    /// </summary>
    public static void DeleteLeftovers(string where)
    {
        foreach (var folder in new DirectoryInfo(where).EnumerateDirectories(Prefix + "*"))
        {
            var path = Path.Combine(folder.FullName, Lock);
            try
            {
                if (!File.Exists(path))
                    continue;
                using (new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None))
                    Delete(new DirectoryInfo(Path.Combine(folder.FullName, "files")));
                Delete(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is in use, or somebody else's.
            }
        }
    }

    private static void Release(DirectoryInfo folder)
    {
        s_lock?.Dispose();
        Delete(folder);
    }

    private static void Delete(FileSystemInfo what)
    {
        try
        {
            if (what is DirectoryInfo folder && what.LinkTarget is null)
                folder.Delete(recursive: true);
            else
                what.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What the agent still holds open, it keeps.
        }
    }
}
