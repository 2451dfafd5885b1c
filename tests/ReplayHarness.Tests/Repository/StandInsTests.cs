using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Repository;

/// <summary>One property chooses between a package and its stand-in, for every project that asks for it.</summary>
public sealed class StandInsTests
{
    private static readonly string[] s_packages = ["Verify.NUnit"];

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
        Assert.That(Referenced(project, "-p:StandIns="), Is.EqualTo((asked, Array.Empty<string>())), "the real package");
        Assert.That(Referenced(project), Is.EqualTo((Array.Empty<string>(), asked)), "the stand-in");
    }

    [Test]
    public void No_other_stand_in_lies_about() =>
        Assert.That(
            Directory.GetDirectories(Path.Combine(Repo.Root, "tests", "StandIns")).Select(Path.GetFileName),
            Is.EquivalentTo(s_packages)
        );

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
