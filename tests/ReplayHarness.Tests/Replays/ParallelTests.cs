using ReplayHarness.Host.Rewriting;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>A parallel loop that says no degree overlaps as on a machine with processors: what races there is found.</summary>
public sealed class ParallelTests
{
    private static readonly string[] s_ways = ["WithOptions", "WithNoDegree", "Plain", "Blocking", "Invoked", "Queried"];

    [TestCaseSource(nameof(s_ways))]
    public async Task A_race_of_two_iterations_is_found(string way) =>
        Assert.That(await VerdictOfAsync($"Parallel{way}Broken"), Is.EqualTo(VerdictKind.Reproduced));

    [TestCaseSource(nameof(s_ways))]
    public async Task A_loop_without_it_is_proved(string way) =>
        Assert.That(await VerdictOfAsync($"Parallel{way}Fixed"), Is.EqualTo(VerdictKind.Removed));

    [Test]
    public void Packages_are_rewritten_as_agents_are()
    {
        using var folder = new TempFolder();
        using var rewriter = new AssemblyRewriter(
            Path.GetDirectoryName(Replay.Assembly)!,
            new MovedStatics(new HashSet<string>(), new HashSet<(string, string)>())
        );
        var copy = Path.Combine(folder.Path, "package.dll");
        Assert.That(rewriter.Rewrite(Replay.Assembly, copy, Caller.Library));
        using var module = Mono.Cecil.ModuleDefinition.ReadModule(copy);
        Assert.That(
            module.GetMemberReferences().Where(m => m.DeclaringType.FullName == typeof(Parallel).FullName).Select(m => m.FullName),
            Has.All.Contains(nameof(ParallelOptions))
        );
    }

    private static async Task<VerdictKind> VerdictOfAsync(string driver)
    {
        using var folder = new TempFolder();
        var report = await Replay.RunAsync(
            Authored.Write(folder, "control", PitfallRuns.Of("LostUpdate")),
            driver,
            new ReplayOptions { Hypotheses = ["captured@tool"] }
        );
        return report.Hypotheses.Single().Verdict;
    }
}
