using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>Gemini CLI's spans, as it sends them and as it writes them into a file.</summary>
public sealed class GeminiCliTests
{
    private static (string, object?)[] Gemini(string operation, params (string, object?)[] more) =>
        [("gen_ai.operation.name", operation), ("gen_ai.agent.name", "gemini-cli"), ("gen_ai.conversation.id", "s-1"), .. more];

    [Test]
    public void Gemini_CLI_writes_contents_and_records_of_calls()
    {
        var spans = new Spans { Scope = "gemini-cli" };
        var root = spans.Add(null, "user_prompt", Gemini("user_prompt"));
        spans.Add(
            root,
            "llm_call",
            Gemini(
                "llm_call",
                ("gen_ai.request.model", "gemini-3-pro"),
                ("gen_ai.prompt.name", "s-1########0"),
                ("gen_ai.system_instructions", """{"role":"user","parts":[{"text":"be brief"}]}"""),
                ("gen_ai.usage.input_tokens", 7L),
                ("gen_ai.input.messages", """[{"role":"user","parts":[{"text":"list"}]}]"""),
                (
                    "gen_ai.output.messages",
                    """[{"role":"model","parts":[{"text":"hm","thought":true}]},{"role":"model","parts":[{"text":"I "}]},{"parts":[{"text":"look"},{"functionCall":{"id":"c1","name":"ls","args":{"path":"."}}},{"functionCall":{"id":"c2","name":"read","args":{}}}]}]"""
                )
            )
        );
        var batch = spans.Add(root, "schedule_tool_calls", Gemini("schedule_tool_calls"));
        Called("c1", "ls", """{"path":"."}""", "success", """{"output":"a.md"}""");
        Called("c2", "read", "{}", "error", """{"error":"params must have property 'path'"}""");
        var next = spans.Add(batch, "system_prompt", Gemini("system_prompt"));
        spans.Add(
            next,
            "llm_call",
            Gemini(
                "llm_call",
                ("gen_ai.prompt.name", "s-1########0"),
                (
                    "gen_ai.input.messages",
                    """[{"role":"user","parts":[{"functionResponse":{"id":"c1","name":"ls","response":{"output":"a.md"}}}]}]"""
                )
            )
        );
        spans.Add(next, "llm_call", Gemini("llm_call", ("gen_ai.input.messages", "of an embedding")));
        var run = spans.Run();
        ToolCall[] calls = [.. run.ToolCalls];
        var first = run.ModelCalls.First();
        Assert.Multiple(() =>
        {
            Assert.That((run.Dialect, run.ModelCalls.Count(), calls.Length), Is.EqualTo(("gemini-cli", 2, 2)));
            Assert.That(
                calls.Select(c => (c.Name, c.CallId, c.Arguments)),
                Is.EqualTo(new[] { ("ls", "c1", """{"path":"."}"""), ("read", "c2", "{}") })
            );
            Assert.That((calls[0].Result, calls[0].Error), Is.EqualTo(("a.md", null as CallError)));
            Assert.That(
                (calls[1].Result, calls[1].Error),
                Is.EqualTo((null as string, new CallError("invalid_tool_params", "params must have property 'path'")))
            );
            Assert.That(first.Input!.Select(m => m.Role), Is.EqualTo(new[] { "system", "user" }));
            Assert.That(first.Output!.Single().Parts[0], Is.EqualTo(new TextPart("I look")));
            Assert.That(first.FinishReason, Is.Null);
        });

        void Called(string id, string name, string arguments, string status, string told) =>
            spans.Add(
                batch,
                "tool_call",
                Gemini(
                    "tool_call",
                    ("gen_ai.tool.name", name),
                    ("gen_ai.tool.call_id", id),
                    ("gen_ai.input.messages", $$"""{"callId":"{{id}}","name":"{{name}}","args":{{arguments}},"isClientInitiated":false}"""),
                    (
                        "gen_ai.output.messages",
                        $$$"""{"status":"{{{status}}}","response":{"callId":"{{{id}}}","responseParts":[{"functionResponse":{"id":"{{{id}}}","name":"{{{name}}}","response":{{{told}}}}}],"error":{},"errorType":"invalid_tool_params"}}"""
                    )
                )
            );
    }

    [Test]
    public void Content_that_Gemini_CLI_cut_is_left_out()
    {
        var spans = new Spans { Scope = "gemini-cli" };
        spans.Add(
            spans.Add(null, "user_prompt", Gemini("user_prompt")),
            "llm_call",
            Gemini(
                "llm_call",
                ("gen_ai.prompt.name", "p"),
                ("gen_ai.input.messages", """[{"role":"user","parts":[{"text":"li...[TRUNCATED: original length 12345]""")
            )
        );
        Assert.That(spans.Run().ModelCalls.Single().Input, Is.Null);
    }

    [Test]
    public void A_file_of_Gemini_CLI_holds_its_spans_between_records_and_metrics()
    {
        using var folder = new TempFolder();
        var file = folder.Write(
            "telemetry.log",
            """
            {
              "resource": { "_rawAttributes": [ [ "service.name", "gemini-cli" ] ] },
              "hrTime": [ 1790000000, 5 ], "_body": "CLI configuration loaded.", "attributes": { "event.name": "gemini_cli.config" }
            }
            {
              "name": "tool_call", "kind": 0, "startTime": [ 1790000000, 1000 ], "endTime": [ 1790000001, 2000 ],
              "_spanContext": { "traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331", "traceFlags": 1 },
              "parentSpanContext": { "traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "00f067aa0ba902b7", "traceFlags": 1 },
              "attributes": { "gen_ai.operation.name": "tool_call", "gen_ai.tool.name": "ls", "gen_ai.tool.call_id": "c1" },
              "status": { "code": 2, "message": "spawn failed" }, "links": [],
              "events": [ { "name": "exception", "attributes": { "exception.type": "Error" }, "time": [ 1790000001, 1500 ] } ],
              "resource": { "_rawAttributes": [ [ "service.name", "gemini-cli" ] ] },
              "instrumentationScope": { "name": "gemini-cli", "version": "v1" }
            }
            { "resource": {}, "scopeMetrics": [] }
            """
        );
        var set = TraceFiles.Load(file);
        var span = set.Traces.Single().Spans.Single();
        Assert.Multiple(() =>
        {
            Assert.That(set.Problems, Is.Empty);
            Assert.That(
                (span.ParentSpanId, span.Kind, span.Status, span.StatusMessage),
                Is.EqualTo(("00f067aa0ba902b7", 1, SpanStatus.Error, "spawn failed"))
            );
            Assert.That((span.Duration, span.Scope), Is.EqualTo((TimeSpan.FromTicks(10_000_010), "gemini-cli")));
            Assert.That(span.Resource.Text("service.name"), Is.EqualTo("gemini-cli"));
            Assert.That(span.Events.Single().TimeNanos, Is.EqualTo(1_790_000_001_000_001_500));
            Assert.That(AgentRuns.Read(set.Traces.Single()).Single().ToolCalls.Single().CallId, Is.EqualTo("c1"));
        });
    }
}
