using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Evidence;
using ReplayHarness.Running;

namespace ReplayHarness.Cli.Fleet;

/// <summary>
/// What the report of a job depends on, as a hash: the harness, the runtime, the fixture, the agent's code that its driver reaches, the
/// packages and the other files beside it. Whatever is not known to be without effect is in it.
/// </summary>
internal sealed class JobKeys
{
    // Code is hashed by what it does; symbols and documentation do nothing.
    private static readonly string[] s_apart = [".dll", ".pdb", ".xml", ".exe"];

    private readonly ConcurrentDictionary<(string, string?), Lazy<string>> _agents = new();

    private readonly ConcurrentDictionary<string, Lazy<string>> _beside = new(),
        _builds = new();

    /// <summary>The hash.</summary>
    /// <param name="job">The job.</param>
    /// <param name="assembly">The assembly that holds its driver.</param>
    public string Of(FleetJob job, string assembly)
    {
        var driver = job.Expected!.Driver;
        return Hash(
            _builds.GetOrAdd(assembly, static a => new(() => ControlledFolder.BuildOf(a))).Value,
            Environment.Version.ToString(),
            job.Incident,
            job.Fixture,
            driver ?? "",
            EvidenceFile.HashOf(job.Fixture),
            _agents.GetOrAdd((assembly, driver), static a => new(() => AgentHash.Of(a.Item1, a.Item2))).Value,
            _beside.GetOrAdd(Path.GetDirectoryName(Path.GetFullPath(assembly))!, static f => new(() => Beside(f))).Value
        );
    }

    private static string Beside(string folder)
    {
        var files = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f))
            .Where(f => !f.StartsWith(ControlledFolder.Name + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return Hash([.. files.Select(f => f + " " + Told(Path.Combine(folder, f)))]);
    }

    // A package's assembly is as long as another only by chance, and its version stands in the list of packages.
    private static string Told(string file) =>
        s_apart.Contains(Path.GetExtension(file))
            ? IsCodeOfPackage(file)
                ? new FileInfo(file).Length.ToString(CultureInfo.InvariantCulture)
                : ""
            : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static bool IsCodeOfPackage(string file) =>
        file.EndsWith(".dll", StringComparison.Ordinal) && !File.Exists(Path.ChangeExtension(file, ".pdb"));

    private static string Hash(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))));
}
