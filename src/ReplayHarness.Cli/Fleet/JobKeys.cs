using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Evidence;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>What a job depends on, as hashes.</summary>
/// <param name="State">
/// What is the same on every machine that runs the same code: the harness, the runtime, the fixture, what is expected, the agent's code
/// that the driver reaches, and all that lies beside it.
/// </param>
/// <param name="Key">All that the report depends on: that, without what is expected, and what the machine adds.</param>
internal sealed record JobKey(string State, string Key)
{
    /// <summary>The variables of the environment that the agent's code names, as a hash; empty where it cannot be read.</summary>
    public string Named { get; init; } = "";

    /// <summary>That of a job which cannot be read: nothing is known of it.</summary>
    public static JobKey None { get; } = new("", "");
}

/// <summary>Says of jobs what they depend on. Whatever is not known to be without effect is in it.</summary>
/// <param name="assembly">The assembly that holds their drivers.</param>
internal sealed class JobKeys(string assembly) : IDisposable
{
    // Files that a person reads.
    private static readonly HashSet<string> s_apart = ["README.md", "fixture.schema.json"];

    private readonly Lazy<AgentCode> _code = new(() => new(assembly, withLines: true));
    private readonly Dictionary<string, ReachedCode> _reached = new(StringComparer.Ordinal);
    private readonly Lazy<string> _common = new(() => Common(assembly));
    private readonly Lazy<RunEnvironment> _environment = new(RunEnvironment.Now);
    private readonly ConcurrentDictionary<string, string> _fixtures = new(StringComparer.Ordinal);
    private readonly Lazy<string> _build = new(() => BuildOf(assembly));

    /// <summary>What a job depends on; nothing where it cannot be read.</summary>
    public JobKey Of(FleetJob job)
    {
        if (job.Expected is not { } expected)
            return JobKey.None;
        try
        {
            _ = _build.Value;
            var reached = Reached(expected.Driver);
            var key = Hash(
                _common.Value,
                job.Incident,
                job.Fixture,
                expected.Driver ?? "",
                _fixtures.GetOrAdd(job.Fixture, HashOfFolder),
                reached.Hash
            );
            var verdicts = expected.Hypotheses.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key} {h.Value}");
            return new(
                Hash(key, expected.Agent, $"{expected.Verdict}", string.Join('\n', verdicts))[..16],
                Hash(key, _environment.Value.ToldTo(reached.Names))
            )
            {
                Named = Hash(_environment.Value.Named(reached.Names))[..16],
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException or BadInputException)
        {
            return JobKey.None;
        }
    }

    /// <summary>Whether a job's fixture and agent are still those that were asked for.</summary>
    public bool IsAsBefore(FleetJob job) =>
        BuildOf(assembly) == _build.Value && (!_fixtures.TryGetValue(job.Fixture, out var before) || before == HashOfFolder(job.Fixture));

    private static string BuildOf(string assembly) => ControlledFolder.PathOf(HostProcess.Resolve(assembly));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_code.IsValueCreated)
            _code.Value.Dispose();
    }

    private ReachedCode Reached(string? driver)
    {
        if (!_reached.TryGetValue(driver ?? "", out var reached))
            _reached.Add(driver ?? "", reached = _code.Value.Of(driver));
        return reached;
    }

    // The harness that replays is that beside the agent, where there is one: it is among the files there.
    private static string Common(string assembly) =>
        Hash([
            .. ControlledFolder.Harness.Append(typeof(JobKeys).Assembly).Select(a => $"{a.ManifestModule.ModuleVersionId}"),
            HashOf(Path.Combine(AppContext.BaseDirectory, "ReplayHarness.Host.dll")),
            Environment.Version.ToString(),
            .. ControlledFolder.Frameworks(),
            HashOfBeside(assembly),
        ]);

    private static string HashOfBeside(string assembly)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(assembly))!;
        HashSet<string> read = [Path.GetFullPath(assembly), .. AgentHash.TeamOf(assembly)];
        return HashOfFiles(folder, FilesBeside(folder).Where(f => !read.Contains(f) && !IsOfCode(f)));
    }

    // Copies come and go meanwhile.
    private static IEnumerable<string> FilesBeside(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Concat(Directory.EnumerateDirectories(folder).Where(d => Path.GetFileName(d) != ControlledFolder.Name).SelectMany(FilesIn));

    // Symbols, documentation and starters of code that is read itself. Lines are part of that.
    private static bool IsOfCode(string file) =>
        Path.GetExtension(file) is ".pdb" or ".xml" or ".exe" && File.Exists(Path.ChangeExtension(file, ".dll"));

    private static string HashOfFolder(string folder) =>
        HashOfFiles(folder, FilesIn(folder).Where(f => !s_apart.Contains(Path.GetFileName(f))));

    private static IEnumerable<string> FilesIn(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories);

    private static string HashOfFiles(string folder, IEnumerable<string> files) =>
        Hash([
            .. files
                .Order(StringComparer.Ordinal)
                .AsParallel()
                .AsOrdered()
                .Select(f => $"{Path.GetRelativePath(folder, f).Replace('\\', '/')} {HashOf(f)}"),
        ]);

    // A link that leads nowhere is one as long as it does.
    private static string HashOf(string file)
    {
        if (!File.Exists(file))
            return "";
        using var bytes = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    private static string Hash(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))));
}
