using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>Claude Code's own telemetry.</summary>
public sealed class ClaudeCodeTests
{
    private static Spans ClaudeCode() => new() { Scope = "com.anthropic.claude_code.tracing" };

    private static string Request(Spans spans, string? parent, string stop, params (string, object?)[] more) =>
        spans.Add(
            parent,
            "claude_code.llm_request",
            [
                ("model", "claude-haiku-4-5"),
                ("input_tokens", 12L),
                ("output_tokens", 3L),
                ("success", true),
                ("attempt", 2L),
                ("stop_reason", stop),
                ("gen_ai.response.finish_reasons", new object?[] { stop }),
                .. more,
            ]
        );

    private static string Tool(Spans spans, string parent, string name, string id, params (string, object?)[] more) =>
        spans.Add(parent, "claude_code.tool", [("tool_name", name), ("tool_use_id", id), ("gen_ai.tool.call.id", id), .. more]);

    [Test]
    public void Claude_Code_writes_three_spans_of_a_call_and_no_content()
    {
        var spans = ClaudeCode();
        var root = spans.Add(null, "claude_code.interaction", ("user_prompt", "<REDACTED>"), ("interaction.sequence", 1L));
        Request(spans, root, "tool_use");
        var tool = Tool(spans, root, "Bash", "toolu_1");
        spans.Add(tool, "claude_code.tool.blocked_on_user", ("decision", "accept"), ("source", "config"));
        spans.Add(tool, "claude_code.tool.execution", ("gen_ai.tool.call.id", "toolu_1"), ("success", true));
        Request(spans, root, "end_turn");
        var run = spans.Run();
        var call = run.ToolCalls.Single();
        Assert.Multiple(() =>
        {
            Assert.That(run.Dialect, Is.EqualTo("claude-code"));
            Assert.That(run.ModelCalls.Select(m => m.FinishReason), Is.EqualTo(new[] { "tool_calls", "stop" }));
            Assert.That(run.ModelCalls.First(), Has.Property("InputTokens").EqualTo(12).And.Property("OutputTokens").EqualTo(3));
            Assert.That(
                (call.Name, call.CallId, call.Arguments, call.Result, call.Error),
                Is.EqualTo(("Bash", "toolu_1", null as string, null as string, null as CallError))
            );
            Assert.That(run.Attempt, Is.Null, "the attempt of a request is none of the run's");
            Assert.That(InspectedRun.Of(run).Findings, Is.Empty);
        });
    }

    [Test]
    public void Claude_Code_says_on_inner_spans_how_a_call_failed()
    {
        var spans = ClaudeCode();
        var root = spans.Add(null, "claude_code.interaction");
        Request(spans, root, "tool_use");
        var bash = Tool(spans, root, "Bash", "toolu_1");
        spans.Add(
            bash,
            "claude_code.tool.execution",
            ("tool_use_id", "toolu_1"),
            ("success", false),
            ("error", "Command timed out after 2m 0s")
        );
        var edit = Tool(spans, root, "Edit", "toolu_2");
        spans.Add(edit, "claude_code.tool.blocked_on_user", ("decision", "reject"), ("source", "user_reject"));
        Request(spans, root, "", ("success", false), ("status_code", 529L), ("error", "Overloaded"));
        var run = spans.Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.ToolCalls.Select(c => c.Name), Is.EqualTo(new[] { "Bash", "Edit" }));
            Assert.That(run.ToolCalls.First().Error!.Message, Is.EqualTo("Command timed out after 2m 0s"));
            Assert.That(run.ToolCalls.Last().Error!.Message, Does.Contain("not permitted: user_reject said reject"));
            Assert.That(run.ModelCalls.Last().Error!.Message, Is.EqualTo("529 Overloaded"));
        });
    }

    [Test]
    public void Claude_Code_writes_content_where_it_was_asked_for()
    {
        var spans = ClaudeCode();
        var root = spans.Add(null, "claude_code.interaction", ("user_prompt", "list"));
        Request(spans, root, "tool_use", ("new_context", "[USER PROMPT]\nlist"), ("response.model_output", "I look."));
        var bash = Tool(spans, root, "Bash", "toolu_1", ("full_command", "ls"));
        spans.Event(bash, "tool.output", ("bash_command", "ls"), ("output", "a.md"));
        var glob = Tool(spans, root, "Glob", "toolu_2", ("tool_input", "[TOOL INPUT: Glob]\n{\"pattern\":\"*\"}"));
        var write = Tool(spans, root, "Write", "toolu_3");
        spans.Event(write, "tool.output", ("file_path", "/a"), ("content", "what shall stand there"));
        Request(
            spans,
            root,
            "end_turn",
            ("new_context", "[TOOL RESULT: toolu_1]\na.md\n\n---\n\nmore of it\n\n---\n\n[TOOL RESULT: toolu_2]\nNo files found")
        );
        var run = spans.Run();
        ToolCall[] calls = [.. run.ToolCalls];
        Assert.Multiple(() =>
        {
            Assert.That(calls.Select(c => c.Arguments), Is.EqualTo(new[] { """{"command":"ls"}""", """{"pattern":"*"}""", null }));
            Assert.That(calls.Select(c => c.Result), Is.EqualTo(new[] { "a.md", "No files found", null }));
            Assert.That(run.ModelCalls.First().Input!.Single(), Has.Property("Role").EqualTo("user"));
            Assert.That(run.ModelCalls.First().Output!.Single().Parts, Is.EqualTo(new[] { new TextPart("I look.") }));
            Assert.That(
                run.ModelCalls.Last().Input!.SelectMany(m => m.Parts).OfType<ToolResultPart>().Select(p => p.Result),
                Is.EqualTo(new[] { "a.md\n\n---\n\nmore of it", "No files found" })
            );
            Assert.That(InspectedRun.Of(run).Findings, Is.Empty);
        });
    }

    [Test]
    public void An_agent_that_Claude_Code_starts_makes_calls_of_its_own()
    {
        var spans = ClaudeCode();
        var root = spans.Add(null, "claude_code.interaction");
        Request(spans, root, "tool_use");
        var agent = Tool(spans, root, "Agent", "toolu_1");
        var execution = spans.Add(agent, "claude_code.tool.execution", ("tool_use_id", "toolu_1"), ("success", true));
        Request(spans, execution, "tool_use", ("agent_id", "a1"));
        var inner = Tool(spans, execution, "Agent", "toolu_2", ("agent_id", "a1"));
        spans.Add(inner, "claude_code.tool.execution", ("tool_use_id", "toolu_2"), ("success", true));
        Request(spans, root, "end_turn");
        var run = spans.Run();
        Assert.That(run.ModelCalls.Count(), Is.EqualTo(3));
        Assert.That(run.ToolCalls.Select(c => c.CallId), Is.EquivalentTo(new[] { "toolu_1", "toolu_2" }));
        Assert.That(run.Turns.Select(t => t.Calls.Count), Is.EqualTo(new[] { 1, 1, 0 }), "each to its own agent's turn");
    }

    [Test]
    public void Agents_of_Claude_Code_that_run_side_by_side_have_turns_of_their_own()
    {
        var spans = ClaudeCode();
        var root = spans.Add(null, "claude_code.interaction");
        Request(spans, root, "tool_use");
        var agent = Tool(spans, root, "Agent", "toolu_1");
        Request(spans, agent, "tool_use", ("agent_id", "a1"));
        // Where the spans between them were not exported.
        Tool(spans, agent, "Agent", "toolu_2", ("agent_id", "a1"));
        Tool(spans, root, "Bash", "toolu_3");
        var run = spans.Run();
        Assert.That(
            run.Turns.Select(t => string.Join(",", t.Calls.Select(c => c.CallId))),
            Is.EqualTo(new[] { "toolu_1,toolu_3", "toolu_2" })
        );
    }
}
