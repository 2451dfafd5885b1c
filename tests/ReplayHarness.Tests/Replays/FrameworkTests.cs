using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>What an agent's build gets from a shared framework follows the replay's clock, as its packages do.</summary>
public sealed class FrameworkTests
{
    [TestCase(nameof(TrustsItsCache), VerdictKind.Changed)]
    [TestCase(nameof(RenewsItsToken), VerdictKind.Removed)]
    [TestCase(nameof(TrustsItsLimit), VerdictKind.Changed)]
    [TestCase(nameof(LimitsItsRate), VerdictKind.Removed)]
    [TestCase(nameof(ReadsByDelegates), VerdictKind.Removed)]
    public async Task It_follows_the_clock(string driver, VerdictKind expected)
    {
        var report = await RunAsync(driver);
        Assert.That(report.Hypotheses.Single().Verdict, Is.EqualTo(expected), report.Sentence);
    }

    [Test]
    public async Task A_member_in_an_expression_tree_is_named()
    {
        var verdict = (await RunAsync(nameof(ReadsByExpression))).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished), verdict.Sentence);
        Assert.That(string.Join('\n', verdict.Reasons), Does.Contain("DateTime.get_UtcNow in an expression tree; compute it before"));
    }

    private static async Task<ReplayReport> RunAsync(string driver)
    {
        using var folder = new TempFolder();
        return await Replay.RunAsync(
            Authored.Write(folder, "framework", PitfallRuns.Of("LostUpdate")),
            driver,
            new ReplayOptions { Schedules = Schedules.All, Hypotheses = ["captured@tool"] }
        );
    }
}
