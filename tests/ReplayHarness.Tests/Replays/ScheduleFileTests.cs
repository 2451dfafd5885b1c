using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Replays;

/// <summary>A schedule that was written down is replayed exactly, or not at all.</summary>
public sealed class ScheduleFileTests
{
    [Test]
    public async Task The_written_schedule_fails_again_and_the_explanation_holds_for_it()
    {
        using var folder = new TempFolder();
        var (fixture, example) = await ExampleAsync(folder);
        var again = await FollowAsync(fixture, folder.Write("s.json", example.ToText()), nameof(LeakedOrderBroken));
        Assert.That(again.Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.Reproduced), again.Sentence);
        Assert.That(
            again.Hypotheses.Single().Schedules,
            Has.Property(nameof(ScheduleCount.Explored))
                .EqualTo(1)
                .And.Property(nameof(ScheduleCount.LatencyModel))
                .EqualTo("schedule file")
        );
        Assert.That(example.Steps.Single(s => s.Enabled.Count > 1).Chosen, Is.EqualTo("fetch#2"));
    }

    [Test]
    public async Task An_agent_that_does_otherwise_diverges_at_the_step_with_both_sides()
    {
        using var folder = new TempFolder();
        var (fixture, example) = await ExampleAsync(folder);
        var other = await FollowAsync(fixture, folder.Write("s.json", example.ToText()), nameof(BlockingToolsBroken));
        Assert.That(other.Verdict, Is.EqualTo(VerdictKind.Diverged));
        Assert.That(other.Sentence, Does.Contain("at step 2: expected at 1 s {fetch#1, fetch#2}; actual at 1 s {fetch#1}"));
    }

    [Test]
    public async Task A_schedule_that_goes_on_where_the_replay_ends_diverges()
    {
        using var folder = new TempFolder();
        var (fixture, example) = await ExampleAsync(folder);
        var longer = example with { Steps = [.. example.Steps, new(example.Steps.Count + 1, 9, ["fetch#3"], "fetch#3")] };
        var report = await FollowAsync(fixture, folder.Write("s.json", longer.ToText()), nameof(LeakedOrderBroken));
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.Diverged));
        Assert.That(report.Sentence, Does.Contain("expected fetch#3; actual: the replay ended after step"));
    }

    [TestCase("{", ":1:2: not a schedule")]
    [TestCase("{}", ":1:3: not a schedule")]
    [TestCase(
        """{"schemaVersion":2,"incident":"pitfall","hypothesis":"captured@tool","steps":[]}""",
        "schema version 2; this harness reads 1"
    )]
    public void A_bad_file_is_one_clear_error(string text, string message)
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<BadInputException>(() => ScheduleFile.Load(folder.Write("s.json", text)));
        Assert.That(error!.Message, Does.Contain(message));
    }

    private static async Task<(string Fixture, ScheduleFile Example)> ExampleAsync(TempFolder folder)
    {
        var fixture = Authored.Write(folder, "pitfall", PitfallRuns.Of("LeakedOrder"));
        var found = await Replay.RunAsync(fixture, nameof(LeakedOrderBroken), new ReplayOptions { Hypotheses = ["captured@tool"] });
        return (fixture, found.Hypotheses.Single().Explanation!.Example);
    }

    private static Task<ReplayReport> FollowAsync(string fixture, string schedule, string driver) =>
        Replay.RunAsync(fixture, driver, new ReplayOptions { Schedules = Schedules.FromFile(schedule) });
}
