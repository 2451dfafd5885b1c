using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Judging;

/// <summary>A refusal of the model's API is the agent's own doing, and a fix that no longer earns it gets its answer.</summary>
public sealed class HealthyModelTests
{
    private const string Question = """{"role":"user","parts":[{"type":"text","content":"Where is room?"}]}""";
    private const string Asks = $$"""[{"role":"system","parts":[{"type":"text","content":"You look after the shelves."}]},{{Question}}]""";
    private static readonly (string, string) s_badRequest = (
        "System.ClientModel.ClientResultException",
        "HTTP 400 (invalid_request_error: ) messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
    );
    private static readonly (string, string) s_tooMany = (
        "System.ClientModel.ClientResultException",
        "HTTP 429 (requests: rate_limit_exceeded) Rate limit reached. Please try again in 20s."
    );

    [TestCase(typeof(CutsBlindly), VerdictKind.Reproduced, "")]
    [TestCase(typeof(CutsInPairs), VerdictKind.Removed, "the history was shortened: a request holds 1 of the 2 answers that were given")]
    [TestCase(typeof(CutsBlindlyAndSwallows), VerdictKind.SymptomRemoved, "")]
    [TestCase(typeof(DropsResults), VerdictKind.PartlyRemoved, "")]
    public async Task A_history_that_was_cut(Type driver, VerdictKind expected, string drift)
    {
        using var folder = new TempFolder();
        var report = await ReplayAsync(CutHistory(folder), driver);
        Assert.That(report.Verdict, Is.EqualTo(expected), Told(report));
        var judged = report.Hypotheses.Single(h => h.Name == "healthy@model");
        Assert.That(judged.Counts, Is.True);
        if (drift.Length > 0)
            Assert.That(judged.Drift, Is.EqualTo(new[] { drift }));
    }

    // As captured, the model refuses a mended history too: what is known better counts.
    [Test]
    public async Task What_refuses_a_mended_history_too_does_not_count()
    {
        using var folder = new TempFolder();
        var report = await ReplayAsync(CutHistory(folder), typeof(CutsInPairs));
        var captured = report.Hypotheses.Single(h => h.Name == "captured@tool");
        Assert.That((captured.Verdict, captured.Counts), Is.EqualTo((VerdictKind.PartlyRemoved, false)), Told(report));
    }

    [TestCase(typeof(LeavesACallOpen), VerdictKind.Reproduced)]
    [TestCase(typeof(ClosesTheCall), VerdictKind.Removed)]
    public async Task A_call_that_was_left_open(Type driver, VerdictKind expected)
    {
        const string Open =
            """{"role":"user","parts":[{"type":"text","content":"Which shelf?"}]},"""
            + """{"role":"assistant","parts":[{"type":"tool_call","id":"old","name":"shelf","arguments":{}}]}""";
        using var folder = new TempFolder();
        (string, string) refused = ("BadRequestError", "400 An assistant message with 'tool_calls' must be followed by tool messages");
        var run = new RunBuilder { RootError = refused }.Model(0, 1, refused, input: $"[{Open},{Question}]");
        var report = await ReplayAsync(Authored.Write(folder, "open", run), driver);
        Assert.That(report.Verdict, Is.EqualTo(expected), Told(report));
    }

    [TestCase(typeof(AsksAgainAtOnce), VerdictKind.Reproduced)]
    [TestCase(typeof(AsksAgainTooSoon), VerdictKind.Reproduced)]
    [TestCase(typeof(AsksAgainInTime), VerdictKind.Removed)]
    [TestCase(typeof(GivesUpSilently), VerdictKind.SymptomRemoved)]
    public async Task A_refusal_that_says_how_long_to_wait(Type driver, VerdictKind expected)
    {
        using var folder = new TempFolder();
        var run = new RunBuilder { RootError = s_tooMany }
            .Model(0, 0.2, s_tooMany, input: Asks)
            .Http(0.01, 0.03, "429", "20")
            .Http(0.05, 0.03, "429", "20");
        var report = await ReplayAsync(Authored.Write(folder, "limited", run), driver);
        Assert.That(report.Verdict, Is.EqualTo(expected), Told(report));
    }

    // The header's seconds, and the clients' own retries.
    [TestCase("OpenAiDeployed")]
    [TestCase("OpenAiStreamingDeployed")]
    [TestCase("AnthropicDeployed")]
    public async Task A_client_that_waits_as_the_header_says_gets_its_answer(string agent)
    {
        using var folder = new TempFolder();
        (string, string) refused = ("RateLimitError", "429 Too Many Requests");
        var run = new RunBuilder { RootError = refused }
            .Model(0, 1, refused, input: """[{"role":"user","parts":[{"type":"text","content":"go"}]}]""")
            .Http(0.1, 0.5, "429", "7");
        var report = await Replay.RunAsync(
            Authored.Write(folder, "limited", run),
            Agent.InAssembly(Repo.Replays, $"Replays.OrderDesk.{agent}"),
            new ReplayOptions { Hypotheses = ["healthy@model"] }
        );
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.Removed), Told(report));
        Assert.That(report.VirtualSeconds / (double)report.Hypotheses.Single().Schedules.Explored, Is.InRange(7, 12));
    }

    private static string CutHistory(TempFolder folder) =>
        Authored.Write(
            folder,
            "cut",
            new RunBuilder { RootError = s_badRequest }
                .Model(0, 1, input: Asks, output: Authored.Asks("shelf", "a"))
                .Tool("shelf", 1, 1, arguments: Authored.About("a"), result: "full")
                .Model(2, 1, output: Authored.Asks("shelf", "b"))
                .Tool("shelf", 3, 1, arguments: Authored.About("b"), result: "room")
                .Model(
                    4,
                    0.1,
                    s_badRequest,
                    input: """
                    [{"role":"system","parts":[{"type":"text","content":"You look after the shelves."}]},
                    {"role":"tool","parts":[{"type":"tool_call_response","id":"b","response":"room"}]}]
                    """
                )
        );

    private static Task<ReplayReport> ReplayAsync(string fixture, Type driver) => Replay.RunAsync(fixture, driver.FullName);

    private static string Told(ReplayReport report) =>
        string.Join(
            '\n',
            report.Hypotheses.Select(h => $"{h.Name} {h.Sentence} {string.Join("; ", h.Reasons)}").Prepend(Replay.Line(report))
        );
}
