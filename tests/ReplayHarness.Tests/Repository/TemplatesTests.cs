using System.Text.Json;
using System.Text.RegularExpressions;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Repository;

/// <summary>The package of templates: for each framework it makes a project that builds, from the packages alone.</summary>
[Platform(Include = "Linux", Reason = "the commands are a shell's")]
public sealed class TemplatesTests
{
    // By framework: the packages of an agent on it.
    private static readonly Dictionary<string, string[]> s_frameworks = new(StringComparer.Ordinal)
    {
        ["extensions-ai"] = ["Microsoft.Extensions.AI"],
        ["agent-framework"] = ["Microsoft.Agents.AI"],
        // Semantic Kernel asks for a client of OpenAI that is older than what its own packages ask for.
        ["semantic-kernel"] = ["Microsoft.SemanticKernel", "OpenAI"],
        ["aspnetcore"] = ["Microsoft.Extensions.AI"],
        ["none"] = [],
    };

    [Test]
    public void Each_framework_gets_a_project_that_builds()
    {
        using var solution = new FreshSolution();
        // A relative one is not scanned.
        var hive = $"--debug:custom-hive '{solution.Work}/hive'";
        Do($"dotnet pack '{Path.Combine(Repo.Root, "templates")}' -o ../templates");
        Do($"dotnet new install ../templates/*.nupkg {hive}");
        foreach (var (framework, packages) in s_frameworks)
        {
            solution.Write($"{framework}/Agent/Agent.csproj", Agent(packages));
            // Projects of one solution have names of their own.
            var made = Do($"dotnet new replay-harness -n {framework}.Replays -o {framework}/Replays --framework {framework} {hive}");
            Assert.That(made, Does.Contain("replay-harness new NAME --from TRACES --trace ID --agent ."));
        }
        var projects = s_frameworks.Keys.Select(f => $"<Project Path=\"{f}/Replays/{f}.Replays.csproj\" />");
        solution.Write("All.slnx", $"<Solution>{string.Concat(projects)}</Solution>");
        // Warnings of packages are of those that happen to lie here.
        Assert.That(Do("dotnet build All.slnx"), Does.Not.Contain("warning CS"));

        string Do(string command)
        {
            var (code, output) = solution.Shell(command);
            Assert.That(code, Is.Zero, $"{command}\n{output}");
            return output;
        }
    }

    [Test]
    public void It_offers_those_frameworks_and_the_versions_of_this_build()
    {
        var template = Path.Combine(Repo.Root, "templates", "replay-harness");
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(template, ".template.config", "template.json")));
        Assert.That(
            settings
                .RootElement.GetProperty("symbols")
                .GetProperty("framework")
                .GetProperty("choices")
                .EnumerateArray()
                .Select(c => c.GetProperty("choice").GetString()),
            Is.EqualTo(s_frameworks.Keys)
        );
        var project = File.ReadAllText(Path.Combine(template, "Agent.Replays.csproj"));
        var version = Regex.Match(File.ReadAllText(Path.Combine(Repo.Root, "Directory.Build.props")), "<Version>(.*)</Version>").Groups[1];
        Assert.That(project, Does.Contain($"\"ReplayHarness.NUnit\" Version=\"{version}\""));
        foreach (var package in (string[])["NUnit", "NUnit3TestAdapter", "Microsoft.AspNetCore.TestHost"])
            Assert.That(project, Does.Contain($"\"{package}\" Version=\"{Repo.VersionOf(package)}\""));
    }

    private static string Agent(string[] packages) =>
        $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>
                {string.Concat(packages.Select(p => $"<PackageReference Include=\"{p}\" Version=\"{Repo.VersionOf(p)}\" />"))}
              </ItemGroup>
            </Project>
            """;
}
