using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;
using ReplayHarness.Verdicts;
using static VerifyNUnit.Verifier;

namespace ReplayHarness.Tests.Verdicts;

/// <summary>What a person reads where the agent has strayed from its fixture: what it asked for, what is nearest, why that was rejected, what to do.</summary>
public sealed class DivergenceTests
{
    [TestCase(nameof(ChangesAnArgument), VerdictKind.Diverged)]
    [TestCase(nameof(CallsANewTool), VerdictKind.Diverged)]
    [TestCase(nameof(ChangesThePrompt), VerdictKind.Diverged)]
    [TestCase(nameof(HasMovedOn), VerdictKind.PartlyRemoved)]
    public async Task Report(string driver, VerdictKind expected)
    {
        var report = await Replay.RunAsync(new ReplayJob { Fixture = Path.Combine(Data.Root, "fixtures", "order-desk"), Assembly = Replay.Assembly, Driver = $"ReplayHarness.Tests.Replays.{driver}", Hypotheses = ["captured@tool"] });
        Assert.That(report.Hypotheses.Single().Verdict, Is.EqualTo(expected), report.Sentence);
        await Verify(ReportText.Of(report)).UseTextForParameters(driver);
    }
}
