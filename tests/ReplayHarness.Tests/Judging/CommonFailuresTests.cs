using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Judging;

/// <summary>
/// Failures that people report of agents, each as deployed, mended and only hidden: the first is reproduced, the second is green as far as
/// it can be, the third never is.
/// </summary>
public sealed class CommonFailuresTests
{
    private const string System = """{"role":"system","parts":[{"type":"text","content":"You look after the shelves."}]}""";
    private static readonly (string, string) s_refused = ("System.InvalidOperationException", "the shelf is locked");
    private static readonly (string, string) s_cancelled = ("System.Threading.Tasks.TaskCanceledException", "A task was canceled.");

    [TestCase(typeof(LosesSiblings), VerdictKind.Reproduced)]
    [TestCase(typeof(TellsEachError), VerdictKind.Removed)]
    [TestCase(typeof(LosesSiblingsSilently), VerdictKind.PartlyRemoved)]
    public Task One_call_that_fails_takes_its_siblings_result_with_it(Type driver, VerdictKind expected) =>
        Judged(
            expected,
            driver,
            new RunBuilder { RootError = s_refused }
                .Model(0, 1, input: Question(), output: Authored.Asks("shelf", "a", "b"))
                .Tool("shelf", 1, 0.4, arguments: Authored.About("a"), result: "full", callId: "a")
                .Tool("shelf", 1, 0.5, s_refused, Authored.About("b"), callId: "b")
        );

    // What the model asks for is recorded: that it would go on for ever nobody can show gone.
    [TestCase(typeof(HandsOverSixTimes), 6, VerdictKind.Reproduced)]
    [TestCase(typeof(HandsOverTwice), 6, VerdictKind.SymptomRemoved)]
    [TestCase(typeof(HandsOverForLonger), 6, VerdictKind.NotEstablished)]
    // Not often enough to be called a loop: a guard mends it; a higher limit shows nothing, for the recording ends there.
    [TestCase(typeof(HandsOverForEver), 4, VerdictKind.Reproduced)]
    [TestCase(typeof(HandsOverTwice), 4, VerdictKind.Removed)]
    [TestCase(typeof(HandsOverForLonger), 4, VerdictKind.NotEstablished)]
    public Task Work_that_is_handed_to_and_fro(Type driver, int turns, VerdictKind expected)
    {
        var run = new RunBuilder { RootError = ("System.InvalidOperationException", $"Max turns ({turns}) exceeded") };
        for (var turn = 0; turn < turns; turn++)
        {
            var to = turn % 2 == 0 ? "hand_to_billing" : "hand_to_triage";
            run.Model(turn, 0.4, input: turn == 0 ? Question() : null, output: Asks($"h{turn}", to))
                .Tool(to, turn + 0.5, 0.1, arguments: Authored.About("it"), result: "handed over", callId: $"h{turn}");
        }
        return Judged(expected, driver, run);
    }

    // Its own deadline cancelled it: a time-out. Nothing of the agent's own could have disturbed the call.
    [TestCase(typeof(CancelsLongCalls), VerdictKind.Reproduced)]
    [TestCase(typeof(TellsOfLongCalls), VerdictKind.Survives)]
    [TestCase(typeof(TellsOfItsOwnDeadline), VerdictKind.Survives)]
    // The deadline was the tool's: these hand on a token that nobody cancels.
    [TestCase(typeof(LosesSiblings), VerdictKind.Reproduced)]
    [TestCase(typeof(TellsEachError), VerdictKind.Survives)]
    public Task A_call_that_gets_less_time_than_it_needs(Type driver, VerdictKind expected) =>
        Judged(
            expected,
            driver,
            new RunBuilder { RootError = s_cancelled }
                .Model(0, 1, input: Question(), output: Authored.Asks("count", "all"))
                .Tool("count", 1, 30, s_cancelled, Authored.About("all"), callId: "all")
        );

    [TestCase(typeof(ResumesAThread), VerdictKind.Reproduced)]
    [TestCase(typeof(ResumesAThreadAndTells), VerdictKind.Removed)]
    public Task A_conversation_that_is_resumed(Type driver, VerdictKind expected) =>
        Judged(
            expected,
            driver,
            new RunBuilder { RootError = s_refused }
                .Model(
                    0,
                    1,
                    input: Question(
                        """{"role":"user","parts":[{"type":"text","content":"Hello, I keep shelf 7."}]},""",
                        """{"role":"assistant","parts":[{"type":"text","content":"Hello, what do you need?"}]},"""
                    ),
                    output: Authored.Asks("shelf", "a")
                )
                .Tool("shelf", 1, 0.4, s_refused, Authored.About("a"), callId: "a")
        );

    // The words of the captured error are not needed, but some that say that something went wrong.
    [TestCase(typeof(TellsOfFailures), VerdictKind.Removed)]
    [TestCase(typeof(TellsOfSuccess), VerdictKind.NotEstablished, "shelf failed, and what the model was told does not say so")]
    [TestCase(typeof(TellsOfFailuresOnly), VerdictKind.NotEstablished, "what the model was told of shelf is not what it gave")]
    [TestCase(typeof(TellsOtherNumbers), VerdictKind.NotEstablished, "what the model was told of shelf is not what it gave")]
    [TestCase(typeof(TellsOtherThings), VerdictKind.NotEstablished, "what the model was told of shelf is not what it gave")]
    [TestCase(typeof(TellsAnotherThingLater), VerdictKind.NotEstablished, "shelf failed, and what the model was told does not say so")]
    [TestCase(typeof(TellsTooEarly), VerdictKind.NotEstablished, "of shelf the model was told something before it had answered")]
    [TestCase(typeof(CancelsBeforehand), VerdictKind.NotEstablished, "the agent never made the call that failed")]
    [TestCase(typeof(GoesOnAfterTheEnd), VerdictKind.NotEstablished, "the run went on after its end: shelf was called then")]
    [TestCase(typeof(FailsAtOnce), VerdictKind.NotEstablished, "the agent never asked the model: it failed before")]
    [TestCase(typeof(GivesUpAtOnce), VerdictKind.NotEstablished, "the agent never asked the model")]
    [TestCase(typeof(WaitsForNothing), VerdictKind.NotEstablished, "the agent never asked the model")]
    [TestCase(typeof(ReturnsNoTask), VerdictKind.NotEstablished, "the agent never asked the model")]
    [TestCase(typeof(TellsAnEarlierResult), VerdictKind.Changed)]
    [TestCase(typeof(ChangesWhatWasAsked), VerdictKind.Diverged, "has other arguments")]
    public async Task What_proves_nothing_is_not_green(Type driver, VerdictKind expected, string? why = null)
    {
        var run = new RunBuilder { RootError = s_refused }
            .Model(0, 1, input: Question(), output: Authored.Asks("shelf", "a", "b"))
            .Tool("shelf", 1, 0.4, arguments: Authored.About("a"), result: """{"boxes":12,"colour":"green","owner":"Ada"}""", callId: "a")
            .Tool("shelf", 1, 0.5, s_refused, Authored.About("b"), callId: "b")
            .Model(2, 1, output: Authored.Asks("shelf", "c"))
            .Tool("shelf", 3, 0.4, arguments: Authored.About("c"), result: """{"boxes":3,"colour":"red","owner":"Bob"}""", callId: "c");
        var report = await Judged(expected, driver, run);
        if (why is not null)
            Assert.That(string.Join('\n', report.Hypotheses.Single().Reasons), Does.Contain(why));
    }

    // A guard mends a loop only; a model that asks twice for the same thing is no loop.
    [Test]
    public async Task An_agent_that_leaves_where_no_loop_was_captured()
    {
        var run = new RunBuilder { RootError = s_refused }
            .Model(0, 1, input: Question(), output: Authored.Asks("shelf", "a"))
            .Tool("shelf", 1, 0.4, arguments: Authored.About("a"), result: "full", callId: "a")
            .Model(2, 1, output: Authored.Asks("shelf", "a").Replace("\"id\":\"a\"", "\"id\":\"again\"", StringComparison.Ordinal))
            .Tool("shelf", 3, 0.4, arguments: Authored.About("a"), result: "full", callId: "again")
            .Model(4, 1, output: Authored.Asks("shelf", "b"))
            .Tool("shelf", 5, 0.4, s_refused, Authored.About("b"), callId: "b");
        var report = await Judged(VerdictKind.NotEstablished, typeof(HandsOverTwice), run);
        Assert.That(report.Hypotheses.Single().Reasons, Has.Some.Contains("the agent never made the call shelf"));
    }

    [TestCase(typeof(AsksTwoQuestions), VerdictKind.Reproduced)]
    [TestCase(typeof(AsksTwoQuestionsAndTells), VerdictKind.Removed)]
    [TestCase(typeof(TellsEachError), VerdictKind.NotEstablished)]
    public async Task A_second_question_that_fails(Type driver, VerdictKind expected)
    {
        var run = new RunBuilder { RootError = s_refused }
            .Model(0, 1, input: Question(), output: RunBuilder.Says("In shelf 7."))
            .Model(2, 1, output: Authored.Asks("shelf", "b"))
            .Tool("shelf", 3, 0.4, s_refused, Authored.About("b"), callId: "b");
        var report = await Judged(expected, driver, run);
        if (expected == VerdictKind.NotEstablished)
            Assert.That(
                report.Hypotheses.Single().Reasons,
                Has.Some.Contains("the agent ended after 1 of the 2 recorded turns up to the failure")
            );
    }

    [Test]
    public async Task A_call_that_was_cancelled_before_it_began_was_not_made()
    {
        var run = new RunBuilder { RootError = s_refused }
            .Model(0, 1, input: Question(), output: Authored.Asks("shelf", "b"))
            .Tool("shelf", 1, 0.5, s_refused, Authored.About("b"), callId: "b");
        var report = await Judged(VerdictKind.NotEstablished, typeof(CancelsBeforehandAndLeaves), run);
        Assert.That(report.Hypotheses.Single().Reasons, Has.Some.Contains("the agent never made the call shelf"));
    }

    [TestCase(typeof(AsksSomethingElseFirst), MismatchPolicy.Continue)]
    [TestCase(typeof(CallsSomethingElseFirst), MismatchPolicy.ErrorResult)]
    public async Task What_was_made_up_for_the_agent_proves_nothing(Type driver, MismatchPolicy policy)
    {
        var run = new RunBuilder { RootError = s_refused }
            .Model(0, 1, input: Question(), output: Authored.Asks("shelf", "b"))
            .Tool("shelf", 1, 0.5, s_refused, Authored.About("b"), callId: "b");
        await Judged(VerdictKind.Diverged, driver, run);
        var report = await Judged(VerdictKind.NotEstablished, driver, run, new(false, policy));
        Assert.That(report.Hypotheses.Single().Reasons, Has.Some.Contains("went on with an answer that was made up"));
    }

    // What the call would have given is not in the trace, so that nothing shows what became of an agent that makes it.
    [TestCase(typeof(StopsAtItsLimit), VerdictKind.Reproduced)]
    [TestCase(typeof(TellsEachError), VerdictKind.Diverged)]
    public Task A_limit_that_is_reached_while_a_call_is_asked_for(Type driver, VerdictKind expected) =>
        Judged(expected, driver, Pending(missing: null));

    [TestCase(typeof(StopsAtItsLimit), VerdictKind.NotEstablished)]
    [TestCase(typeof(TellsEachError), VerdictKind.Diverged)]
    public Task A_process_that_was_killed(Type driver, VerdictKind expected) => Judged(expected, driver, Pending("00000000000000ff"));

    private static RunBuilder Pending(string? missing) =>
        new RunBuilder { MissingParent = missing }
            .Model(0, 1, input: Question(), output: Authored.Asks("shelf", "a"))
            .Tool("shelf", 1, 0.4, arguments: Authored.About("a"), result: "full", callId: "a")
            .Model(2, 1, output: Authored.Asks("shelf", "b"));

    private static async Task<ReplayReport> Judged(VerdictKind expected, Type driver, RunBuilder run, Matching? matching = null)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "common", run);
        var report = await Replay.RunAsync(
            fixture,
            driver.FullName,
            new() { Hypotheses = ["captured@tool"], Matching = matching ?? new() }
        );
        Assert.That(report.Verdict, Is.EqualTo(expected), $"{report.Sentence}\n{string.Join('\n', report.Hypotheses.Single().Reasons)}");
        return report;
    }

    private static string Question(params string[] before) =>
        $$"""[{{System}},{{string.Concat(before)}}{"role":"user","parts":[{"type":"text","content":"Where is room?"}]}]""";

    private static string Asks(string id, string tool) =>
        Authored.Asks(tool, "it").Replace("\"id\":\"it\"", $"\"id\":\"{id}\"", StringComparison.Ordinal);
}
