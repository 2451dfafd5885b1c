using System.Text.Json;
using ReplayHarness.Diagnosis.Readiness;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;
using static VerifyNUnit.Verifier;

namespace ReplayHarness.Tests.Diagnosis;

/// <summary>What a team records, checked on what there is.</summary>
public sealed class ChecklistTests
{
    [Test]
    public async Task Three_runs_with_logs_and_metrics() =>
        await Verify(
            await PrintsAsync(
                "checklist",
                "incidents/three-runs/traces.otlp.jsonl",
                "--logs",
                "incidents/three-runs/logs.jsonl",
                "--metrics",
                "incidents/three-runs/metrics.json",
                "--trace",
                "2f77be27"
            )
        );

    [Test]
    public async Task Drive_timeout_is_replayed_in_full() =>
        Assert.That(
            await PrintsAsync("checklist", "incidents/drive-timeout/traces.otlp.jsonl", "--trace", "019e6b59"),
            Does.Contain("replay of 019e6b596ee79a3a7bd5d48d62d2856c: full")
                .And.Contain("everything: turns, arguments, results, errors, order and timing")
        );

    [Test]
    public async Task Traces_alone_of_a_run_without_content()
    {
        using var folder = new TempFolder();
        var trace = new RunBuilder().Model(0, 1).Tool("read", 1, 1, arguments: null, result: null).Model(3, 1).Build();
        var path = Path.Combine(folder.Path, "t.jsonl");
        await using (var file = File.Create(path))
            OtlpJson.Write(file, [trace]);
        using var document = JsonDocument.Parse(await PrintsAsync("checklist", path, "--trace", RunBuilder.TraceId, "--json"));
        Assert.That(
            document
                .RootElement.GetProperty("items")
                .EnumerateArray()
                .Where(i => i.GetProperty("holds").GetBoolean())
                .Select(i => i.GetProperty("name").GetString()),
            Is.EqualTo(new[] { "tool calls traced", "error_class of every failure" })
        );
        Assert.That(
            document
                .RootElement.GetProperty("items")
                .EnumerateArray()
                .Where(i => !i.GetProperty("holds").GetBoolean())
                .Select(i => i.GetProperty("fix").GetString()),
            Is.All.Not.Empty.And.Exactly(7).Items
        );
        var report = document.RootElement.GetProperty("replayability")[0];
        Assert.That(
            report.GetProperty("gaps").EnumerateArray().Select(g => g.GetProperty("what").GetString()),
            Is.EqualTo(
                new[]
                {
                    "model requests without messages",
                    "model answers without messages",
                    "tool calls without arguments",
                    "tool calls without a result",
                    "tool calls without a call id",
                }
            )
        );
        Assert.That(
            report.GetProperty("possible").EnumerateArray().Select(p => p.GetString()),
            Is.EqualTo(new[] { "order and timing of 2 model and 1 tool calls" })
        );
    }

    private static IEnumerable<TestCaseData> Runs()
    {
        const string Traced = "tool calls traced",
            Stop = "stop_reason of every run",
            Told = "repeated calls can be told";
        yield return new("a question and its answer", Answered(new RunBuilder()), new[] { Traced, Stop, Told });
        yield return new(
            "killed within a call",
            new RunBuilder { MissingParent = "00000000000000aa" }
                .Model(0, 1, output: Authored.Asks("read", "all"))
                .Build(),
            new[] { Traced, Stop, Told }
        );
        yield return new("calls without spans", new RunBuilder().Model(0, 1, output: Authored.Asks("read", "all")).Build(), new[] { Told });
        yield return new(
            "ended by an error",
            new RunBuilder { RootError = ("System.TimeoutException", "no") }
                .Model(0, 1, output: Authored.Asks("read", "all"))
                .Build(),
            new[] { Stop, Told }
        );
    }

    private static Trace Answered(RunBuilder run) =>
        new(RunBuilder.TraceId, run.Model(0, 1, output: RunBuilder.Says("Hello")).Build().Spans.Select(Finished));

    private static Span Finished(Span span) =>
        span.Attributes.Text("gen_ai.operation.name") == "chat"
            ? span with
            {
                Attributes = new([
                    .. span.Attributes,
                    KeyValuePair.Create("gen_ai.response.finish_reasons", (object?)new object[] { "stop" }),
                ]),
            }
            : span;

    // What a run did not have, nobody can record.
    [TestCaseSource(nameof(Runs))]
    public void Nothing_is_asked_for_that_cannot_be(string what, object trace, string[] holds)
    {
        var checklist = new Checklist(null, null, null);
        foreach (var run in AgentRuns.Read((Trace)trace))
            checklist.Add(InspectedRun.Of(run));
        string[] asked = ["tool calls traced", "stop_reason of every run", "repeated calls can be told"];
        Assert.That(checklist.Items.Where(i => i.Holds && asked.Contains(i.Name)).Select(i => i.Name), Is.EqualTo(holds), what);
    }

    private static IEnumerable<TestCaseData> Gaps()
    {
        yield return new(
            "redacted values",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, result: "mail from [Scrubbed due to 'password']").Build()
        );
        yield return new(
            "redacted values",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, arguments: "{\"user\":\"[REDACTED]\"}").Build()
        );
        yield return new("truncated values", new RunBuilder().Model(0, 1).Tool("read", 1, 1, result: "a long text ...[truncated]").Build());
        yield return new(
            "missing root span",
            new RunBuilder { MissingParent = "00000000000000aa" }
                .Model(0, 1)
                .Build()
        );
        yield return new(
            "failed calls without an exception type",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, ("", "went wrong")).Build()
        );
        yield return new("no model call", new RunBuilder().Tool("read", 1, 1).Build());
        var trace = new RunBuilder().Model(0, 1).Build();
        yield return new(
            "attributes dropped by the exporter",
            new Trace(trace.TraceId, trace.Spans.Select(s => s with { Dropped = new(3, 0, 0) }))
        );
    }

    [TestCaseSource(nameof(Gaps))]
    public void Gaps_are_found(string what, object trace)
    {
        Assert.That(Replayability.Of(AgentRuns.Read((Trace)trace).Single()).Gaps.Select(g => g.What), Does.Contain(what));
        Assert.That(Replayability.Of(AgentRuns.Read(Data.Load(Data.DriveTimeout))[0]).Gaps, Is.Empty);
    }

    private static IEnumerable<TestCaseData> Contents()
    {
        TestCaseData Row(string what, RunBuilder run, bool isThere) => new(what, run.Build(), isThere);
        RunBuilder Tool(string? arguments, string? result) =>
            new RunBuilder()
                .Model(0, 1, input: RunBuilder.Says("Hi"), output: RunBuilder.Says("So"))
                .Tool("read", 1, 1, arguments: arguments, result: result);
        yield return Row("all there", Tool("""{"of":"all"}""", "text"), true);
        yield return Row("no arguments wanted", Tool("{}", "text"), true);
        yield return Row("arguments in no JSON", Tool("{of} all", "text"), true);
        yield return Row("a result that begins with a bracket", Tool("{}", "[1] A title"), true);
        yield return Row("redacted in part", Tool("""{"of":"[REDACTED]","page":2}""", "from [REDACTED] to you"), true);
        yield return Row("cut within a value", Tool("""{"of":"a long te""", "text"), false);
        yield return Row("cut behind a value", Tool("""{"of":"all",""", "text"), false);
        yield return Row("cut at its beginning", Tool("{", "text"), false);
        yield return Row("cut with a mark", Tool("""{"of":"a long te...[truncated]""", "text"), false);
        yield return Row("a result that was cut", Tool("{}", """[{"of":1},{"of":"""), false);
        yield return Row("redacted arguments", Tool("[REDACTED]", "text"), false);
        yield return Row("every argument redacted", Tool("""{"of":"[REDACTED]","to":["<redacted>"]}""", "text"), false);
        yield return Row("a redacted result", Tool("{}", " [REDACTED] "), false);
        yield return Row("a scrubbed result", Tool("{}", "[Scrubbed due to 'password']"), false);
        yield return Row(
            "a redacted question",
            new RunBuilder().Model(0, 1, input: RunBuilder.Says("[REDACTED]"), output: RunBuilder.Says("So")),
            false
        );
    }

    [TestCaseSource(nameof(Contents))]
    public void Content_is_what_a_replay_can_use(string what, object trace, bool isThere)
    {
        var checklist = new Checklist(null, null, null);
        checklist.Add(InspectedRun.Of(AgentRuns.Read((Trace)trace).Single()));
        Assert.That(checklist.Items.Single(i => i.Name == "content captured").Holds, Is.EqualTo(isThere), what);
    }

    [TestCase("text-embedding-3-small", true)]
    [TestCase("model", false)]
    public void An_embedding_is_asked_for_no_messages(string model, bool holds)
    {
        var trace = new RunBuilder().Model(0, 1, input: RunBuilder.Says("Hi"), output: RunBuilder.Says("So")).Model(1, 1).Build();
        var spans = trace.Spans.Select(s =>
            s.Attributes.Has("gen_ai.request.model") && !s.Attributes.Has("gen_ai.input.messages")
                ? s with
                {
                    Attributes = new([.. s.Attributes.Where(a => a.Key != "gen_ai.request.model"), new("gen_ai.request.model", model)]),
                }
                : s
        );
        var run = AgentRuns.Read(new Trace(trace.TraceId, spans)).Single();
        var checklist = new Checklist(null, null, null);
        checklist.Add(InspectedRun.Of(run));
        Assert.That(checklist.Items.Single(i => i.Name == "content captured").Holds, Is.EqualTo(holds));
        Assert.That(
            Replayability.Of(run).Gaps.Select(g => g.What),
            holds ? Has.None.Contains("without messages") : Has.Some.Contains("without messages")
        );
    }

    // One after the other, the second was never made; side by side it was, and has no span.
    [TestCase(true, true, true)]
    [TestCase(false, true, false)]
    [TestCase(true, false, false)]
    public void A_call_behind_the_one_that_threw_was_never_made(bool threw, bool ended, bool holds)
    {
        var run = new RunBuilder { RootError = ended ? ("System.TimeoutException", "no") : null }
            .Model(0, 1, output: Authored.Asks("read", "a", "b"))
            .Tool("read", 1, 1, threw ? ("System.TimeoutException", "no") : null, Authored.About("a"), callId: "a");
        var checklist = new Checklist(null, null, null);
        checklist.Add(InspectedRun.Of(AgentRuns.Read(run.Build()).Single()));
        Assert.That(checklist.Items.Single(i => i.Name == "tool calls traced").Holds, Is.EqualTo(holds));
    }

    [Test]
    public void What_a_run_never_did_cannot_be_replayed()
    {
        IReadOnlyList<string> Possible(RunBuilder run) => Replayability.Of(AgentRuns.Read(run.Build()).Single()).Possible;
        const string Answers = "what the model answers",
            Results = "what tools return",
            Matching = "matching of calls by their arguments";
        Assert.That(Possible(new RunBuilder().Tool("read", 1, 1)), Does.Not.Contain(Answers).And.Contain(Results).And.Contain(Matching));
        Assert.That(
            Possible(new RunBuilder().Model(0, 1, output: RunBuilder.Says("So"))),
            Does.Contain(Answers).And.Not.Contain(Results).And.Not.Contain(Matching)
        );
        Assert.That(
            Possible(new RunBuilder().Model(0, 1).Tool("read", 1, 1, arguments: """{"of":"a""", result: "[REDACTED]")),
            Does.Not.Contain(Answers).And.Not.Contain(Results).And.Not.Contain(Matching)
        );
    }

    [Test]
    public async Task No_agent_run_is_said()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "t.jsonl");
        await using (var file = File.Create(path))
            OtlpJson.Write(file, [new Trace(RunBuilder.TraceId, [new Span(RunBuilder.TraceId, "00000000000000aa", null, "GET /", 1, 2)])]);
        var result = await Tool.RunAsync("checklist", path);
        Assert.That(
            (result.ExitCode, result.Errors),
            Is.EqualTo(
                (
                    3,
                    $"replay-harness: {path}: holds no agent run: 1 span of no named scope; none has an attribute of a known dialect: "
                        + "calls of models and tools have to be recorded by an instrumentation of one\n"
                )
            )
        );
    }

    private static async Task<string> PrintsAsync(params string[] arguments)
    {
        var result = await Tool.RunAsync(arguments);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        return result.Output;
    }
}
