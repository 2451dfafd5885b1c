using System.Reflection;
using PublicApiGenerator;

namespace ReplayHarness.Tests.Repository;

/// <summary>
/// The public surface is small, and changes only on purpose: accept a change by copying the received file over the approved one.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions s_options = new() { IncludeAssemblyAttributes = false };

    private static Assembly[] Shipped =>
        [
            typeof(ReplayHarness.Traces.Trace).Assembly,
            typeof(ReplayHarness.Fixtures.Fixture).Assembly,
            typeof(ReplayHarness.NUnit.Shows).Assembly,
            typeof(ReplayHarness.Server.OtlpReceiver).Assembly,
        ];

    private static IEnumerable<TestCaseData> Assemblies() => Shipped.Select(a => new TestCaseData(a).SetArgDisplayNames(a.GetName().Name!));

    [TestCaseSource(nameof(Assemblies))]
    public void The_public_surface_is_the_approved_one(Assembly assembly)
    {
        var folder = Path.Combine(Repo.Root, "tests", "ReplayHarness.Tests", "Repository");
        var file = Path.Combine(folder, $"PublicApi.{assembly.GetName().Name}.approved.txt");
        var received = assembly.GeneratePublicApi(s_options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var approved = File.Exists(file) ? File.ReadAllText(file) : "";
        if (approved == received)
            return;
        var beside = file.Replace(".approved.", ".received.", StringComparison.Ordinal);
        File.WriteAllText(beside, received);
        Assert.That(received, Is.EqualTo(approved), $"if the change is meant: cp {beside} {file}");
    }

    // What a user does not need is internal: each type that is public must be explained, and can never change.
    [TestCaseSource(nameof(Assemblies))]
    public void A_package_shows_at_most_45_types(Assembly assembly) =>
        Assert.That(assembly.GetExportedTypes().Where(t => !t.IsNested).Select(t => t.FullName).ToArray(), Has.Length.AtMost(45));

    [Test]
    public void Each_shipped_assembly_has_one_approved_file() =>
        Assert.That(
            Directory
                .GetFiles(Path.Combine(Repo.Root, "tests", "ReplayHarness.Tests", "Repository"), "PublicApi*.approved.txt")
                .Select(Path.GetFileName),
            Is.EquivalentTo(Shipped.Select(a => $"PublicApi.{a.GetName().Name}.approved.txt"))
        );
}
