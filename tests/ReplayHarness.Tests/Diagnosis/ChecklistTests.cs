using System.Text.Json;
using ReplayHarness.Diagnosis.Readiness;
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
