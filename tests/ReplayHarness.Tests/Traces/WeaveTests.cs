using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>Calls of W&amp;B Weave.</summary>
public sealed class WeaveTests
{
    private static string Call(string id, string? parent, string op, string second, string more) =>
        $$"""
            {"id":"018f0000-0000-7000-8000-00000000000{{id}}","project_id":"team/desk","op_name":"weave:///team/desk/op/{{op}}:abcdef","display_name":null,
             "trace_id":"018e0000-0000-7000-8000-000000000009","parent_id":{{(
                parent is null ? "null" : $"\"018f0000-0000-7000-8000-00000000000{parent}\""
            )}},
             "started_at":"2026-03-01T20:47:1{{second[0]}}.000000Z","ended_at":"2026-03-01T20:47:1{{second[2]}}.000000Z",{{more}} }
            """.ReplaceLineEndings(
            ""
        );

    [Test]
    public void Integrations_and_kinds_tell_the_calls()
    {
        using var folder = new TempFolder();
        var file = folder.Write(
            "calls.jsonl",
            string.Join(
                "\n",
                Call(
                    "1",
                    null,
                    "Agent.run",
                    "0,9",
                    """ "attributes":{"order":"7","weave":{"client_version":"1"}},"inputs":{"self":"obj","question":"how much"},"output":"1.1","exception":null """
                ),
                Call(
                    "2",
                    "1",
                    "openai.chat.completions.create",
                    "1,2",
                    """ "attributes":{},"inputs":{"self":"obj","model":"gpt-5","messages":[{"role":"user","content":"how much"}]},"output":{"model":"gpt-5","choices":[{"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"rate","arguments":"{\"of\":\"EUR\"}"}}]}}]},"summary":{"usage":{"gpt-5":{"prompt_tokens":9,"completion_tokens":2,"requests":1}}} """
                ),
                Call(
                    "3",
                    "1",
                    "rate",
                    "2,5",
                    """ "attributes":{"weave":{"kind":"tool"}},"inputs":{"self":"obj","of":"EUR"},"output":null,"exception":"Traceback (most recent call last):\n  File \"a.py\"\nTimeoutError: no answer\n" """
                ),
                Call(
                    "4",
                    "1",
                    "anthropic.Messages.create",
                    "6,7",
                    """ "attributes":{},"inputs":{"model":"claude","system":"be brief","messages":[{"role":"user","content":"and"}]},"output":{"role":"assistant","type":"message","stop_reason":"end_turn","content":[{"type":"text","text":"done"}]} """
                ),
                Call("5", "1", "score", "7,8", """ "attributes":{"weave":{"kind":"scorer"}},"inputs":{},"output":{} """)
            )
        );
        var set = TraceFiles.Load(file);
        var run = AgentRuns.Read(set.Traces.Single()).Single();
        ModelCall[] models = [.. run.ModelCalls];
        var tool = run.ToolCalls.Single();
        Assert.Multiple(() =>
        {
            Assert.That(set.Problems, Is.Empty);
            Assert.That((run.Dialect, run.Root!.Name, run.Root.Text("order")), Is.EqualTo(("weave", "Agent.run", "7")));
            Assert.That(
                (models.Length, models[0].Model, models[0].InputTokens, models[0].FinishReason),
                Is.EqualTo((2, "gpt-5", 9, "tool_calls"))
            );
            Assert.That(models[1].Input!.Select(m => m.Role), Is.EqualTo(new[] { "system", "user" }));
            Assert.That(models[1].Output!.Single().Parts.Single(), Is.EqualTo(new TextPart("done")));
            Assert.That(models[1].FinishReason, Is.EqualTo("stop"));
            Assert.That((tool.Name, tool.CallId, tool.Arguments), Is.EqualTo(("rate", "c1", """{"of":"EUR"}""")));
            Assert.That(tool.Error, Is.EqualTo(new CallError("TimeoutError", "no answer")));
            Assert.That(tool.Span.Duration, Is.EqualTo(TimeSpan.FromSeconds(3)));
        });
    }

    [Test]
    public void What_integrations_wrap_is_unwrapped()
    {
        using var folder = new TempFolder();
        var file = folder.Write(
            "calls.jsonl",
            string.Join(
                "\n",
                Call("1", null, "langchain.Chain.agent", "0,9", """ "attributes":{"lc_name":"agent"},"inputs":{},"output":{} """),
                Call(
                    "2",
                    "1",
                    "langchain.Llm.ChatOpenAI",
                    "1,2",
                    """ "attributes":{},"inputs":{"messages":[[{"type":"human","content":"how much"}]]},"output":{"name":"ChatOpenAI","outputs":[{"generations":[[{"text":"","message":{"kwargs":{"content":"","tool_calls":[{"name":"get rate","args":{"of":"EUR"},"id":"c1"}]}}}]]}]} """
                ),
                // The client below it is the same call.
                Call(
                    "3",
                    "2",
                    "openai.chat.completions.create",
                    "1,2",
                    """ "attributes":{},"inputs":{"model":"gpt-5","messages":[]},"output":{"choices":[{"finish_reason":"tool_calls","message":{"role":"assistant"}}]} """
                ),
                Call("4", "1", "langchain.Prompt.ChatPromptTemplate", "1,1", """ "attributes":{},"inputs":{},"output":{} """),
                Call(
                        "5",
                        "1",
                        "langchain.Tool.get_rate",
                        "2,5",
                        """ "attributes":{},"inputs":{"input":"{'of': 'EUR'}"},"output":{"outputs":[{"output":{"kwargs":{"content":"1.1","tool_call_id":"c1"}}}]} """
                    )
                    .Replace("\"display_name\":null", "\"display_name\":\"langchain.Tool.get rate\"", StringComparison.Ordinal),
                Call(
                    "6",
                    "1",
                    "claude_agent_sdk.tool_use.Bash",
                    "6,7",
                    """ "attributes":{"kind":"tool"},"inputs":{"message":{"role":"assistant","content":[{"id":"t0","name":"Read","input":{}},{"id":"t1","name":"Bash","input":{"command":"ls"}}]}},"output":{"tool_use_id":"t1","content":"no such file","is_error":true} """
                )
            )
        );
        var run = AgentRuns.Read(TraceFiles.Load(file).Traces.Single()).Single();
        ToolCall[] tools = [.. run.ToolCalls];
        Assert.Multiple(() =>
        {
            Assert.That(run.ModelCalls.Single().Input!.Single().Parts.Single(), Is.EqualTo(new TextPart("how much")));
            Assert.That((run.ModelCalls.Single().Model, run.ModelCalls.Single().FinishReason), Is.EqualTo(("gpt-5", "tool_calls")));
            Assert.That(
                tools.Select(t => (t.Name, t.CallId, t.Arguments, t.Result)),
                Is.EqualTo(new[] { ("get rate", "c1", """{"of":"EUR"}""", "1.1"), ("Bash", "t1", """{"command":"ls"}""", "no such file") })
            );
            Assert.That(tools.Select(t => t.Error?.Message), Is.EqualTo(new[] { null, "no such file" }));
        });
    }
}
