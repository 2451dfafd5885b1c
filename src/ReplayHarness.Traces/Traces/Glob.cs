using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace ReplayHarness.Traces;

/// <summary>The files that a glob stands for: <c>*</c> is anything within a name, <c>**</c> any folders. No link is followed.</summary>
internal static class Glob
{
    public static bool IsOne(string source) => source.Contains('*', StringComparison.Ordinal);

    /// <summary>The files in ordinal order, as the glob begins; empty where none matches.</summary>
    public static string[] Files(string glob)
    {
        var root = RootOf(glob);
        if (!Directory.Exists(root))
            return [];
        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(Path.GetRelativePath(root, glob).Replace('\\', '/'));
        return
        [
            .. matcher
                .Execute(new Folder(new DirectoryInfo(root)))
                .Files.Select(f => Path.Combine(root, f.Path))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string RootOf(string glob)
    {
        var parts = glob.Replace('\\', '/').Split('/');
        var literal = string.Join('/', parts.TakeWhile(p => !IsOne(p)));
        return literal.Length > 0 ? literal
            : glob.StartsWith('/') ? "/"
            : ".";
    }

    /// <summary>A folder without its links, and without what may not be read.</summary>
    private sealed class Folder(DirectoryInfo folder) : DirectoryInfoBase
    {
        private static readonly EnumerationOptions s_options = new()
        {
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = true,
        };

        public override string Name => folder.Name;

        public override string FullName => folder.FullName;

        public override DirectoryInfoBase? ParentDirectory => folder.Parent is { } parent ? new Folder(parent) : null;

        public override IEnumerable<FileSystemInfoBase> EnumerateFileSystemInfos() =>
            folder
                .EnumerateFileSystemInfos("*", s_options)
                .Select(entry =>
                    entry is DirectoryInfo below ? (FileSystemInfoBase)new Folder(below) : new FileInfoWrapper((FileInfo)entry)
                );

        public override DirectoryInfoBase? GetDirectory(string path) =>
            path == ".." ? ParentDirectory : new Folder(new DirectoryInfo(Path.Combine(folder.FullName, path)));

        public override FileInfoBase? GetFile(string path) => new FileInfoWrapper(new FileInfo(Path.Combine(folder.FullName, path)));
    }
}
