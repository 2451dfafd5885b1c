using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Judging;

/// <summary>What counts as being put to the test: which turns must be played, which calls may be left open, what is told.</summary>
public sealed class ActivityTests
{
    private const string Question = """[{"role":"user","parts":[{"type":"text","content":"Where is room?"}]}]""";
    private static readonly (string, string) s_refused = ("System.InvalidOperationException", "the shelf is locked");
    private static readonly (string, string) s_timeout = ("System.TimeoutException", "The operation has timed out.");
    private static readonly (string, string) s_unreachable = ("System.Net.Http.HttpRequestException", "Connection refused (shelf:80)");
    private static readonly (string, string) s_down = (
        "System.ClientModel.ClientResultException",
        "HTTP 503 (server_error) Service unavailable"
    );

    // Behind the failure nothing must be played.
    [TestCase(typeof(AsksTwoQuestionsAndTells))]
    [TestCase(typeof(TellsEachError))]
    public Task Only_the_turns_up_to_the_failure_must_be_played(Type driver) =>
        Judged(
            VerdictKind.Removed,
            driver,
            new RunBuilder { RootError = s_refused }
                .Model(0, 1, input: Question, output: Authored.Asks("shelf", "b"))
                .Tool("shelf", 1, 0.4, s_refused, Authored.About("b"), callId: "b")
                .Model(2, 1, output: RunBuilder.Says("It is locked."))
                .Model(4, 1, output: RunBuilder.Says("Until tomorrow."))
        );

    [TestCase(typeof(TellsEachError), VerdictKind.Removed)]
    [TestCase(typeof(HidesItsOwnError), VerdictKind.NotEstablished, "the agent's own span \"answer\" ended with an error")]
    public async Task An_error_of_the_agent_s_own_is_not_hidden(Type driver, VerdictKind expected, string? why = null)
    {
        var verdict = await Judged(expected, driver, OneCall(s_refused));
        Assert.That(verdict.Reasons, why is null ? Is.Empty : Has.Some.Contains(why));
    }

    [Test]
    public async Task That_the_model_is_told_of_a_backend_that_is_down_is_said() =>
        Assert.That(
            (await Judged(VerdictKind.Survives, typeof(TellsEachError), OneCall(s_unreachable))).Departures,
            Is.EqualTo(new[] { "the model was told that shelf failed" })
        );

    [TestCase(typeof(AsksAgainInTime), VerdictKind.Survives, "the model was asked again after its error, and answered", "healthy@model")]
    [TestCase(typeof(LooksForItself), VerdictKind.Survives, "it survived the model's error by other calls", "captured@tool")]
    public async Task How_an_outage_of_the_model_is_survived_is_said(Type driver, VerdictKind expected, string how, string hypothesis)
    {
        var run = new RunBuilder { RootError = s_down }
            .Model(0, 1, input: Question, output: Authored.Asks("shelf", "a"))
            .Tool("shelf", 1, 0.4, arguments: Authored.About("a"), result: "full", callId: "a")
            .Model(2, 0.2, s_down);
        Assert.That((await Judged(expected, driver, run, hypothesis)).Departures, Is.EqualTo(new[] { how }));
    }

    // No call and no model failed, but the agent itself: all of it must be played.
    [TestCase(typeof(FailsAtTheEnd), VerdictKind.Reproduced)]
    [TestCase(typeof(AsksTwoQuestions), VerdictKind.Removed)]
    [TestCase(typeof(LosesSiblings), VerdictKind.NotEstablished, "the agent ended after 2 of the 3 recorded turns up to the failure")]
    public async Task Where_the_agent_itself_failed_all_turns_must_be_played(Type driver, VerdictKind expected, string? why = null)
    {
        var run = new RunBuilder { RootError = ("System.FormatException", "no answer in it") }
            .Model(0, 1, input: Question, output: Authored.Asks("shelf", "a"))
            .Tool("shelf", 1, 0.4, arguments: Authored.About("a"), result: "full", callId: "a")
            .Model(2, 1, output: RunBuilder.Says("One moment."))
            .Model(4, 1, output: RunBuilder.Says("It is full."));
        var verdict = await Judged(expected, driver, run);
        Assert.That(verdict.Reasons, why is null ? Is.Empty : Has.Some.Contains(why));
    }

    // Of two refusals in a row the second is not met by who waits after the first.
    [Test]
    public Task A_refusal_that_is_not_deserved_is_no_turn_that_must_be_played() =>
        Judged(
            VerdictKind.Survives,
            typeof(AsksAgainInTime),
            new RunBuilder { RootError = s_down }
                .Model(0, 0.2, s_down, input: Question)
                .Model(1, 0.2, s_down, input: Question),
            "healthy@model"
        );

    [TestCase(typeof(LosesSiblings), VerdictKind.Reproduced)]
    [TestCase(typeof(LeavesLateCalls), VerdictKind.Survives)]
    public Task Of_a_call_in_flight_the_model_may_have_been_told(Type driver, VerdictKind expected) =>
        Judged(expected, driver, OneCall(s_timeout, 17.3));

    // That its siblings failed differently is judged by other hypotheses.
    [TestCase(typeof(CallsTwice), VerdictKind.Reproduced)]
    [TestCase(typeof(CallsTwiceAndTakesTheFirst), VerdictKind.SymptomRemoved)]
    public Task Of_two_equal_calls_one_may_stay_in_flight(Type driver, VerdictKind expected) =>
        Judged(
            expected,
            driver,
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1, input: Question, output: Authored.Asks("shelf", "a"))
                .Tool("shelf", 1, 0.4, arguments: Authored.About("a"), result: "full", callId: "a")
                .Tool("shelf", 1, 17.3, s_timeout, Authored.About("a"))
        );

    // What may be told of a call that failed, beside its error.
    [TestCase(typeof(ClearsLater))]
    [TestCase(typeof(GivesUpAndSaysSo))]
    [TestCase(typeof(AsksAnotherShelf))]
    public Task What_may_be_told_of_a_failure(Type driver) =>
        Judged(
            VerdictKind.Removed,
            driver,
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1, input: Question, output: Authored.Asks("shelf", "a"))
                .Tool("shelf", 1, 0.4, arguments: Authored.About("a"), result: "full of tins", callId: "a")
                .Model(2, 1, output: Authored.Asks("shelf", "b"))
                .Tool("shelf", 3, 17.3, s_timeout, Authored.About("b"), callId: "b")
                .Model(21, 1, output: Authored.Asks("shelf", "c"))
                .Tool("shelf", 23, 0.4, arguments: Authored.About("c"), result: "empty as ever", callId: "c")
        );

    // A minute after the end nothing answers any more.
    [TestCase(90, "abandoned-call")]
    [TestCase(5)]
    public async Task A_call_that_nobody_awaited_and_that_never_answered_is_named(double seconds, params string[] found)
    {
        var verdict = await Judged(VerdictKind.NotEstablished, typeof(LeavesItsCalls), OneCall(s_timeout, seconds));
        Assert.That(verdict.Appeared.Select(f => f.Rule), Is.EqualTo(found));
        Assert.That(verdict.Reasons, Has.Some.Contains("was in flight: nobody awaited it"));
    }

    // Depth first, the order in which all is told as it was comes first.
    [Test]
    public async Task What_is_unclear_in_some_orders_only_is_unclear()
    {
        var run = new RunBuilder { RootError = s_refused }
            .Model(0, 1, input: Question, output: Authored.Asks("shelf", "a", "b"))
            .Tool("shelf", 1, 0.4, arguments: Authored.About("a"), result: "full", callId: "a")
            .Tool("shelf", 1, 0.5, s_refused, Authored.About("b"), callId: "b");
        var verdict = await Judged(VerdictKind.NotEstablished, typeof(LiesWhenOvertaken), run);
        Assert.That(verdict.Reasons, Has.Some.Contains("shelf failed, and what the model was told does not say so"));
    }

    // What the model never hears of is a finding of its own, not a turn that was not played.
    [Test]
    public async Task An_earlier_result_that_the_model_never_hears_of_is_a_finding()
    {
        var run = new RunBuilder { RootError = s_refused }
            .Model(0, 1, input: Question, output: Authored.Asks("shelf", "a", "b"))
            .Tool("shelf", 1, 0.4, arguments: Authored.About("a"), result: "full", callId: "a")
            .Tool("shelf", 1, 0.4, arguments: Authored.About("b"), result: "half full", callId: "b")
            .Model(2, 1, output: Authored.Asks("shelf", "c"))
            .Tool("shelf", 3, 0.5, s_refused, Authored.About("c"), callId: "c");
        var verdict = await Judged(VerdictKind.Changed, typeof(LeavesOneOut), run);
        Assert.That(verdict.Appeared.Select(f => f.Rule), Is.EqualTo(new[] { "unanswered-tool-call" }));
    }

    private static RunBuilder OneCall((string, string) error, double seconds = 0.5) =>
        new RunBuilder { RootError = error }
            .Model(0, 1, input: Question, output: Authored.Asks("shelf", "b"))
            .Tool("shelf", 1, seconds, error, Authored.About("b"), callId: "b");

    private static async Task<HypothesisVerdict> Judged(
        VerdictKind expected,
        Type driver,
        RunBuilder run,
        string hypothesis = "captured@tool"
    )
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "activity", run);
        var report = await Replay.RunAsync(fixture, driver.FullName, new ReplayOptions { Hypotheses = [hypothesis] });
        var verdict = report.Hypotheses.Single();
        Assert.That(report.Verdict, Is.EqualTo(expected), $"{report.Sentence}\n{string.Join('\n', verdict.Reasons)}");
        return verdict;
    }
}
