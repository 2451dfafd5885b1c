using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>
/// What both sides use before and after an access orders them in each schedule that runs, and guards nothing: the code is stopped between,
/// and what that shows decides.
/// </summary>
[NonParallelizable]
public sealed class HiddenRacesTests
{
    private readonly TempFolder _folder = new();
    private string _fixture = null!;

    [OneTimeSetUp]
    public void Write() => _fixture = Authored.Write(_folder, "races", RaceRuns.Turn());

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [TestCase(nameof(HiddenByQueueBroken), VerdictKind.Reproduced, RaceWeight.Confirmed)]
    [TestCase(nameof(HiddenByMetricBroken), VerdictKind.Reproduced, RaceWeight.Confirmed)]
    [TestCase(nameof(HiddenByContainerBroken), VerdictKind.Reproduced, RaceWeight.Confirmed)]
    [TestCase(nameof(HiddenByTryBroken), VerdictKind.Reproduced, RaceWeight.Confirmed)]
    [TestCase(nameof(HiddenByLockOfLogBroken), VerdictKind.Changed, RaceWeight.Forbidden)]
    public async Task What_only_stands_around_an_access_guards_nothing(string driver, VerdictKind expected, object weight)
    {
        var verdict = await RunAsync(driver);
        Assert.That(verdict.Verdict, Is.EqualTo(expected), verdict.Sentence);
        Assert.That(verdict.Races[0].Weight, Is.EqualTo(weight));
    }

    [TestCase(nameof(HiddenBySpinHealthy))]
    [TestCase(nameof(HiddenBySpinLockHealthy))]
    [TestCase(nameof(HiddenByLazyHealthy))]
    [TestCase(nameof(HiddenByMutexHealthy))]
    public async Task What_guards_is_no_race_also_where_the_code_is_stopped_inside(string driver)
    {
        var verdict = await RunAsync(driver);
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Removed), verdict.Sentence);
        Assert.That(verdict.Races, Is.Empty);
        Assert.That(verdict.Schedules.Exhaustive, Is.True);
    }

    private async Task<HypothesisVerdict> RunAsync(string driver) =>
        (await Replay.RunAsync(_fixture, driver, new ReplayOptions { Hypotheses = ["captured@tool"] })).Hypotheses.Single();
}
