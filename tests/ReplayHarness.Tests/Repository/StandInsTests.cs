using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Repository;

/// <summary>One property chooses between packages and their stand-ins, for every project that asks for one.</summary>
public sealed class StandInsTests
{
    private static readonly string[] s_packages = ["OpenTelemetry.Exporter.InMemory", "Verify.NUnit", "WireMock.Net"];

    private static IEnumerable<string> Projects() =>
        Repo.TextFiles()
            .Where(f => f.Path.EndsWith(".csproj", StringComparison.Ordinal) && f.Text.Contains("<TestPackage ", StringComparison.Ordinal))
            .Select(f => f.Path);

    [TestCaseSource(nameof(Projects))]
    public void One_property_chooses(string project)
    {
        var asked = s_packages
            .Where(p =>
                File.ReadAllText(Path.Combine(Repo.Root, project)).Contains($"<TestPackage Include=\"{p}\"", StringComparison.Ordinal)
            )
            .ToArray();
        Assert.That(asked, Is.Not.Empty);
        Assert.That(Referenced(project, "-p:StandIns="), Is.EqualTo((asked, Array.Empty<string>())), "the real packages");
        Assert.That(Referenced(project), Is.EqualTo((Array.Empty<string>(), asked)), "the stand-ins");
        Assert.That(Referenced(project, $"-p:StandIns={asked[0]}"), Is.EqualTo((asked[1..], asked[..1])), "one of them");
    }

    private static (string[] Packages, string[] StandIns) Referenced(string project, params string[] options)
    {
        var (code, output) = Component.Run(
            "dotnet",
            ["msbuild", Path.Combine(Repo.Root, project), "-getItem:PackageReference,ProjectReference", .. options]
        );
        Assert.That(code, Is.Zero, output);
        var items = JsonNode.Parse(output)!["Items"]!;
        string[] Of(string kind, Func<JsonNode, string> name) =>
            [.. items[kind]!.AsArray().Select(i => name(i!)).Where(s_packages.Contains).Order(StringComparer.Ordinal)];
        return (Of("PackageReference", i => (string)i["Identity"]!), Of("ProjectReference", i => (string)i["Filename"]!));
    }
}
