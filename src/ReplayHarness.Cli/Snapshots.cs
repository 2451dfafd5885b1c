using System.Text.RegularExpressions;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>
/// A snapshot in Verify's conventions: <c>Type.Method…received.txt</c> beside its source, <c>verified</c> once it was accepted.
/// </summary>
/// <param name="Received">The file that a test wrote.</param>
/// <param name="Verified">The file that it is compared with; not there for a new one.</param>
internal sealed record Snapshot(string Received, string Verified)
{
    public bool IsNew => !File.Exists(Verified);

    /// <summary>The first line that differs, from 1; 0 where none does.</summary>
    public int FirstDifference()
    {
        if (IsNew)
            return 1;
        var (old, now) = (File.ReadAllLines(Verified), File.ReadAllLines(Received));
        var same = old.Zip(now).TakeWhile(l => l.First == l.Second).Count();
        return same == old.Length && same == now.Length ? 0 : same + 1;
    }
}

/// <summary>The snapshots of folders.</summary>
internal static partial class Snapshots
{
    private static readonly string[] s_skipped = ["bin", "obj", "artifacts", "node_modules", ".git", WholeSet.HiddenName];

    /// <summary>Those that a test has written since they were accepted.</summary>
    public static IEnumerable<Snapshot> Received(string folder) =>
        Files(folder)
            .Where(f => Path.GetFileName(f).Contains(".received.", StringComparison.Ordinal))
            .Select(f => new Snapshot(
                f,
                Path.Combine(Path.GetDirectoryName(f)!, Path.GetFileName(f).Replace(".received.", ".verified.", StringComparison.Ordinal))
            ));

    /// <summary>Accepted ones that no test beside them writes any more.</summary>
    public static IEnumerable<string> Orphaned(string folder) =>
        Files(folder).Where(f => Path.GetFileName(f).Contains(".verified.", StringComparison.Ordinal) && !HasTest(f));

    // Of TYPE.METHOD_parameters: a method's own name may hold underscores, and parameters may hold dots.
    private static bool HasTest(string file)
    {
        var name = Path.GetFileName(file);
        var parts = name[..name.IndexOf(".verified.", StringComparison.Ordinal)].Split('.', 2);
        return parts.Length < 2
            || Directory
                .EnumerateFiles(Path.GetDirectoryName(file)!, "*.cs")
                .Select(File.ReadAllText)
                .Any(text =>
                    text.Contains(parts[0], StringComparison.Ordinal)
                    && Called()
                        .Matches(text)
                        .Select(m => m.Groups[1].Value)
                        .Any(method => parts[1].Split('.').Any(p => p == method || p.StartsWith(method + "_", StringComparison.Ordinal)))
                );
    }

    private static IEnumerable<string> Files(string folder)
    {
        if (!Directory.Exists(folder))
            throw new BadInputException($"{folder}: there is no such folder");
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            yield return file;
        foreach (
            var below in Directory
                .EnumerateDirectories(folder)
                .Where(d => !s_skipped.Contains(Path.GetFileName(d)))
                .Order(StringComparer.Ordinal)
        )
        foreach (var file in Files(below))
            yield return file;
    }

    [GeneratedRegex(@"\b([A-Za-z]\w*)\s*\(")]
    private static partial Regex Called();
}
