using System.Numerics;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;
using ReplayHarness.Verdicts;

namespace ReplayHarness.Tests.Verdicts;

/// <summary>Classic mistakes of concurrent agents: each is found, and its fix is proved over every schedule.</summary>
public sealed class PitfallsTests
{
    [TestCase("LostUpdate")]
    [TestCase("Hedging", VerdictKind.Changed)]
    [TestCase("RetriedCharge")]
    [TestCase("CrossedLocks")]
    [TestCase("BlockingTools", VerdictKind.Changed)]
    [TestCase("LeftRunning")]
    [TestCase("LeakedOrder")]
    [TestCase("SharedContext")]
    public async Task Broken_is_found_and_fixed_is_proved(string pitfall, VerdictKind expected = VerdictKind.Reproduced)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "pitfall", PitfallRuns.Of(pitfall));
        var found = await RunAsync(fixture, pitfall + "Broken");
        var proved = await RunAsync(fixture, pitfall + "Fixed");
        TestContext.Out.WriteLine(ReportText.Of(found));
        TestContext.Out.WriteLine(ReportText.Of(proved));
        Assert.That(found.Hypotheses.Single().Verdict, Is.EqualTo(expected), found.Sentence);
        Assert.That(proved.Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.Removed), proved.Sentence);
        Assert.That(proved.Hypotheses.Single().Schedules.Exhaustive, Is.True);
    }

    // 720 orders in each of three turns; where the second fails, in 4! of its orders, there is no third.
    [TestCase("WideCommuting", 720L * 720 * 720, 0L)]
    [TestCase("WideFirstFinisher", (720L * 696 * 720) + (720 * 24), 720L * 24)]
    public async Task Wide_is_exhausted_by_merging(string driver, long represented, long failing)
    {
        using var folder = new TempFolder();
        var report = await RunAsync(Authored.Write(folder, "wide", PitfallRuns.Of("Wide")), driver);
        TestContext.Out.WriteLine(ReportText.Of(report));
        var schedules = report.Hypotheses.Single().Schedules;
        Assert.That((schedules.Exhaustive, schedules.Represented, schedules.Failing), Is.EqualTo((true, new BigInteger(represented), new BigInteger(failing))));
        Assert.That(schedules.Explored, Is.LessThan(2_500));
    }

    private static Task<ReplayReport> RunAsync(string fixture, string driver) =>
        Replay.RunAsync(new ReplayJob { Fixture = fixture, Assembly = Replay.Assembly, Driver = driver, Hypotheses = ["captured@tool"] });
}
