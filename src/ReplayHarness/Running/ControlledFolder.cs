using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ReplayHarness.Running;

/// <summary>
/// The copy of an agent's folder that is replayed: beside the agent, in <c>.replay/</c>, or in a folder for the copies of many agents. Its
/// name is a hash of what it was made from, so that a copy is made anew only when something was built anew.
/// </summary>
internal static class ControlledFolder
{
    public const string Name = ".replay";

    /// <summary>The variable that names a folder for the copies of all agents, which several machines may share.</summary>
    public const string Cache = "REPLAYHARNESS_CACHE";

    private const string Trial = "trial";

    private static readonly TimeSpan s_longestMaking = TimeSpan.FromHours(1);

    /// <summary>What of the harness itself runs in a copy, beside the host.</summary>
    public static IReadOnlyList<Assembly> Harness { get; } = [typeof(Traces.Trace).Assembly, typeof(ControlledFolder).Assembly];

    /// <summary>Which build of the harness runs an agent's assembly, its host included.</summary>
    public static string BuildOf(string assembly)
    {
        using var host = new PEReader(File.OpenRead(HostProcess.HostPath(assembly)));
        var metadata = host.GetMetadataReader();
        return string.Join(
            ' ',
            Harness.Select(a => a.ManifestModule.ModuleVersionId).Append(metadata.GetGuid(metadata.GetModuleDefinition().Mvid))
        );
    }

    /// <summary>The folder for an agent's assembly, made or not.</summary>
    public static string PathOf(string assembly)
    {
        var folder = Path.GetDirectoryName(assembly)!;
        var manifest = new StringBuilder(BuildOf(assembly));
        foreach (var file in new DirectoryInfo(folder).GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal))
            manifest.Append(CultureInfo.InvariantCulture, $"\n{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}");
        foreach (var framework in Frameworks())
            manifest.Append('\n').Append(framework);
        return Of(folder, IdOf(manifest.ToString()));
    }

    // Where nothing can be written beside the agent, the user has a folder for such.
    private static string Of(string folder, string copy)
    {
        if (Environment.GetEnvironmentVariable(Cache) is { Length: > 0 } cache)
            return Path.Combine(Path.GetFullPath(cache), IdOf(folder), copy);
        var beside = Path.Combine(folder, Name);
        return Directory.Exists(Path.Combine(beside, copy)) || CanWrite(beside)
            ? Path.Combine(beside, copy)
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
                "replay-harness",
                IdOf(folder),
                copy
            );
    }

    private static bool CanWrite(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.Create(Traces.DraftName.Of(Path.Combine(folder, Trial)), 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string IdOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    /// <summary>Notes that a copy is used now; nothing where it lies beside its agent, which nobody shares.</summary>
    public static void Use(string copy)
    {
        if (IsShared(copy))
            CopyCache.Use(copy);
    }

    /// <summary>Keeps a copy from being deleted; null where nobody would delete it, or it cannot be held.</summary>
    public static IDisposable? Hold(string copy) => IsShared(copy) ? CopyCache.Hold(copy) : null;

    private static bool IsShared(string copy) => Path.GetFileName(Path.GetDirectoryName(copy)) != Name;

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
                .Where(d => d != current && (IsDraft(d) ? IsOlder(d, old) : !IsShared(current)))
        )
        {
            try
            {
                // Who is killed here leaves half of it, which nobody may take for a whole one.
                var gone = IsDraft(other) ? other : Traces.DraftName.Of(other);
                if (gone != other)
                    Directory.Move(other, gone);
                Directory.Delete(gone, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }
        if (IsShared(current))
            CopyCache.Clean(current);
    }

    /// <summary>The shared frameworks, parts of which are copied: <c>FRAMEWORK/VERSION</c>, from <c>ROOT/shared</c>.</summary>
    public static IEnumerable<string> Frameworks()
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
