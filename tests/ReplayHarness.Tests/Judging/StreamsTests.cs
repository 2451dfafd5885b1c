using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Judging;

/// <summary>Answers that come in pieces, and calls that never come.</summary>
public sealed class StreamsTests
{
    private static readonly (string, string) s_mixed = ("System.InvalidOperationException", "the drafts were mixed up");
    private static readonly (string, string) s_cancelled = ("System.Threading.Tasks.TaskCanceledException", "A task was canceled.");
    private static readonly (string, string) s_slow = ("System.TimeoutException", "The operation has timed out.");

    // Each of two answers begins, and goes on: that makes six orders.
    [TestCase(typeof(FailsWhereOneComesWhole))]
    [TestCase(typeof(FailsWhereTheOtherComesWhole))]
    [TestCase(typeof(FailsWhereTheyTakeTurns))]
    [TestCase(typeof(FailsWhereTheOtherBegins))]
    [TestCase(typeof(FailsWhereTheOtherIsWithin))]
    [TestCase(typeof(FailsWhereTheOtherGoesOn))]
    public async Task Every_order_of_two_answers_in_pieces_is_tried(Type driver)
    {
        var report = await Judged(driver, Drafts());
        var schedules = report.Hypotheses.Single().Schedules;
        Assert.That(
            (report.Verdict, (int)schedules.Failing, (int)schedules.Represented),
            Is.EqualTo((VerdictKind.Reproduced, 1, 6)),
            report.Sentence
        );
    }

    // An agent that does something by the clock is tried in the same orders as one that does not.
    [TestCase(typeof(FailsWithinHeartbeats))]
    [TestCase(typeof(FailsWithinADeadline))]
    public async Task A_timer_that_is_due_before_the_next_piece_hides_no_order(Type driver)
    {
        var report = await Judged(driver, Drafts());
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.Reproduced), report.Sentence);
    }

    // How late a piece comes nobody knows; nor is it late because the agent pauses.
    [TestCase(typeof(PausesFirst))]
    [TestCase(typeof(PausesBetweenPieces))]
    [TestCase(typeof(PausesAfterIt))]
    [TestCase(typeof(PausesShortlyFirst))]
    [TestCase(typeof(PausesShortlyBetweenPieces))]
    [TestCase(typeof(PausesShortlyAfterIt))]
    [TestCase(typeof(PausesBetweenTwo))]
    [TestCase(typeof(PausesWithinTheSecond))]
    [TestCase(typeof(PausesWithinBoth))]
    public async Task A_pause_comes_anywhere_among_pieces(Type driver)
    {
        var report = await Judged(driver, Drafts());
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.Reproduced), report.Sentence);
    }

    // What waits for another answer to end is no slower for it.
    [TestCase(typeof(WaitsForEach), VerdictKind.Removed)]
    [TestCase(typeof(WaitsForEachTooShort), VerdictKind.Reproduced)]
    public async Task A_healthy_answer_never_loses_to_its_deadline(Type driver, VerdictKind expected)
    {
        var run = new RunBuilder { RootError = s_mixed }
            .Model(0, 40, input: Asks("a"), output: RunBuilder.Says("Alpha first"))
            .Model(0, 45, input: Asks("b"), output: RunBuilder.Says("Beta first"));
        var report = await Judged(driver, run);
        Assert.That(report.Verdict, Is.EqualTo(expected), report.Sentence);
    }

    // Each of three begins, and goes on: that makes 90.
    [TestCase(typeof(OfThreeOneIsWithinAnother))]
    [TestCase(typeof(OfThreeTheLastGoesOnFirst))]
    [TestCase(typeof(OfThreeOneBeginsWithinAnother))]
    [TestCase(typeof(OfThreeOneEndsBetween))]
    public async Task Every_order_of_three_answers_in_pieces_is_tried(Type driver)
    {
        var run = Drafts().Model(0, 1.4, input: Asks("c"), output: RunBuilder.Says("Gamma first"));
        var report = await Judged(driver, run);
        var schedules = report.Hypotheses.Single().Schedules;
        Assert.That(
            (report.Verdict, (int)schedules.Failing, (int)schedules.Represented),
            Is.EqualTo((VerdictKind.Reproduced, 1, 90)),
            report.Sentence
        );
    }

    // What the agent itself stopped is no error of the model's, and it is the agent that stops it in a replay.
    [TestCase(typeof(TakesTheFirst), VerdictKind.Reproduced)]
    [TestCase(typeof(TakesTheFirstByName), VerdictKind.Removed)]
    public async Task The_loser_of_a_race_did_not_fail(Type driver, VerdictKind expected)
    {
        var run = new RunBuilder { RootError = ("System.InvalidOperationException", "nobody knows b") }
            .Model(0, 1, s_cancelled, input: Asks("a"))
            .Model(0, 1, input: Asks("b"), output: RunBuilder.Says("Beta first"));
        Assert.That(run.Inspect().Shape.Identity.Select(i => i.Rule), Is.EqualTo(new[] { "agent-error" }));
        var report = await Judged(driver, run);
        Assert.That(report.Verdict, Is.EqualTo(expected), report.Sentence);
    }

    // Whoever leaves it behind has told the model; sequential attempts are no siblings of each other.
    [TestCase(typeof(LeavesAHungCall))]
    [TestCase(typeof(TriesThreeTimes))]
    public async Task A_call_that_hung_when_it_was_captured(Type driver)
    {
        var run = new RunBuilder { RootError = s_cancelled }
            .Model(0, 1, input: Asks("a"), output: Authored.Asks("count", "all"))
            .Tool("count", 1, 30, s_cancelled, Authored.About("all"), callId: "all");
        var report = await Judged(driver, run);
        Assert.That(
            (report.Verdict, report.Hypotheses.Single().Appeared),
            Is.EqualTo((VerdictKind.Survives, Array.Empty<JudgedFinding>())),
            report.Sentence
        );
    }

    // It answers who asks again; that it does is no merit of the agent's.
    [TestCase(typeof(LosesSiblings), VerdictKind.Reproduced)]
    [TestCase(typeof(AsksASlowModelAgain), VerdictKind.Survives)]
    public async Task A_model_that_timed_out(Type driver, VerdictKind expected)
    {
        var run = new RunBuilder { RootError = s_slow }
            .Model(0, 1, input: Asks("a"), output: Authored.Asks("count", "all"))
            .Tool("count", 1, 1, arguments: Authored.About("all"), result: "7", callId: "all")
            .Model(3, 40, s_slow);
        var report = await Judged(driver, run, "healthy@model");
        Assert.That(report.Verdict, Is.EqualTo(expected), report.Sentence);
    }

    private static RunBuilder Drafts() =>
        new RunBuilder { RootError = s_mixed }
            .Model(0, 1, input: Asks("a"), output: RunBuilder.Says("Alpha first"))
            .Model(0, 1.2, input: Asks("b"), output: RunBuilder.Says("Beta first"));

    private static async Task<ReplayReport> Judged(Type driver, RunBuilder run, string hypothesis = "captured@tool")
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "streams", run);
        return await Replay.RunAsync(fixture, driver.FullName, new() { Hypotheses = [hypothesis] });
    }

    private static string Asks(string who) =>
        $$"""
            [{"role":"system","parts":[{"type":"text","content":"You are {{who}}."}]},
            {"role":"user","parts":[{"type":"text","content":"Write a draft."}]}]
            """;
}
