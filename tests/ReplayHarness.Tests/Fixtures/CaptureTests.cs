using System.Text.Json;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>From traces to a fixture and back.</summary>
public sealed class CaptureTests
{
    [Test]
    public async Task Captures_the_fixture_that_the_repository_holds()
    {
        using var folder = new TempFolder();
        var target = Path.Combine(folder.Path, "drive-timeout");
        var result = await Tool.RunAsync(
            "capture",
            Data.DriveTimeout,
            "--where",
            $"task_id={Data.TaskId}",
            "--healthy",
            Data.Path("incidents/drive-timeout/healthy.otlp.jsonl"),
            "--out",
            target
        );
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        foreach (var name in new[] { "fixture.json", "fixture.schema.json", "traces.otlp.jsonl", "healthy.otlp.jsonl", "README.md" })
            Assert.That(File.ReadAllText(Path.Combine(target, name)), Is.EqualTo(File.ReadAllText(Path.Combine(Data.Fixture, name))), name);
        Assert.That(Directory.GetFiles(target, ".*"), Is.Empty, "no temporary file is left");
    }

    // A sibling that the agent cancelled did not fail: the fixture holds what it answers when it is let.
    [Test]
    public async Task Captures_what_a_cancelled_sibling_would_have_answered_and_the_tools_that_were_offered()
    {
        using var folder = new TempFolder();
        var (known, target) = (Path.Combine(Data.Root, "fixtures", "order-desk"), Path.Combine(folder.Path, "order-desk"));
        var result = await Tool.RunAsync(
            "capture",
            Path.Combine(known, "traces.otlp.jsonl"),
            "--trace",
            "e6701fe4",
            "--healthy",
            Path.Combine(known, "healthy.otlp.jsonl"),
            "--out",
            target
        );
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        Assert.That(
            File.ReadAllText(Path.Combine(target, "fixture.json")),
            Is.EqualTo(File.ReadAllText(Path.Combine(known, "fixture.json")))
        );
        var fixture = FixtureFolder.Load(target).Fixture;
        Assert.That(
            fixture.Behaviours.Select(b => (b.Id, b.Error?.Class)),
            Is.EqualTo(new[] { ("search_orders#1", (string?)null), ("check_inventory#1", "timeout") })
        );
        Assert.That(fixture.Tools!.Select(t => t.Name), Is.EqualTo(new[] { "check_inventory", "search_orders" }));
    }

    [Test]
    public void Holds_every_attempt_with_turns_behaviours_backoff_and_shape()
    {
        var fixture = FixtureFolder.Load(Data.Fixture).Fixture;
        Assert.Multiple(() =>
        {
            Assert.That(
                fixture.Attempts.Select(a => a.BackoffSeconds is { } b ? Math.Round(b) : (double?)null),
                Is.EqualTo(new double?[] { 30, 120, 300, null })
            );
            Assert.That(fixture.Attempts.Select(a => a.Turns.Count), Is.All.EqualTo(2));
            Assert.That(fixture.Behaviours.Select(b => b.Attempt).Distinct(), Is.EqualTo(new[] { 1, 2, 3, 4 }));
            Assert.That(
                fixture.Behaviours.Where(b => b.Error is not null).Select(b => b.Error!.Exception),
                Is.All.EqualTo("System.TimeoutException").And.Exactly(4).Items
            );
            Assert.That(fixture.Shape.Deterministic, Is.True);
            Assert.That(fixture.Hypotheses.Select(h => h.Name), Is.EqualTo(new[] { "captured@tool", "healthy@http", "contention@tool" }));
        });
    }

    [Test]
    public void An_answer_that_was_cut_off_is_captured_and_imposed()
    {
        var trace = new RunBuilder { RootError = ("KeyError", "answer") }
            .Model(0, 1, finish: "[\"max_tokens\"]", output: RunBuilder.Says("The ord"))
            .Tool("read", 1, 1)
            .Build();
        var fixture = Capture.Create("cut", "a test", [trace], [], []);
        Assert.That(fixture.Attempts[0].Turns[0].FinishReason, Is.EqualTo("length"));
        Assert.That(fixture.Shape.Identity.Select(i => i.Rule), Is.EqualTo(new[] { "agent-error", "truncated-output" }));
        Assert.That(fixture.Hypotheses.Single(h => h is CapturedAtTool).Judges.Select(i => i.Rule), Is.EqualTo(new[] { "agent-error" }));
    }

    private const string Cut =
        """[{"role":"user","parts":[]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"ok"}]}]""";
    private const string Whole = """[{"role":"user","parts":[]}]""";

    // A provider that checks requests must have refused what was refused, and taken what was taken; else nothing is known of it.
    [TestCase("400 messages with role 'tool' must be a response to 'tool_calls'", Cut, Whole, true)]
    [TestCase("400 messages with role 'tool' must be a response to 'tool_calls'", null, Whole, false)]
    [TestCase("400 the maximum context length is 8192 tokens", Whole, Whole, false)]
    [TestCase("400 messages with role 'tool' must be a response to 'tool_calls'", Cut, Cut, false)]
    [TestCase("429 Too Many Requests", Whole, Whole, true)]
    // An outage nobody earned; but whether the agent asks again can be judged.
    [TestCase("503 Service Unavailable", Whole, Whole, true)]
    [TestCase("503 Service Unavailable. Retry after 3 seconds", Whole, Whole, true)]
    [TestCase("Request timed out.", Whole, Whole, true)]
    public void A_refusal_that_was_deserved_is_judged(string message, string? refused, string taken, bool judged)
    {
        (string, string) error = ("APIStatusError", message);
        var trace = new RunBuilder { RootError = error }
            .Model(0, 1, input: taken, output: RunBuilder.Says("hm"))
            .Tool("read", 1, 1)
            .Model(2, 1, error, input: refused)
            .Build();
        var names = Capture.Create("refused", "a test", [trace], [], []).Hypotheses.Select(h => h.Name);
        Assert.That(names, judged ? Does.Contain("healthy@model") : Does.Not.Contain("healthy@model"));
    }

    [Test]
    public void The_wait_that_a_header_asks_for_is_captured()
    {
        (string, string) error = ("RateLimitError", "429 Too Many Requests");
        var trace = new RunBuilder { RootError = error }
            .Model(0, 1, error)
            .Http(0.1, 0.2, "429", "20")
            .Build();
        Assert.That(Capture.Create("limited", "a test", [trace], [], []).Attempts[0].Turns[0].Error!.RetryAfterSeconds, Is.EqualTo(20));
    }

    // The schema is what people and editors read; it must say exactly what the reader takes.
    [Test]
    public void The_schema_describes_every_fixture()
    {
        var schema = File.ReadAllText(Path.Combine(Repo.Root, "src", "ReplayHarness", "Fixtures", "fixture.schema.json"));
        string[] fixtures = [.. Repo.TextFiles().Select(f => f.Path).Where(p => Path.GetFileName(p) == "fixture.json")];
        Assert.That(fixtures, Has.Length.GreaterThanOrEqualTo(5));
        foreach (var path in fixtures.Select(f => Path.Combine(Repo.Root, f)))
        {
            Assert.That(SchemaCheck.Problems(File.ReadAllText(path)), Is.Empty, path);
            Assert.That(File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "fixture.schema.json")), Is.EqualTo(schema), path);
        }
    }

    [TestCase("\"latencySeconds\": 2.44", "\"latencySeconds\": \"2.44\"", "/latencySeconds: Value is \"string\" but should be \"number\"")]
    [TestCase("\"incident\":", "\"accident\": 1, \"incident\":", "/accident: ")]
    [TestCase("\"incident\": \"drive-timeout\",", "", "incident")]
    [TestCase("\"schemaVersion\": 2", "\"schemaVersion\": 3", "/schemaVersion: ")]
    public void What_the_reader_refuses_the_schema_refuses(string from, string to, string problem)
    {
        var fixture = File.ReadAllText(Path.Combine(Data.Fixture, "fixture.json"));
        Assert.That(fixture, Does.Contain(from));
        Assert.That(SchemaCheck.Problems(fixture.Replace(from, to, StringComparison.Ordinal)), Has.Some.Contains(problem));
    }

    private static IEnumerable<TestCaseData> BadFixtures()
    {
        yield return Bad(
            "a newer version",
            "\"schemaVersion\": 2",
            "\"schemaVersion\": 3",
            "$.schemaVersion: is 3, but this harness reads up to 2"
        );
        yield return Bad("a version that is no number", "\"schemaVersion\": 2", "\"schemaVersion\": \"1\"", "$.schemaVersion: is \"1\"");
        yield return Bad("an unknown member", "\"incident\":", "\"accident\": 1, \"incident\":", "accident");
        yield return Bad("a missing member", "\"incident\": \"drive-timeout\",", "", "incident");
        yield return Bad(
            "a wrong type",
            "\"latencySeconds\": 2.44",
            "\"latencySeconds\": \"slow\"",
            "$.attempts[0].turns[0].latencySeconds"
        );
        yield return Bad("no JSON", "\"schemaVersion\": 2,", "\"schemaVersion\": 2,,", "not JSON");

        foreach (var outside in new[] { "../secret.jsonl", "/etc/secret", "a\\\\secret.jsonl", "..", "" })
            yield return Bad(
                $"traces elsewhere, {outside}",
                "\"traces\": \"traces.otlp.jsonl\"",
                $"\"traces\": \"{outside}\"",
                "$.source.traces: is "
            );

        static TestCaseData Bad(string name, string from, string to, string message) =>
            new TestCaseData(from, to, message).SetName($"Bad fixture: {name}");
    }

    [TestCaseSource(nameof(BadFixtures))]
    public void A_bad_fixture_is_one_clear_error(string from, string to, string message)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.CopyFixture(), "fixture.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace(from, to));
        Assert.That(
            () => FixtureFolder.Load(folder.Path),
            Throws.TypeOf<BadInputException>().With.Message.Contains(message).And.Message.StartsWith(file)
        );
    }

    [TestCase("fixture.json")]
    [TestCase("traces.otlp.jsonl")]
    [TestCase("http")]
    [TestCase("http/drive.json")]
    [Platform(Exclude = "Win", Reason = "a link needs a right there that few have")]
    public void Nothing_is_read_through_a_link(string name)
    {
        using var folder = new TempFolder();
        using var elsewhere = new TempFolder();
        var (file, moved) = (Path.Combine(folder.CopyFixture(), name), Path.Combine(elsewhere.Path, "moved"));
        Directory.Move(file, moved);
        File.CreateSymbolicLink(file, moved);
        Assert.That(() => FixtureFolder.Load(folder.Path), Throws.TypeOf<BadInputException>().With.Message.Contains($"{file}: is a link"));
    }
}
