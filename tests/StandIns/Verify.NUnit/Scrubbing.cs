using System.Text;
using VerifyTests;

namespace VerifyNUnit;

/// <summary>Replaces what differs from machine to machine, then what the settings say.</summary>
internal static class Scrubbing
{
    public static string Apply(string text, VerifySettings settings, string sourceFile)
    {
        var builder = new StringBuilder(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'));
        foreach (var scrubber in settings.Scrubbers.Concat(VerifierSettings.Scrubbers))
            scrubber(builder);
        foreach (var (path, token) in Paths(sourceFile))
            Replace(builder, path, token);
        return builder.ToString();
    }

    private static IEnumerable<(string Path, string Token)> Paths(string sourceFile)
    {
        if (SolutionDirectory(sourceFile) is { } solution)
            yield return (solution, "{SolutionDirectory}");
        yield return (Path.GetTempPath(), "{TempPath}");
        yield return (AppContext.BaseDirectory, "{CurrentDirectory}");
    }

    private static void Replace(StringBuilder text, string path, string token)
    {
        var trimmed = path.TrimEnd(Path.DirectorySeparatorChar);
        if (trimmed.Length > 1)
            text.Replace(trimmed + Path.DirectorySeparatorChar, token).Replace(trimmed, token);
    }

    private static string? SolutionDirectory(string sourceFile)
    {
        for (var folder = Path.GetDirectoryName(sourceFile); folder is not null; folder = Path.GetDirectoryName(folder))
            if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.sln*").Any())
                return folder;
        return null;
    }
}
