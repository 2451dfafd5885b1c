using System.Diagnostics;
using System.Text.RegularExpressions;
using ReplayHarness.Tests.Repository;

namespace ReplayHarness.Tests.Support;

/// <summary>An empty folder of a user's, in which the packages of this build can be installed.</summary>
internal sealed class FreshSolution : IDisposable
{
    private static readonly string[] s_projects =
    [
        "ReplayHarness.Traces",
        "ReplayHarness",
        "ReplayHarness.Server",
        "ReplayHarness.NUnit",
        "ReplayHarness.Cli",
    ];

    // Packed once for all that look at them, and left as they are.
    private static readonly Lazy<TempFolder> s_packed = new(Pack);
    private readonly TempFolder _folder = new();

    public FreshSolution()
    {
        Work = Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;
        File.WriteAllText(Path.Combine(Work, "nuget.config"), Sources());
    }

    /// <summary>The folder of the packages.</summary>
    public static string Packages => s_packed.Value.Path;

    /// <summary>The folder for the tool, which is on the path.</summary>
    public string Tools => Path.Combine(_folder.Path, "tools");

    /// <summary>The folder of the solution.</summary>
    public string Work { get; }

    /// <summary>The blocks of a document that stand in a section, by their language.</summary>
    public static IEnumerable<string> Blocks(string document, string section, string language)
    {
        var text = File.ReadAllText(Path.Combine(Repo.Root, document));
        var start = text.IndexOf($"\n## {section}\n", StringComparison.Ordinal);
        Assert.That(start, Is.GreaterThan(0), $"{document} has no section {section}");
        var end = text.IndexOf("\n## ", start + 4, StringComparison.Ordinal);
        return Regex.Matches(end < 0 ? text[start..] : text[start..end], $@"(?s)\n```{language}\n(.*?)```").Select(m => m.Groups[1].Value);
    }

    /// <summary>Writes a file of the solution.</summary>
    public void Write(string file, string text)
    {
        var path = Path.Combine(Work, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Runs a line of a shell in the solution's folder.</summary>
    public (int ExitCode, string Output) Shell(string command)
    {
        var start = new ProcessStartInfo("sh")
        {
            WorkingDirectory = Work,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "-c", command },
        };
        start.Environment["PATH"] = $"{Tools}:{start.Environment["PATH"]}";
        // As a user starts it, and not as a test of this project.
        foreach (
            var name in start
                .Environment.Keys.Where(k =>
                    k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
                    || k.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase)
                    || k.StartsWith("DOTNET_CLI_TEST", StringComparison.OrdinalIgnoreCase)
                )
                .ToArray()
        )
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    public void Dispose() => _folder.Dispose();

    private static TempFolder Pack()
    {
        var output = new TempFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => output.Dispose();
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(Data.Root));
        foreach (var project in s_projects)
        {
            var (code, text) = Component.Run(
                "dotnet",
                "pack",
                Path.Combine(Repo.Root, "src", project),
                "--no-build",
                "-c",
                configuration == "release" ? "Release" : "Debug",
                "-o",
                output.Path
            );
            Assert.That(code, Is.Zero, text);
        }
        return output;
    }

    // What was restored before is taken from where it lies; what is installed here stays here.
    private string Sources()
    {
        var known =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return $"""
            <configuration>
              <packageSources><add key="local" value="{Packages}" /></packageSources>
              <fallbackPackageFolders><add key="known" value="{known}" /></fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="{_folder.Path}/installed" /></config>
            </configuration>
            """;
    }
}
