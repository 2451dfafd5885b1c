using System.Data.Common;
using System.IO.Compression;
using System.IO.MemoryMappedFiles;
using ReplayHarness.Host.Statics;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Members that change files and folders. Where that is outside the temporary folder, which each schedule finds empty, the next one would
/// find it. To read is harmless: whatever lies there, no schedule has written.
/// </summary>
internal static class FileWrites
{
    private const string Io = "System.IO.";
    private const string Zip = "System.IO.Compression.Zip";
    private const string Times = "CreationTime CreationTimeUtc LastAccessTime LastAccessTimeUtc LastWriteTime LastWriteTimeUtc";

    private static readonly string[] s_withoutFile = [":memory:", "Mode=Memory", "Mode=ReadOnly", "Read Only=True"];

    private static readonly string[] s_devices = ["/dev/null", "/dev/zero", "/dev/stdout", "/dev/stderr", "/dev/tty", @"\\.\nul"];

    // By type and member: which of the arguments say what is changed.
    private static readonly Dictionary<string, Func<object?[], IEnumerable<object?>>> s_members = Table()
        .SelectMany(row => row.Members.Split(' ').Select(member => (Key: $"{row.Type}::{member}", row.Changed)))
        .ToDictionary(row => row.Key, row => row.Changed, StringComparer.Ordinal);

    /// <summary>The types of such members.</summary>
    public static IEnumerable<string> Types { get; } =
    [.. s_members.Keys.Select(key => key[..key.IndexOf("::", StringComparison.Ordinal)]).Distinct(StringComparer.Ordinal)];

    /// <summary>True for such a member.</summary>
    public static bool Has(string type, string member) => s_members.ContainsKey($"{type}::{member}");

    /// <summary>What a call changes outside the temporary folder, each with what to do instead.</summary>
    public static IEnumerable<string> Outside(string type, string member, object?[] arguments) =>
        s_members.TryGetValue($"{type}::{member}", out var changed)
            ? changed(arguments).Select(PathOf).OfType<string>().Where(IsOutside).Distinct(StringComparer.Ordinal).Select(Advice)
            : [];

    /// <summary>What is wrong with writing to a path.</summary>
    public static string Advice(string path) =>
        $"{path} lies outside the temporary folder, so that other runs find it; write below Path.GetTempPath(), or put it behind a tool";

    /// <summary>True for a path that other schedules find.</summary>
    public static bool IsOutside(string path) =>
        !TemporaryFolder.Holds(path) && !s_devices.Contains(path, StringComparer.OrdinalIgnoreCase);

    /// <summary>The full path that an argument names; null where it names none.</summary>
    public static string? PathOf(object? argument)
    {
        try
        {
            return argument switch
            {
                FileSystemInfo info => info.FullName,
                string { Length: > 0 } path => Path.GetFullPath(path),
                _ => null,
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or IOException)
        {
            // The call itself will say so.
            return null;
        }
    }

    private static IEnumerable<(string Type, string Members, Func<object?[], IEnumerable<object?>> Changed)> Table() =>
        [
            (Io + "File", "WriteAllText WriteAllTextAsync WriteAllBytes WriteAllBytesAsync WriteAllLines WriteAllLinesAsync", First),
            (Io + "File", "AppendAllText AppendAllTextAsync AppendAllBytes AppendAllBytesAsync AppendAllLines", First),
            (Io + "File", "AppendAllLinesAsync AppendText Create CreateText OpenWrite Encrypt Decrypt", First),
            (Io + "File", "SetAttributes SetUnixFileMode " + Each("Set", Times), First),
            (Io + "File", "Move Replace", All),
            (Io + "File", "CreateSymbolicLink", Linked),
            (Io + "File", "Copy", Second),
            (Io + "File", "Delete", IfThere),
            (Io + "File", "Open OpenHandle", Opened),
            (Io + "FileStream", ".ctor", Opened),
            (Io + "StreamWriter", ".ctor", First),
            (Io + "FileInfo", "AppendText Create CreateText OpenWrite Encrypt Decrypt set_IsReadOnly", First),
            (Io + "FileInfo", "MoveTo Replace", All),
            (Io + "FileInfo", "CopyTo", Second),
            (Io + "FileInfo", "Delete", IfThere),
            (Io + "FileInfo", "Open", Opened),
            (Io + "FileSystemInfo", "set_Attributes set_UnixFileMode " + Each("set_", Times), First),
            (Io + "FileSystemInfo", "CreateAsSymbolicLink", Linked),
            (Io + "FileSystemInfo", "Delete", IfThere),
            (Io + "Directory", "CreateDirectory", IfNotThere),
            (Io + "Directory", "Delete", IfThere),
            (Io + "Directory", Each("Set", Times), First),
            (Io + "Directory", "Move", All),
            (Io + "Directory", "CreateSymbolicLink", Linked),
            (Io + "DirectoryInfo", "Create", IfNotThere),
            (Io + "DirectoryInfo", "CreateSubdirectory", a => IfNotThere([Below(PathOf(a[0]), a[1])])),
            (Io + "DirectoryInfo", "Delete", IfThere),
            (Io + "DirectoryInfo", "MoveTo", All),
            (Io + "MemoryMappedFiles.MemoryMappedFile", "CreateFromFile", Mapped),
            (Zip + "File", "CreateFromDirectory CreateFromDirectoryAsync ExtractToDirectory ExtractToDirectoryAsync", Second),
            (Zip + "File", "Open OpenAsync", a => a[1] is ZipArchiveMode.Read ? [] : First(a)),
            (Zip + "FileExtensions", "ExtractToFile ExtractToFileAsync ExtractToDirectory ExtractToDirectoryAsync", Second),
            ("System.Formats.Tar.TarFile", "CreateFromDirectory CreateFromDirectoryAsync", Second),
            ("System.Formats.Tar.TarFile", "ExtractToDirectory ExtractToDirectoryAsync", Second),
            ("System.Formats.Tar.TarEntry", "ExtractToFile ExtractToFileAsync", Second),
            ("System.Xml.XmlWriter", "Create", First),
            ("System.Xml.XmlTextWriter", ".ctor", First),
            ("System.Xml.XmlDocument", "Save", Second),
            ("System.Xml.Linq.XDocument", "Save", Second),
            ("System.Xml.Linq.XElement", "Save", Second),
            ("System.Xml.Linq.XStreamingElement", "Save", Second),
            ("System.Diagnostics.TextWriterTraceListener", ".ctor", First),
            ("Microsoft.Data.Sqlite.SqliteConnection", "Open OpenAsync", Database),
            ("System.Data.SQLite.SQLiteConnection", "Open OpenAsync", Database),
            ("System.Data.Common.DbConnection", "Open OpenAsync", Database),
        ];

    private static string Each(string prefix, string names) => string.Join(' ', names.Split(' ').Select(name => prefix + name));

    // What is no path, a stream for example, names none.
    private static IEnumerable<object?> First(object?[] arguments) => arguments.Take(1);

    private static IEnumerable<object?> Second(object?[] arguments) => arguments.Skip(1).Take(1);

    private static IEnumerable<object?> All(object?[] arguments) => arguments.Where(a => a is string or FileSystemInfo);

    // Where a link leads counts from where it lies.
    private static IEnumerable<object?> Linked(object?[] arguments) =>
        [arguments[0], Below(Path.GetDirectoryName(PathOf(arguments[0])), arguments[1])];

    private static string Below(string? folder, object? path) => Path.Combine(folder ?? "", path as string ?? "");

    private static IEnumerable<object?> IfThere(object?[] arguments) => First(arguments).Where(a => Path.Exists(PathOf(a)));

    private static IEnumerable<object?> IfNotThere(object?[] arguments) => First(arguments).Where(a => !Path.Exists(PathOf(a)));

    // A bare mode means reading and writing; to ask for that and only read is so common that it is watched instead (WatchedFile).
    private static IEnumerable<object?> Opened(object?[] arguments)
    {
        var options = arguments.OfType<FileStreamOptions>().FirstOrDefault();
        var mode = options?.Mode ?? arguments.OfType<FileMode>().FirstOrDefault(FileMode.Open);
        var access = options?.Access ?? arguments.OfType<FileAccess>().FirstOrDefault(FileAccess.ReadWrite);
        return access != FileAccess.Read ? First(arguments)
            : mode == FileMode.OpenOrCreate ? IfNotThere(arguments)
            : [];
    }

    // A database that is a file; the one in memory has no name, or says so.
    private static IEnumerable<object?> Database(object?[] arguments) =>
        arguments[0] is DbConnection connection
        && connection.GetType().Name.Equals("SqliteConnection", StringComparison.OrdinalIgnoreCase)
        && !s_withoutFile.Any(w => connection.ConnectionString.Contains(w, StringComparison.OrdinalIgnoreCase))
            ? [connection.DataSource]
            : [];

    private static IEnumerable<object?> Mapped(object?[] arguments) =>
        arguments is [string, ..] && arguments[^1] is not MemoryMappedFileAccess.Read ? First(arguments) : [];
}
