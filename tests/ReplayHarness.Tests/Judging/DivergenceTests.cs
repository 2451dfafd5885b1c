using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Reports;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;
using static VerifyNUnit.Verifier;

namespace ReplayHarness.Tests.Judging;

/// <summary>
/// What a person reads where the agent has strayed from its fixture: what it asked for, what is nearest, why that was rejected, what to do.
/// </summary>
public sealed class DivergenceTests
{
    [TestCase(nameof(ChangesAnArgument), VerdictKind.Diverged)]
    [TestCase(nameof(CallsANewTool), VerdictKind.Diverged)]
    [TestCase(nameof(ChangesThePrompt), VerdictKind.Diverged)]
    [TestCase(nameof(HasMovedOn), VerdictKind.PartlyRemoved)]
    public async Task Report(string driver, VerdictKind expected)
    {
        var report = await Replay.RunAsync(
            Path.Combine(Data.Root, "fixtures", "order-desk"),
            $"ReplayHarness.Tests.Replays.{driver}",
            new ReplayOptions { Hypotheses = ["captured@tool"] }
        );
        Assert.That(report.Hypotheses.Single().Verdict, Is.EqualTo(expected), report.Sentence);
        await Verify(ReportText.Verdicts(report, static remedy => $"{remedy}")).UseTextForParameters(driver);
    }

    // What the agent asks now is answered by what is nearest, and the verdict says so.
    [TestCase(
        nameof(ChangesAnArgument),
        true,
        MismatchPolicy.Fail,
        "accepted: check_inventory {\"fresh\":true,\"sku\":\"SKU-779\"} takes what {\"sku\":\"SKU-778\",\"warehouse\":\"lyon-2\"} did"
    )]
    [TestCase(nameof(ChangesThePrompt), true, MismatchPolicy.Fail, "accepted: the user's text is different: ")]
    [TestCase(
        nameof(ChangesAnArgument),
        false,
        MismatchPolicy.ErrorResult,
        "no match, and an error in its place: the agent called check_inventory"
    )]
    [TestCase(
        nameof(CallsANewTool),
        false,
        MismatchPolicy.ErrorResult,
        "no match, and an error in its place: the agent called reserve_stock"
    )]
    [TestCase(
        nameof(ChangesThePrompt),
        false,
        MismatchPolicy.Continue,
        "no match, and a synthetic final message in its place: the agent asked the model"
    )]
    public async Task Drift_may_be_accepted(string driver, bool accept, MismatchPolicy policy, string drift)
    {
        var report = await Replay.RunAsync(
            Path.Combine(Data.Root, "fixtures", "order-desk"),
            $"ReplayHarness.Tests.Replays.{driver}",
            new ReplayOptions { Matching = new(accept, policy), Hypotheses = ["captured@tool"] }
        );
        var verdict = report.Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.Not.EqualTo(VerdictKind.Diverged), report.Sentence);
        Assert.That(verdict.Drift, Has.Some.StartWith(drift));
    }

    [TestCase(nameof(CallsANewTool), true, MismatchPolicy.Fail)]
    [TestCase(nameof(ChangesThePrompt), false, MismatchPolicy.ErrorResult)]
    public async Task What_no_policy_covers_still_diverges(string driver, bool accept, MismatchPolicy policy)
    {
        var report = await Replay.RunAsync(
            Path.Combine(Data.Root, "fixtures", "order-desk"),
            $"ReplayHarness.Tests.Replays.{driver}",
            new ReplayOptions { Matching = new(accept, policy), Hypotheses = ["captured@tool"] }
        );
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.Diverged));
    }

    [Test]
    public async Task The_ids_of_the_model_s_calls_are_the_recording_s()
    {
        var report = await Replay.RunAsync(
            Path.Combine(Data.Root, "fixtures", "order-desk"),
            $"ReplayHarness.Tests.Replays.{nameof(ChangesACallId)}",
            new ReplayOptions { Hypotheses = ["captured@tool"] }
        );
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.Diverged));
        Assert.That(report.Sentence, Does.Contain("the agent changed the model's answer 1"));
    }
}
