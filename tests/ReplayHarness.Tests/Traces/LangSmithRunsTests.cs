using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>LangSmith's runs, as a tree and one by one.</summary>
public sealed class LangSmithRunsTests
{
    private const string Root = "018f0000-0000-7000-8000-000000000001";

    private const string Model = """
        "id":"018f0000-0000-7000-8000-000000000002","name":"ChatOpenAI","run_type":"llm","start_time":"2026-03-01T20:47:18.100000","end_time":"2026-03-01T20:47:19",
        "extra":{"metadata":{"ls_model_name":"gpt-5"},"invocation_params":{"model":"gpt-5"}},"prompt_tokens":9,"completion_tokens":2,
        "inputs":{"messages":[[{"lc":1,"type":"constructor","id":["langchain","schema","messages","HumanMessage"],"kwargs":{"content":"how much","type":"human"}}]]},
        "outputs":{"generations":[[{"text":"","generation_info":{"finish_reason":"tool_calls"},"message":{"lc":1,"type":"constructor","id":["langchain","schema","messages","AIMessage"],"kwargs":{"content":"","tool_calls":[{"name":"rate","args":{"of":"EUR"},"id":"c1","type":"tool_call"}]}}}]]}
        """;

    private const string Tool = """
        "id":"018f0000-0000-7000-8000-000000000003","name":"rate","run_type":"tool","start_time":"2026-03-01T20:47:19","end_time":"2026-03-01T20:47:21",
        "inputs":{"input":"{'of': 'EUR'}"},"outputs":{"output":{"content":"1.1","type":"tool","name":"rate","tool_call_id":"c1","status":"success"}}
        """;

    private const string Failed = """
        "id":"018f0000-0000-7000-8000-000000000004","name":"note","run_type":"tool","start_time":"2026-03-01T20:47:19","end_time":"2026-03-01T20:47:20",
        "inputs":{"input":"{\"text\":\"x\"}"},"outputs":null,
        "error":"TimeoutError('no answer')Traceback (most recent call last):\n\n  File \"a.py\", line 1, in f\n\nTimeoutError: no answer"
        """;

    private static void IsTheRun(TraceSet set)
    {
        Assert.That(set.Problems, Is.Empty);
        var run = AgentRuns.Read(set.Traces.Single()).Single();
        ToolCall[] tools = [.. run.ToolCalls.OrderBy(t => t.Name, StringComparer.Ordinal)];
        var model = run.ModelCalls.Single();
        Assert.Multiple(() =>
        {
            Assert.That(
                (run.Dialect, run.Root!.Name, run.Trace.TraceId),
                Is.EqualTo(("langsmith", "agent", Root.Replace("-", "", StringComparison.Ordinal)))
            );
            Assert.That(
                (model.Model, model.FinishReason, model.InputTokens, model.OutputTokens),
                Is.EqualTo(("gpt-5", "tool_calls", 9, 2))
            );
            Assert.That(model.Input!.Single().Parts.Single(), Is.EqualTo(new TextPart("how much")));
            Assert.That(tools[0].Error, Is.EqualTo(new CallError("TimeoutError", "no answer")));
            Assert.That(tools[0].Arguments, Is.EqualTo("""{"text":"x"}"""));
            Assert.That((tools[1].CallId, tools[1].Arguments, tools[1].Result), Is.EqualTo(("c1", """{"of":"EUR"}""", "1.1")));
            Assert.That(tools[1].Span.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(run.Root.Text("thread_id"), Is.EqualTo("t-1"));
        });
    }

    private static string Agent(string children) =>
        $$$"""{"id":"{{{Root}}}","trace_id":"{{{Root}}}","name":"agent","run_type":"chain","start_time":"2026-03-01T20:47:18Z","end_time":"2026-03-01T20:47:22Z","extra":{"metadata":{"thread_id":"t-1"}},"inputs":{},"outputs":{},"error":null,"parent_run_id":null{{{children}}}}""";

    [Test]
    public void A_tree_is_read()
    {
        using var folder = new TempFolder();
        // Who says neither trace nor parent has them from the runs around.
        IsTheRun(TraceFiles.Load(folder.Write("run.json", Agent($$""","child_runs":[{ {{Model}} },{ {{Tool}} },{ {{Failed}} }]"""))));
    }

    [Test]
    public void Runs_one_by_one_are_read()
    {
        using var folder = new TempFolder();
        var lines = new[] { Model, Tool, Failed }.Select(r =>
            $$"""{ {{r.ReplaceLineEndings("")}} ,"trace_id":"{{Root}}","parent_run_id":"{{Root}}"}"""
        );
        IsTheRun(TraceFiles.Load(folder.Write("runs.jsonl", string.Join("\n", lines.Append(Agent(""))))));
    }

    [TestCase("ToolException(\"it's gone\")", "ToolException", "it's gone")]
    [TestCase("httpx.ReadTimeout: timed out", "httpx.ReadTimeout", "timed out")]
    [TestCase("TypeError: no\n    at f (a.js:1:1)\n    at g", "TypeError", "no")]
    [TestCase("Error: no\n    at f (a.js:1:1)", "Error", "no")]
    [TestCase("it went wrong: no", null, "it went wrong: no")]
    [TestCase("Traceback (most recent call last):\n  File \"a\"\nKeyError: 'x'\n\nDuring handling:\n\nValueError: no", "ValueError", "no")]
    [TestCase("GraphInterrupt()", null, "GraphInterrupt()")]
    public void Errors_are_told_as_they_are_printed(string error, string? type, string message)
    {
        using var folder = new TempFolder();
        var file = folder.Write(
            "run.json",
            $$"""{"id":"r1","name":"t","run_type":"tool","start_time":"2026-03-01T20:47:19.000002Z","end_time":1772398039000,"error":{{Json.Write(error)}}}"""
        );
        var set = TraceFiles.Load(file);
        Assert.That(set.Problems, Is.Empty);
        var exception = set.Traces.Single().Spans.Single().Events.Single().Attributes;
        Assert.That((exception.Text("exception.type"), exception.Text("exception.message")), Is.EqualTo((type, message)));
    }
}
