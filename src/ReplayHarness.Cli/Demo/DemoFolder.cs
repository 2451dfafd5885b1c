using System.Security;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Demo;

/// <summary>
/// The folder that the demo plays in: a small agent with its driver, the trace of its failure, and what is expected of it.
/// </summary>
internal sealed class DemoFolder : IDisposable
{
    private static readonly string[] s_files =
    [
        "Agent/Agent.csproj",
        "Agent/LampDesk.cs",
        "Driver/Deployed.cs",
        "Driver/Driver.csproj",
        "replays/lamp-desk/expected.json",
        "Directory.Build.props",
        "LampDesk.slnx",
        "nuget.config",
        "traces.jsonl",
    ];

    private readonly bool _isKept;

    private DemoFolder(string path, bool isKept) => (Path, _isKept) = (path, isKept);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Writes it.</summary>
    /// <param name="keep">The folder that is kept, which must be new or empty; null for one that is deleted at the end.</param>
    /// <exception cref="BadInputException">There is something in it.</exception>
    public static DemoFolder Write(string? keep)
    {
        if (keep is not null && (File.Exists(keep) || (Directory.Exists(keep) && Directory.EnumerateFileSystemEntries(keep).Any())))
            throw new BadInputException($"--keep {keep}: is there already, and not empty; expected the name of a new or empty folder");
        var folder = new DemoFolder(
            keep is null
                ? Directory.CreateTempSubdirectory("replay-harness-demo-").FullName
                : Directory.CreateDirectory(System.IO.Path.GetFullPath(keep)).FullName,
            keep is not null
        );
        foreach (var file in s_files)
        {
            var path = System.IO.Path.Combine(folder.Path, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Text(System.IO.Path.GetFileName(file)).Replace("$TOOL", Tool(), StringComparison.Ordinal));
        }
        return folder;
    }

    /// <summary>A text of the demo's.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(DemoFolder).Assembly.GetManifestResourceStream($"demo/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isKept)
            return;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Servers of the compiler may hold a file for some time; a folder for temporary files may keep it.
        }
    }

    // The tool's own folder, as a project file spells it.
    private static string Tool() =>
        SecurityElement
            .Escape(AppContext.BaseDirectory)
            .Replace("%", "%25", StringComparison.Ordinal)
            .Replace("$", "%24", StringComparison.Ordinal)
            .Replace("@", "%40", StringComparison.Ordinal)
            .Replace(";", "%3B", StringComparison.Ordinal);
}
