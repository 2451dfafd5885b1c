using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>Each race of the corpus is found, none is in the mended twins, and none in the agents that only look suspicious.</summary>
[NonParallelizable]
public sealed class RaceCorpusTests
{
    // Two of them meet only where two answers come at the same time, in an object that no replay can show broken: they are told, and are
    // no failure. The third lets a factory run twice that is not the dictionary's.
    private static readonly HashSet<string> s_told = ["Transcript", "DefaultHeaders"];

    private static readonly HashSet<string> s_missed = ["LazyCode"];

    private readonly TempFolder _folder = new();
    private string _fixture = null!;

    [OneTimeSetUp]
    public void Write() => _fixture = Authored.Write(_folder, "races", RaceRuns.Turn());

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    public static IEnumerable<string> Races => RaceCases.All.Select(c => c.Name).Except(s_missed);

    public static IEnumerable<string> Right =>
        RaceCases.All.Select(c => $"Race{c.Name}Fixed").Concat(RaceCases.Calm.Select(c => $"Calm{c.Name}Healthy"));

    [TestCaseSource(nameof(Races))]
    public async Task A_race_is_found(string name)
    {
        var verdict = await RunAsync($"Race{name}Broken");
        if (s_told.Contains(name))
            Assert.That(verdict.Races.Select(r => (r.Weight, r.Race.Kind)), Is.EqualTo([(RaceWeight.Unconfirmed, Sharing)]));
        else
            Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Reproduced).Or.EqualTo(VerdictKind.Changed), verdict.Sentence);
    }

    [TestCaseSource(nameof(Right))]
    public async Task What_is_right_is_removed_and_no_race_is_told(string driver)
    {
        var verdict = await RunAsync(driver);
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Removed), verdict.Sentence);
        Assert.That(verdict.Races, Is.Empty);
    }

    private const ReplayHarness.Replays.Races.RaceKind Sharing = ReplayHarness.Replays.Races.RaceKind.UnsafeSharing;

    private async Task<HypothesisVerdict> RunAsync(string driver) =>
        (await Replay.RunAsync(_fixture, driver, new ReplayOptions { Hypotheses = ["captured@tool"] })).Hypotheses.Single();
}
