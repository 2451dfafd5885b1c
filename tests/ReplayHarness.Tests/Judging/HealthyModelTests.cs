using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

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
    [TestCase(typeof(CutsBlindlyFirst), VerdictKind.SymptomRemoved, "")]
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
    [TestCase(typeof(AsksAgainTooOften), VerdictKind.SymptomRemoved)]
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

    [TestCase(typeof(KeepsAll), VerdictKind.Reproduced)]
    [TestCase(typeof(CutsALittle), VerdictKind.Reproduced)]
    [TestCase(typeof(CutsInPairs), VerdictKind.Removed)]
    [TestCase(typeof(GivesUpSilently), VerdictKind.SymptomRemoved)]
    public async Task A_request_that_was_too_long(Type driver, VerdictKind expected)
    {
        using var folder = new TempFolder();
        var report = await ReplayAsync(TooLong(folder, "resulted in 9200 tokens"), driver);
        Assert.That(report.Verdict, Is.EqualTo(expected), Told(report));
    }

    // That it answers again is no merit of the agent: whoever asks again after a pause survives it.
    [TestCase(typeof(KeepsAll), VerdictKind.Reproduced)]
    [TestCase(typeof(AsksAgainInTime), VerdictKind.Survives)]
    [TestCase(typeof(GivesUpSilently), VerdictKind.SymptomRemoved)]
    [TestCase(typeof(AsksAgainSoon), VerdictKind.Survives)]
    [TestCase(typeof(AnswersWithADot), VerdictKind.SymptomRemoved)]
    [TestCase(typeof(AnswersWithAnObject), VerdictKind.SymptomRemoved)]
    [TestCase(typeof(AnswersItself), VerdictKind.Survives)]
    public async Task An_outage(Type driver, VerdictKind expected)
    {
        using var folder = new TempFolder();
        (string, string) down = ("System.ClientModel.ClientResultException", "HTTP 503 (server_error) Service unavailable");
        var run = new RunBuilder { RootError = down }.Model(0, 0.2, down, input: Asks);
        var report = await ReplayAsync(Authored.Write(folder, "down", run), driver);
        Assert.That(report.Verdict, Is.EqualTo(expected), Told(report));
    }

    // A question that is not asked is not refused: that shows nothing.
    [TestCase(503, typeof(AsksTwoQuestions), VerdictKind.Reproduced)]
    [TestCase(503, typeof(KeepsAll), VerdictKind.NotEstablished)]
    [TestCase(429, typeof(AsksTwoQuestions), VerdictKind.Reproduced)]
    [TestCase(429, typeof(KeepsAll), VerdictKind.NotEstablished)]
    public async Task A_second_question_that_is_refused(int status, Type driver, VerdictKind expected)
    {
        using var folder = new TempFolder();
        var refused =
            status == 429 ? s_tooMany : ("System.ClientModel.ClientResultException", "HTTP 503 (server_error) Service unavailable");
        var run = new RunBuilder { RootError = refused }
            .Model(0, 1, input: Asks, output: RunBuilder.Says("In shelf 7."))
            .Model(2, 0.2, refused);
        var report = await ReplayAsync(Authored.Write(folder, "second", run), driver);
        Assert.That(report.Verdict, Is.EqualTo(expected), Told(report));
    }

    // The agent as captured was refused twice, and looked for itself once. Who is never refused need not play that.
    [TestCase(typeof(CutsBlindly), VerdictKind.Reproduced)]
    [TestCase(typeof(CutsInPairs), VerdictKind.Removed)]
    public async Task A_history_that_was_cut_twice(Type driver, VerdictKind expected)
    {
        using var folder = new TempFolder();
        var run = Cut(new RunBuilder { RootError = s_badRequest })
            .Tool("shelf", 4.2, 0.5, arguments: Authored.About("a"), result: "full")
            .Model(5, 1, output: Authored.Asks("shelf", "c"))
            .Tool("shelf", 6, 1, arguments: Authored.About("c"), result: "room")
            .Model(8, 0.1, s_badRequest, input: CutTo("c"));
        var report = await ReplayAsync(Authored.Write(folder, "twice", run), driver);
        Assert.That(report.Verdict, Is.EqualTo(expected), Told(report));
    }

    // What does not say how long it was cannot be held against another request.
    [Test]
    public void Only_a_refusal_that_counts_tokens_is_deserved_by_length()
    {
        using var folder = new TempFolder();
        Assert.That(File.ReadAllText(Path.Combine(TooLong(folder, "were longer"), "fixture.json")), Does.Not.Contain("healthy@model"));
    }

    [TestCase("HTTP 400: This model's maximum context length is 8192 tokens. However, your messages resulted in 9013 tokens.", 900)]
    [TestCase(
        "maximum context length is 8,192 tokens, however you requested 16,384 tokens (16,000 in the messages, 384 in the completion)",
        500
    )]
    [TestCase("prompt is too long: 400000 tokens > 200000 maximum", 500)]
    [TestCase("input length and `max_tokens` exceed context limit: 190000 + 105000 > 200000, decrease input length or `max_tokens`", 500)]
    [TestCase("The input token count (2097152) exceeds the maximum number of tokens allowed (1048576).", 500)]
    [TestCase("prompt is too long: 100 tokens > 200 maximum", null)]
    [TestCase("Your input exceeds the context window of this model.", null)]
    public void What_a_refusal_says_of_tokens(string message, int? fits)
    {
        Message request = new("user", [new TextPart(new string('a', 600)), new ToolResultPart("c", new string('b', 400))]);
        Message instructions = new("system", [new TextPart("Be brief.")]);
        Assert.That(ContextLimit.FittingCharacters(message, [instructions, request]), Is.EqualTo(fits));
        Assert.That(ContextLimit.FittingCharacters(message, null), Is.Null);
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

    // An API that took a longer request before counts otherwise than by length.
    [Test]
    public void A_request_shorter_than_one_that_was_taken_was_not_too_long()
    {
        using var folder = new TempFolder();
        (string, string) refused = ("BadRequestError", "400: prompt is too long: 210000 tokens > 200000 maximum");
        var run = new RunBuilder { RootError = refused }
            .Model(0, 1, input: Asks.Replace("Where", $"{new string('x', 500)} where"), output: RunBuilder.Says("In shelf 7."))
            .Model(2, 1, refused, input: Asks);
        var fixture = Authored.Write(folder, "shorter", run);
        Assert.That(File.ReadAllText(Path.Combine(fixture, "fixture.json")), Does.Not.Contain("healthy@model"));
    }

    private static string TooLong(TempFolder folder, string words)
    {
        var page = new string('x', 1_000);
        (string, string) refused = (
            "System.ClientModel.ClientResultException",
            $"HTTP 400 (invalid_request_error: context_length_exceeded) This model's maximum context length is 8192 tokens. "
                + $"However, your messages {words}."
        );
        var asked =
            $"{Asks[..^1]},{Authored.Asks("shelf", "a")[1..^1]},{Result("a", page)},{Authored.Asks("shelf", "b")[1..^1]},"
            + $"{Result("b", page)}]";
        return Authored.Write(
            folder,
            "long",
            new RunBuilder { RootError = refused }
                .Model(0, 1, input: Asks, output: Authored.Asks("shelf", "a"))
                .Tool("shelf", 1, 1, arguments: Authored.About("a"), result: page)
                .Model(2, 1, output: Authored.Asks("shelf", "b"))
                .Tool("shelf", 3, 1, arguments: Authored.About("b"), result: page)
                .Model(4, 0.1, refused, input: asked)
        );
    }

    private static string Result(string id, string text) =>
        $$"""{"role":"tool","parts":[{"type":"tool_call_response","id":"{{id}}","response":"{{text}}"}]}""";

    private static string CutHistory(TempFolder folder) => Authored.Write(folder, "cut", Cut(new RunBuilder { RootError = s_badRequest }));

    private static RunBuilder Cut(RunBuilder run) =>
        run.Model(0, 1, input: Asks, output: Authored.Asks("shelf", "a"))
            .Tool("shelf", 1, 1, arguments: Authored.About("a"), result: "full")
            .Model(2, 1, output: Authored.Asks("shelf", "b"))
            .Tool("shelf", 3, 1, arguments: Authored.About("b"), result: "room")
            .Model(4, 0.1, s_badRequest, input: CutTo("b"));

    private static string CutTo(string last) =>
        $$"""[{"role":"system","parts":[{"type":"text","content":"You look after the shelves."}]},{{Result(last, "room")}}]""";

    private static Task<ReplayReport> ReplayAsync(string fixture, Type driver) => Replay.RunAsync(fixture, driver.FullName);

    private static string Told(ReplayReport report) =>
        string.Join(
            '\n',
            report.Hypotheses.Select(h => $"{h.Name} {h.Sentence} {string.Join("; ", h.Reasons)}").Prepend(Replay.Line(report))
        );
}
