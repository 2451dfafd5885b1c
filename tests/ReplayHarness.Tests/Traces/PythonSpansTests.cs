using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>What OpenTelemetry's SDK for Python prints of spans: objects one after another, over many lines or one a line.</summary>
public sealed class PythonSpansTests
{
    private const string Trace = "4ae695eb4bb65a49273c6751bfa1fea4";

    [TestCase("\n", 0)]
    [TestCase("", 0)]
    [TestCase("\n", 1)]
    public void Spans_are_read_however_they_are_laid_out(string lineEnd, int broken)
    {
        using var folder = new TempFolder();
        var spans = new[]
        {
            Span("a1", "null", "\"gen_ai.operation.name\":\"invoke_agent\"", lineEnd),
            Span("d1", "\"0x00000000000000a1\"", "\"gen_ai.operation.name\":\"execute_tool\",\"gen_ai.tool.name\":\"read\"", lineEnd),
        };
        var file = folder.Write("spans.json", string.Join("\n", spans) + (broken > 0 ? "\n{\"name\":" : "\n"));
        var loaded = TraceFiles.Load(file);
        var run = AgentRuns.Read(loaded.Traces.Single()).Single();
        Assert.Multiple(() =>
        {
            Assert.That(loaded.Traces.Single().TraceId, Is.EqualTo(Trace));
            Assert.That(run.ToolCalls.Single().Error, Is.EqualTo(new CallError("TimeoutError", "no answer")));
            Assert.That(run.Root!.Resource.Text("service.name"), Is.EqualTo("desk"));
            Assert.That(run.Root.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(loaded.Problems, Has.Count.EqualTo(broken));
        });
        if (broken > 0)
            Assert.That($"{loaded.Problems.Single()}", Does.Contain("what came before was read"));
    }

    private static string Span(string id, string parent, string attributes, string lineEnd) =>
        $$"""
            { "name": "{{id}}", "context": { "trace_id": "0x{{Trace}}", "span_id": "0x00000000000000{{id}}", "trace_state": "[]" },
              "kind": "SpanKind.INTERNAL", "parent_id": {{parent}},
              "start_time": "2026-03-01T20:47:18.000000Z", "end_time": "2026-03-01T20:47:20.000000Z",
              "status": { "status_code": "ERROR", "description": "TimeoutError: no answer" },
              "attributes": { {{attributes}} },
              "events": [ { "name": "exception", "timestamp": "2026-03-01T20:47:20.000000Z",
                "attributes": { "exception.type": "TimeoutError", "exception.message": "no answer" } } ],
              "links": [], "resource": { "attributes": { "service.name": "desk" }, "schema_url": "" } }
            """.ReplaceLineEndings(lineEnd);
}
