using System.IO.Enumeration;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Mcp;

/// <summary>The folder that tools stay in.</summary>
internal sealed class RootFolder
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    private static readonly char[] s_separators = [System.IO.Path.DirectorySeparatorChar, System.IO.Path.AltDirectorySeparatorChar];

    /// <summary>Takes a folder as the root.</summary>
    /// <exception cref="BadInputException">There is no such folder.</exception>
    public RootFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new BadInputException($"--root {folder}: there is no such folder");
        Path = Real(System.IO.Path.GetFullPath(folder)) ?? throw new BadInputException($"--root {folder}: its links lead in a circle");
    }

    /// <summary>Its path, without links.</summary>
    public string Path { get; }

    /// <summary>Whether a path lies in it, as it is written and as links lead; what does not exist yet may lie in it, too.</summary>
    public bool Holds(string path)
    {
        var full = System.IO.Path.Combine(Path, path);
        // "LINK/.." is another folder for the system than for .NET: both must lie in the root.
        return IsWithin(Real(full)) && IsWithin(Real(System.IO.Path.GetFullPath(full)));
    }

    /// <summary>A link below a path that leads out of the root; null where there is none.</summary>
    public string? LinkOutOf(string path)
    {
        var folder = System.IO.Path.GetFullPath(path, Path);
        if (!Directory.Exists(folder))
            return null;
        var links = new FileSystemEnumerable<string>(
            folder,
            (ref FileSystemEntry entry) => entry.ToFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }
        )
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => IsLink(ref entry),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
        };
        return links.FirstOrDefault(link => !Holds(link));
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private bool IsWithin(string? real) =>
        real is not null
        && (
            real == Path
            || real.StartsWith(Path.TrimEnd(s_separators) + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
        );

    // The path that a full path leads to; null where its links lead in a circle.
    private static string? Real(string path)
    {
        var real = RootOf(path);
        var rest = new Stack<string>(PartsOf(path).Reverse());
        for (var links = 0; rest.TryPop(out var part); )
        {
            if (part == "..")
                real = System.IO.Path.GetDirectoryName(real) ?? real;
            else if (new FileInfo(System.IO.Path.Combine(real, part)).LinkTarget is not { } target)
                real = System.IO.Path.Combine(real, part);
            else if (++links > MostLinks)
                return null;
            else
            {
                if (System.IO.Path.IsPathFullyQualified(target))
                    real = RootOf(target);
                foreach (var step in PartsOf(target).Reverse())
                    rest.Push(step);
            }
        }
        return real;
    }

    private static string RootOf(string path) => System.IO.Path.GetPathRoot(path)!;

    private static IEnumerable<string> PartsOf(string path) =>
        path[RootOf(path).Length..].Split(s_separators, StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".");
}
