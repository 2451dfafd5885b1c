using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ReplayHarness.Tests.Repository;

/// <summary>The repository's own files.</summary>
internal static class Repo
{
    public static string Root { get; } = FindRoot();

    /// <summary>The assembly of this repository's own drivers, as it was built with these tests.</summary>
    public static string Replays { get; } = Built("ReplayHarness.Replays");

    /// <summary>The assembly of the drivers of agents on frameworks, as it was built with these tests.</summary>
    public static string TeamAgents { get; } = Built("ReplayHarness.Tests.TeamAgents");

    public static string WebDesk { get; } = Built("ReplayHarness.Tests.WebDesk");

    /// <summary>The version of a package that this repository is built with.</summary>
    public static string VersionOf(string package) =>
        Regex
            .Match(
                File.ReadAllText(Path.Combine(Root, "Directory.Packages.props")),
                $"Include=\"{Regex.Escape(package)}\" Version=\"([^\"]+)\""
            )
            .Groups[1]
            .Value;

    private static string Built(string project) =>
        Path.Combine(
            Root,
            "artifacts",
            "bin",
            project,
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            $"{project}.dll"
        );

    /// <summary>Every text file that is kept, relative to the root, with its text.</summary>
    public static IEnumerable<(string Path, string Text)> TextFiles() =>
        from file in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !Skipped(path)
        orderby path
        select (path, File.ReadAllText(file));

    public static IEnumerable<(string Path, string[] Lines)> Sources(string below = "") =>
        TextFiles()
            .Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal) && f.Path.StartsWith(below, StringComparison.Ordinal))
            .Select(f => (f.Path, f.Text.Split('\n')));

    private static bool Skipped(string path) =>
        path.StartsWith(".git/", StringComparison.Ordinal)
        || path.StartsWith("artifacts/", StringComparison.Ordinal)
        || path.Contains("/node_modules/", StringComparison.Ordinal)
        || path.EndsWith(".parquet", StringComparison.Ordinal)
        || path.EndsWith(".pb", StringComparison.Ordinal)
        || path.EndsWith(".zst", StringComparison.Ordinal)
        || path.EndsWith(".png", StringComparison.Ordinal)
        || path.Contains(".received.", StringComparison.Ordinal);

    private static string FindRoot([CallerFilePath] string path = "")
    {
        var folder = Path.GetDirectoryName(path)!;
        while (!File.Exists(Path.Combine(folder, "ReplayHarness.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
