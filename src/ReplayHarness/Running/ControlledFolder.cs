using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ReplayHarness.Running;

/// <summary>
/// The copy of an agent's folder that is replayed: beside the agent, in <c>.replay/</c>, named by what it was made from, so that a copy is
/// made anew only when something was built anew.
/// </summary>
internal static class ControlledFolder
{
    public const string Name = ".replay";

    private static readonly TimeSpan s_longestMaking = TimeSpan.FromHours(1);

    /// <summary>What of the harness itself runs in a copy, beside the host.</summary>
    public static IReadOnlyList<Assembly> Harness { get; } = [typeof(Traces.Trace).Assembly, typeof(ControlledFolder).Assembly];

    /// <summary>The folder for an agent's assembly, made or not.</summary>
    public static string PathOf(string assembly)
    {
        var folder = Path.GetDirectoryName(assembly)!;
        var manifest = new StringBuilder();
        foreach (var harness in Harness)
            manifest.Append(harness.ManifestModule.ModuleVersionId);
        foreach (var file in new DirectoryInfo(folder).GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal))
            manifest.Append(CultureInfo.InvariantCulture, $"\n{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}");
        foreach (var framework in Frameworks())
            manifest.Append('\n').Append(framework);
        return Path.Combine(folder, Name, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(manifest.ToString())))[..16]);
    }

    /// <summary>The copies that were made, the newest first.</summary>
    /// <param name="folder">The folder in which they lie; it need not exist.</param>
    public static IReadOnlyList<string> Copies(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Where(d => !IsDraft(d)).OrderByDescending(Directory.GetLastWriteTimeUtc)]
            : [];

    /// <summary>
    /// Deletes copies that nothing was replayed from since, and what was half made long ago: best effort, for another process may still run
    /// in one.
    /// </summary>
    public static void DeleteOthers(string current)
    {
        var old = Directory.GetLastWriteTimeUtc(current) - s_longestMaking;
        foreach (
            var other in Directory
                .GetDirectories(Path.GetDirectoryName(current)!)
                .Where(d => d != current && (!IsDraft(d) || IsOlder(d, old)))
        )
        {
            try
            {
                Directory.Delete(other, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }
    }

    // Parts of the shared frameworks are copied: ROOT/shared/FRAMEWORK/VERSION.
    private static IEnumerable<string> Frameworks()
    {
        var shared = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", ".."));
        return Directory
            .GetDirectories(shared)
            .SelectMany(Directory.GetDirectories)
            .Select(d => Path.GetRelativePath(shared, d))
            .Order(StringComparer.Ordinal);
    }

    // Files are written one after another: the last of them says when somebody was still at work.
    private static bool IsOlder(string folder, DateTime time) => Directory.GetLastWriteTimeUtc(folder) < time;

    private static bool IsDraft(string folder) => Path.GetExtension(folder).Length > 0;
}
