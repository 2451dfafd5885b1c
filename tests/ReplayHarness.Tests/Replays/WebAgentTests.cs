using ReplayHarness.Judging;

namespace ReplayHarness.Tests.Replays;

/// <summary>An agent behind an endpoint of ASP.NET Core: the whole application runs in memory, its telemetry's exporter too.</summary>
public sealed class WebAgentTests
{
    [TestCase("WebBroken", VerdictKind.Reproduced)]
    [TestCase("WebFixed", VerdictKind.Removed)]
    [TestCase("WebIdle", VerdictKind.NotEstablished)]
    public async Task Each_hypothesis_says_it(string agent, VerdictKind verdict)
    {
        var report = await TeamRuns.RunAsync("seats", agent);
        Assert.That(report.Hypotheses.Select(h => h.Verdict).Prepend(report.Verdict), Is.All.EqualTo(verdict), report.Sentence);
    }

    [Test]
    public async Task An_error_that_is_only_told_is_a_symptom_removed() =>
        Assert.That((await TeamRuns.RunAsync("seats", "WebTold")).Verdict, Is.EqualTo(VerdictKind.SymptomRemoved));

    [Test]
    public Task It_runs_alike_every_time() => TeamRuns.OneLogAsync("seats", "WebFixed");
}
