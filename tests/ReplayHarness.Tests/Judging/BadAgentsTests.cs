using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Judging;

/// <summary>An agent that cannot be replayed is one clear error.</summary>
public sealed class BadAgentsTests
{
    private static IEnumerable<TestCaseData> Bad()
    {
        yield return Case(Replay.Assembly, "NoSuchDriver", "holds no driver NoSuchDriver; it holds ");
        yield return Case(Replay.Assembly, "ThrowsInTimrLate", ", the nearest ReplayHarness.Tests.Replays.ThrowsInTimerLate, ");
        yield return Case(Replay.Assembly, "StartsNoth", ", the nearest ReplayHarness.Tests.Replays.StartsNothing, ");
        yield return Case(Replay.Assembly, null, "holds several drivers; name one after a colon");
        yield return Case(
            Replay.Assembly,
            nameof(ThrowsInConfigure),
            "ThrowsInConfigure.ConfigureServices threw InvalidOperationException: no such setting"
        );
        yield return Case(Replay.Assembly, nameof(ThrowsInConstructor), "cannot be created: no such file");
        yield return Case(Replay.Assembly, nameof(NeedsAnArgument), "a driver needs a public constructor without parameters");
        yield return Case("no-such.dll", null, "no-such.dll: there is no such assembly; build the agent's project first");
        yield return Case(Data.DriveTimeout, null, "cannot be loaded as a .NET assembly");
        yield return Case(
            typeof(MailPilot.MailAgent).Assembly.Location,
            null,
            "holds no driver; expected a public class that implements IReplayDriver"
        );

        static TestCaseData Case(string assembly, string? driver, string message) =>
            new TestCaseData(assembly, driver, message).SetName($"Bad agent: {message}");
    }

    [TestCaseSource(nameof(Bad))]
    public async Task A_bad_agent_is_one_clear_error(string assembly, string? driver, string message)
    {
        var error = await Assert.ThrowsAsync<BadInputException>(() => Replay.RunAsync(Data.Fixture, Agent.InAssembly(assembly, driver)));
        Assert.That(error!.Message, Does.Contain(message).And.Not.Contains("   at "));
        Assert.That(error.Message.Split(", "), Has.Length.LessThan(8), "a few names, not all");
    }

    // To find mistakes in it, and to calibrate, it is run too.
    [Test]
    public async Task A_driver_is_configured_in_a_replay_only()
    {
        var report = await Replay.RunAsync<ConfiguredInReplaysOnly>(hypotheses: "healthy@http");
        Assert.That(report.Hypotheses.Single().Calibrated, Is.True, report.Sentence);
    }

    [Test]
    public async Task A_call_that_was_never_captured_diverges_and_names_the_nearest()
    {
        var report = await Replay.RunAsync<AsksForSomethingElse>(hypotheses: "captured@tool");
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.Diverged));
        Assert.That(report.Sentence, Does.Contain("something else"));
        Assert.That(
            report.Hypotheses.Single().Reasons,
            Does.Contain("nearest in the fixture: search_drive_markdown {\"query\":\"M20 cable gland\"}")
        );
    }

    [Test]
    public async Task A_renamed_tool_is_followed_by_its_alias()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.CopyFixture(), "fixture.json");
        Assert.That(
            (await Replay.RunAsync<RenamedTool>(folder.Path, hypotheses: "captured@tool")).Verdict,
            Is.EqualTo(VerdictKind.Diverged)
        );
        File.WriteAllText(
            file,
            File.ReadAllText(file).Replace("\"aliases\": {}", "\"aliases\": { \"find_markdown\": \"search_drive_markdown\" }")
        );
        Assert.That(
            (await Replay.RunAsync<RenamedTool>(folder.Path, hypotheses: "captured@tool")).Verdict,
            Is.Not.EqualTo(VerdictKind.Diverged)
        );
    }

    [Test]
    public async Task A_healthy_backend_that_does_not_give_the_captured_results_is_uncalibrated()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.CopyFixture(), "http", "drive.json");
        File.WriteAllText(
            file,
            File.ReadAllText(file).Replace("files/1AbC-gland-datasheet-v3/content\"", "files/1AbC-gland-datasheet-v2/content\"")
        );
        var verdict = (await Replay.RunAsync<RaceRemoved>(folder.Path, hypotheses: "healthy@http")).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished));
        Assert.That(verdict.Sentence, Does.Contain("uncalibrated").And.Contain("read_drive_markdown"));
    }
}
