using System.Globalization;
using ReplayHarness.Running;

namespace ReplayHarness.Host.Rewriting;

/// <summary>
/// Packages that were rewritten for an earlier build: an agent's own assemblies change all the time, its packages seldom. They are taken
/// over where the same harness rewrote the same file, and the same static fields move.
/// </summary>
internal sealed class PackagesOfBefore
{
    private const string List = "packages.list";

    private readonly string _key;
    private readonly string? _folder;
    private readonly HashSet<string> _before = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _now = new(StringComparer.Ordinal);

    private PackagesOfBefore(string key, string? folder) => (_key, _folder) = (key, folder);

    /// <summary>Those of the newest copy that fits.</summary>
    /// <param name="copies">The folder of copies.</param>
    /// <param name="statics">Which static fields move.</param>
    public static PackagesOfBefore In(string copies, MovedStatics statics)
    {
        var harness = string.Join(
            ' ',
            ControlledFolder.Harness.Append(typeof(PackagesOfBefore).Assembly).Select(a => a.ManifestModule.ModuleVersionId)
        );
        var key = $"{harness} {Environment.Version} {statics.Key}";
        foreach (var folder in ControlledFolder.Copies(copies))
        {
            if (Read(folder) is not [var made, .. var files] || made != key)
                continue;
            var found = new PackagesOfBefore(key, folder);
            found._before.UnionWith(files);
            return found;
        }
        return new(key, null);
    }

    /// <summary>Takes a package over; null where it must be looked into.</summary>
    /// <param name="source">The package's assembly.</param>
    /// <param name="target">The file to write.</param>
    /// <returns>Whether it was rewritten.</returns>
    public bool? Take(string source, string target)
    {
        foreach (var rewritten in (bool[])[true, false])
        {
            var line = LineOf(source, rewritten);
            if (!_before.Contains(line) || (rewritten && !Copy(Path.Combine(_folder!, Path.GetFileName(source)), target)))
                continue;
            _now.Add(line);
            return rewritten;
        }
        return null;
    }

    /// <summary>A package was looked into.</summary>
    public void Add(string source, bool rewritten) => _now.Add(LineOf(source, rewritten));

    /// <summary>Says in a copy what the next one may take over.</summary>
    public void WriteTo(string folder) => File.WriteAllLines(Path.Combine(folder, List), [_key, .. _now]);

    private static string LineOf(string source, bool rewritten)
    {
        var file = new FileInfo(source);
        return string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks} {rewritten}");
    }

    // Another process may be deleting it.
    private static bool Copy(string source, string target)
    {
        try
        {
            File.Copy(source, target);
            return true;
        }
        catch (IOException)
        {
            File.Delete(target);
            return false;
        }
    }

    private static string[] Read(string folder)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(folder, List));
        }
        catch (IOException)
        {
            return [];
        }
    }
}
