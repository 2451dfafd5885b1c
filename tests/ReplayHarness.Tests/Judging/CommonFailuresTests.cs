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
    private static readonly (string, string) s_timeout = (
        "System.Threading.Tasks.TaskCanceledException",
        "The request was canceled due to the configured HttpClient.Timeout of 30 seconds elapsing."
    );

    [TestCase(typeof(LosesSiblings), VerdictKind.Reproduced)]
    [TestCase(typeof(TellsEachError), VerdictKind.Removed)]
    [TestCase(typeof(LosesSiblingsSilently), VerdictKind.NotEstablished)]
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
    [TestCase(typeof(HandsOverForEver), VerdictKind.Reproduced)]
    [TestCase(typeof(HandsOverTwice), VerdictKind.SymptomRemoved)]
    [TestCase(typeof(HandsOverForLonger), VerdictKind.SymptomRemoved)]
    [TestCase(typeof(LosesSiblingsSilently), VerdictKind.SymptomRemoved)]
    public Task Work_that_is_handed_to_and_fro(Type driver, VerdictKind expected)
    {
        var run = new RunBuilder { RootError = ("System.InvalidOperationException", "Max turns (4) exceeded") };
        for (var turn = 0; turn < 4; turn++)
        {
            var to = turn % 2 == 0 ? "hand_to_billing" : "hand_to_triage";
            run.Model(turn, 0.4, input: turn == 0 ? Question() : null, output: Asks($"h{turn}", to))
                .Tool(to, turn + 0.5, 0.1, arguments: Authored.About("it"), result: "handed over", callId: $"h{turn}");
        }
        return Judged(expected, driver, run);
    }

    [TestCase(typeof(CancelsLongCalls), VerdictKind.Reproduced)]
    [TestCase(typeof(TellsOfLongCalls), VerdictKind.SymptomRemoved)]
    [TestCase(typeof(LosesSiblingsSilently), VerdictKind.SymptomRemoved)]
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

    [TestCase(typeof(PaysTwice), VerdictKind.Reproduced)]
    [TestCase(typeof(PaysOnce), VerdictKind.Removed)]
    public Task A_payment_that_may_be_made_twice(Type driver, VerdictKind expected) =>
        Judged(
            expected,
            driver,
            new RunBuilder()
                .Model(0, 1, input: Question(), output: Authored.Asks("pay", "bill"))
                .Tool("pay", 1, 30, s_timeout, Authored.About("bill"), callId: "bill")
                .Model(31, 1, output: Authored.Asks("pay", "bill").Replace("\"id\":\"bill\"", "\"id\":\"again\"", StringComparison.Ordinal))
                .Tool("pay", 32, 1, arguments: Authored.About("bill"), result: "paid", callId: "again")
                .Model(33, 1, output: RunBuilder.Says("It is paid.")),
            new Dictionary<string, bool> { ["pay"] = true }
        );

    private static async Task Judged(VerdictKind expected, Type driver, RunBuilder run, IReadOnlyDictionary<string, bool>? effects = null)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "common", run, effects);
        var report = await Replay.RunAsync(fixture, driver.FullName, new ReplayOptions { Hypotheses = ["captured@tool"] });
        Assert.That(report.Verdict, Is.EqualTo(expected), $"{report.Sentence}\n{string.Join('\n', report.Hypotheses.Single().Reasons)}");
    }

    private static string Question(params string[] before) =>
        $$"""[{{System}},{{string.Concat(before)}}{"role":"user","parts":[{"type":"text","content":"Where is room?"}]}]""";

    private static string Asks(string id, string tool) =>
        Authored.Asks(tool, "it").Replace("\"id\":\"it\"", $"\"id\":\"{id}\"", StringComparison.Ordinal);
}
