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
    public async Task What_a_web_server_does_by_the_clock_is_no_choice_and_is_counted()
    {
        var report = await RunAsync(nameof(ServesTheWeb));
        Assert.That(Replay.Line(report), Is.EqualTo("captured@tool removed 0/2 (2 overlapped) -> removed"));
        Assert.That(
            report.Uncontrolled,
            Has.Some.Match(@"^the timer .* of a framework \(it fired \d+ times, and is no choice of the schedules\)$")
        );
    }

    [Test]
    public async Task A_thread_of_a_library_takes_its_turn()
    {
        var report = await RunAsync(nameof(WaitsForALibrarysThread), Schedules.Captured);
        Assert.That(report.Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.Removed), report.Sentence);
    }

    [Test]
    public async Task What_the_agent_does_on_a_librarys_thread_is_named()
    {
        var verdict = (await RunAsync(nameof(WorksOnALibrarysThread))).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished), verdict.Sentence);
        Assert.That(string.Join('\n', verdict.Reasons), Does.Contain("agent code ran on a thread of a package's own (VendorLibrary)"));
    }

    [Test]
    public async Task A_member_in_an_expression_tree_is_named()
    {
        var verdict = (await RunAsync(nameof(ReadsByExpression))).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished), verdict.Sentence);
        Assert.That(
            string.Join('\n', verdict.Reasons),
            Does.Contain("DateTime.UtcNow in an expression: a replay cannot see through it; call it")
        );
    }

    private static async Task<ReplayReport> RunAsync(string driver, Schedules? schedules = null)
    {
        using var folder = new TempFolder();
        return await Replay.RunAsync(
            Authored.Write(folder, "framework", PitfallRuns.Of("LostUpdate")),
            driver,
            new ReplayOptions { Schedules = schedules ?? Schedules.All, Hypotheses = ["captured@tool"] }
        );
    }
}
