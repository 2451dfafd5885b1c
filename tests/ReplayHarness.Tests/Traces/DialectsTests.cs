using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>
/// Dialects of which no export could be had here, written down after their documentation: what is a call, what it was given, what it gave,
/// how it failed.
/// </summary>
public sealed class DialectsTests
{
    private const string Asks =
        """[{"role":"assistant","content":"","tool_calls":[{"id":"call_a","type":"function","function":{"name":"read","arguments":"{\"id\":1}"}}]}]""";

    private static (int, int, int) Counts(AgentRun run) =>
        (run.ModelCalls.Count(), run.ToolCalls.Count(), run.ToolCalls.Count(c => c.Error is not null));

    private static void IsRead(AgentRun run, string dialect, string? result = "text", string? callId = "call_a")
    {
        var call = run.ToolCalls.First();
        Assert.Multiple(() =>
        {
            Assert.That(run.Dialect, Is.EqualTo(dialect));
            Assert.That((call.Name, Json.Canonical(call.Arguments), call.Result), Is.EqualTo(("read", """{"id":1}""", result)));
            Assert.That(call.CallId, Is.EqualTo(callId));
            Assert.That(run.ModelCalls.First().FinishReason, Is.EqualTo("tool_calls"));
        });
    }

    [Test]
    public void Pydantic_ai_v2_wraps_the_calls_of_a_turn()
    {
        var spans = new Spans { Scope = "pydantic-ai" };
        var root = spans.Add(null, "agent run", ("agent_name", "mail"), ("model_name", "m"));
        spans.Add(
            root,
            "chat m",
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.response.finish_reasons", new object?[] { "tool_call" }),
            (
                "events",
                """[{"event.name":"gen_ai.user.message","role":"user","content":"go"},{"event.name":"gen_ai.choice","index":0,"message":{"role":"assistant","tool_calls":[{"id":"call_a","type":"function","function":{"name":"read","arguments":"{\"id\":1}"}}]}}]"""
            )
        );
        var wrapper = spans.Add(root, "running 1 tool", ("tools", new object?[] { "read" }));
        spans.Add(
            wrapper,
            "running tool",
            ("gen_ai.tool.name", "read"),
            ("gen_ai.tool.call.id", "call_a"),
            ("tool_arguments", """{"id":1}"""),
            ("tool_response", "text")
        );
        var run = spans.Run();
        IsRead(run, "pydantic-ai");
        Assert.That(Counts(run), Is.EqualTo((1, 1, 0)));
        Assert.That(run.ModelCalls.Single().Input!.Single().Role, Is.EqualTo("user"));
    }

    [Test]
    public void OpenLLMetry_numbers_messages()
    {
        var spans = new Spans();
        var root = spans.Add(null, "mail.workflow", ("traceloop.span.kind", "workflow"), ("traceloop.entity.name", "mail"));
        var task = spans.Add(root, "agent.task", ("traceloop.span.kind", "task"), ("traceloop.entity.name", "agent"));
        spans.Add(
            task,
            "openai.chat",
            ("llm.request.type", "chat"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.prompt.0.role", "user"),
            ("gen_ai.prompt.0.content", "go"),
            ("gen_ai.completion.0.role", "assistant"),
            ("gen_ai.completion.0.finish_reason", "tool_calls"),
            ("gen_ai.response.finish_reason", "tool_calls"),
            ("gen_ai.completion.0.tool_calls.0.id", "call_a"),
            ("gen_ai.completion.0.tool_calls.0.name", "read"),
            ("gen_ai.completion.0.tool_calls.0.arguments", """{"id":1}""")
        );
        spans.Add(
            root,
            "read.tool",
            ("traceloop.span.kind", "tool"),
            ("traceloop.entity.name", "read"),
            ("traceloop.entity.input", """{"id":1}"""),
            ("traceloop.entity.output", "text")
        );
        IsRead(spans.Run(), "openllmetry");
    }

    [Test]
    public void LangSmith_keeps_inputs_and_outputs_as_json()
    {
        var spans = new Spans();
        var root = spans.Add(null, "LangGraph", ("langsmith.span.kind", "chain"), ("gen_ai.operation.name", "chain"));
        var node = spans.Add(root, "agent", ("langsmith.span.kind", "chain"));
        spans.Add(
            node,
            "ChatOpenAI",
            ("langsmith.span.kind", "llm"),
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.response.finish_reasons", "tool_calls"),
            (
                "gen_ai.prompt",
                """{"messages":[[{"lc":1,"type":"constructor","id":["langchain_core","messages","HumanMessage"],"kwargs":{"content":"go"}}]]}"""
            ),
            (
                "gen_ai.completion",
                """{"generations":[[{"message":{"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessage"],"kwargs":{"content":"","tool_calls":[{"id":"call_a","name":"read","args":{"id":1}}]}}}]]}"""
            )
        );
        spans.Add(
            root,
            "read",
            ("langsmith.span.kind", "tool"),
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", "read"),
            ("gen_ai.prompt", """{"input":"{\"id\":1}"}"""),
            (
                "gen_ai.completion",
                """{"output":{"lc":1,"type":"constructor","id":["langchain_core","messages","ToolMessage"],"kwargs":{"content":"text","tool_call_id":"call_a"}}}"""
            )
        );
        var run = spans.Run();
        IsRead(run, "langsmith");
        Assert.That(run.ModelCalls.Single().Input!.Single().Role, Is.EqualTo("user"));
    }

    [Test]
    public void Logfire_names_the_spans_of_openai_agents_by_templates_and_marks_errors_by_level()
    {
        var spans = new Spans { Scope = "logfire.openai_agents" };
        var root = spans.Add(
            null,
            "OpenAI Agents trace: {name}",
            ("logfire.msg_template", "OpenAI Agents trace: {name}"),
            ("group_id", "g")
        );
        var agent = spans.Add(root, "Agent run: {name!r}", ("logfire.msg_template", "Agent run: {name!r}"), ("name", "mail"));
        spans.Add(
            agent,
            "Responses API with {gen_ai.request.model!r}",
            ("logfire.msg_template", "Responses API with {gen_ai.request.model!r}"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.response.finish_reasons", "tool_calls"),
            (
                "events",
                """[{"event.name":"gen_ai.user.message","role":"user","content":"go"},{"event.name":"gen_ai.choice","message":{"role":"assistant","tool_calls":[{"id":"call_a","type":"function","function":{"name":"read","arguments":"{\"id\":1}"}}]}}]"""
            )
        );
        spans.Add(
            agent,
            "Function: {name}",
            ("logfire.msg_template", "Function: {name}"),
            ("name", "read"),
            ("input", """{"id":1}"""),
            ("output", "text")
        );
        spans.Add(
            agent,
            "Function: {name}",
            ("logfire.msg_template", "Function: {name}"),
            ("name", "write"),
            ("input", "{}"),
            ("logfire.level_num", 17L),
            ("error", """{"message":"TimeoutError: no answer"}""")
        );
        var run = spans.Run();
        IsRead(run, "logfire-openai-agents");
        Assert.That(run.ToolCalls.Last().Error, Is.EqualTo(new CallError("TimeoutError", "no answer")));
    }

    [Test]
    public void Dotnet_agents_wrap_their_calls_in_orchestrate_tools_and_name_errors_by_full_type()
    {
        var spans = new Spans();
        var root = spans.Add(null, "invoke_agent mail", ("gen_ai.operation.name", "invoke_agent"));
        var orchestrate = spans.Add(root, "orchestrate_tools", ("gen_ai.operation.name", "orchestrate_tools"));
        spans.Add(
            orchestrate,
            "chat m",
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.response.finish_reasons", new object?[] { "tool_calls" }),
            (
                "gen_ai.output.messages",
                """[{"role":"assistant","parts":[{"type":"tool_call","id":"call_a","name":"read","arguments":{"id":1}}]}]"""
            )
        );
        spans.Add(
            orchestrate,
            "execute_tool read",
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", "read"),
            ("gen_ai.tool.call.id", "call_a"),
            ("gen_ai.tool.call.result", "text")
        );
        spans.Add(
            orchestrate,
            "execute_tool write",
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", "write"),
            ("error.type", "System.TimeoutException")
        );
        var run = spans.Run();
        IsRead(run, "gen_ai");
        Assert.That(Counts(run), Is.EqualTo((1, 2, 1)));
        Assert.That(run.ToolCalls.Last().Error!.Type, Is.EqualTo("System.TimeoutException"));
    }

    [Test]
    public void Semantic_kernel_completes_chats_and_keeps_content_in_events()
    {
        var spans = new Spans { Scope = "Microsoft.SemanticKernel.Diagnostics" };
        var chat = spans.Add(
            null,
            "chat.completions m",
            ("gen_ai.operation.name", "chat.completions"),
            ("gen_ai.response.finish_reason", "ToolCalls")
        );
        spans
            .Event(chat, "gen_ai.content.prompt", ("gen_ai.prompt", """[{"role":"user","content":"go"}]"""))
            .Event(chat, "gen_ai.content.completion", ("gen_ai.completion", Asks));
        spans.Add(chat, "execute_tool read", ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "read"));
        var run = spans.Run();
        Assert.That(Counts(run), Is.EqualTo((1, 1, 0)));
        Assert.That((run.ToolCalls.Single().Arguments, run.ToolCalls.Single().CallId), Is.EqualTo(("""{"id":1}""", "call_a")));
    }

    [Test]
    public void Autogen_creates_agents_without_running_them()
    {
        var spans = new Spans();
        var root = spans.Add(null, "autogen process team", ("messaging.operation", "process"));
        spans.Add(root, "create_agent mail", ("gen_ai.operation.name", "create_agent"), ("gen_ai.system", "autogen"));
        var agent = spans.Add(root, "invoke_agent mail", ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.system", "autogen"));
        spans.Fail(
            agent,
            "execute_tool read",
            "TimeoutError",
            "no answer",
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.system", "autogen"),
            ("gen_ai.tool.name", "read"),
            ("error.type", "TimeoutError")
        );
        Assert.That(Counts(spans.Run()), Is.EqualTo((0, 1, 1)));
    }

    [Test]
    public void Koog_counts_messages_from_one_and_leaves_the_operation_of_a_tool_out()
    {
        var spans = new Spans();
        var agent = spans.Add(null, "run.1", ("gen_ai.operation.name", "invoke_agent"), ("koog.agent.strategy.name", "chat"));
        var node = spans.Add(agent, "node.call", ("koog.node.name", "call"));
        spans.Add(
            node,
            "llm.1",
            ("gen_ai.operation.name", "chat"),
            ("koog.event.id", "1"),
            ("gen_ai.response.finish_reasons", new object?[] { "tool_calls" }),
            ("gen_ai.prompt.1.role", "user"),
            ("gen_ai.prompt.1.content", "go"),
            ("gen_ai.completion.1.role", "assistant"),
            ("gen_ai.completion.1.tool_calls.0.id", "call_a"),
            ("gen_ai.completion.1.tool_calls.0.name", "read"),
            ("gen_ai.completion.1.tool_calls.0.arguments", """{"id":1}""")
        );
        spans.Add(node, "tool.read", ("gen_ai.tool.name", "read"), ("input.value", """{"id":1}"""), ("output.value", "text"));
        IsRead(spans.Run(), "koog");
    }

    [Test]
    public void Crewai_is_openinference_and_its_statistics_are_noise()
    {
        var spans = new Spans();
        var crew = spans.Add(null, "Crew.kickoff", ("openinference.span.kind", "CHAIN"), ("crew_id", "c"));
        var task = spans.Add(crew, "Task._execute_core", ("openinference.span.kind", "AGENT"));
        spans.Add(
            task,
            "completion",
            ("openinference.span.kind", "LLM"),
            ("llm.model_name", "m"),
            ("llm.finish_reason", "tool_calls"),
            ("llm.output_messages.0.message.role", "assistant"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.id", "call_a"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "read"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", """{"id":1}""")
        );
        spans.Add(
            task,
            "ToolUsage._use",
            ("openinference.span.kind", "TOOL"),
            ("tool.name", "read"),
            ("input.value", """{"id":1}"""),
            ("output.value", "text")
        );
        spans.Change(
            spans.Add(task, "Tool Usage", ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "read")),
            s => s with { Scope = "crewai.telemetry" }
        );
        var run = spans.Run();
        IsRead(run, "openinference");
        Assert.That(Counts(run), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public void A_mastra_inference_is_the_call_where_there_is_one()
    {
        var spans = new Spans();
        var agent = spans.Add(null, "invoke_agent mail", ("mastra.span.type", "agent_run"), ("gen_ai.operation.name", "invoke_agent"));
        var generation = spans.Add(agent, "chat m", ("mastra.span.type", "model_generation"), ("gen_ai.operation.name", "chat"));
        var step = spans.Add(generation, "step: 0", ("mastra.span.type", "model_step"));
        spans.Add(
            step,
            "chat m",
            ("mastra.span.type", "model_inference"),
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.response.finish_reasons", """["tool-calls"]"""),
            (
                "gen_ai.output.messages",
                """[{"role":"assistant","parts":[{"type":"tool_call","id":"call_a","name":"read","arguments":"{\"id\":1}"}]}]"""
            )
        );
        spans.Add(
            step,
            "execute_tool read",
            ("mastra.span.type", "tool_call"),
            ("gen_ai.tool.name", "read"),
            ("gen_ai.tool.call.arguments", """{"id":1}"""),
            ("gen_ai.tool.call.result", "text")
        );
        IsRead(spans.Run(), "mastra");
    }

    [Test]
    public void Langfuse_wrote_the_tools_of_langgraph_as_plain_spans()
    {
        var spans = new Spans();
        var graph = spans.Add(null, "LangGraph", ("langfuse.observation.type", "span"));
        var agent = spans.Add(graph, "agent", ("langfuse.observation.type", "span"), ("langgraph_node", "agent"));
        spans.Add(
            agent,
            "ChatOpenAI",
            ("langfuse.observation.type", "generation"),
            (
                "langfuse.observation.output",
                """{"role":"assistant","content":"","tool_calls":[{"id":"call_a","name":"read","args":{"id":1}}]}"""
            )
        );
        var tools = spans.Add(
            graph,
            "tools",
            ("langfuse.observation.type", "span"),
            ("langgraph_node", "tools"),
            ("langfuse.observation.input", """{"messages":[]}""")
        );
        spans.Add(
            tools,
            "read",
            ("langfuse.observation.type", "span"),
            ("langgraph_node", "tools"),
            ("langfuse.observation.input", "{'id': 1}"),
            ("langfuse.observation.output", """{"content":"text","type":"tool","tool_call_id":"call_a"}""")
        );
        spans.Add(
            tools,
            "write",
            ("langfuse.observation.type", "span"),
            ("langgraph_node", "tools"),
            ("langfuse.observation.input", "{'id': 2}"),
            ("langfuse.observation.level", "ERROR"),
            ("langfuse.observation.status_message", "TimeoutError: no answer")
        );
        var run = spans.Run();
        Assert.That(Counts(run), Is.EqualTo((1, 2, 1)));
        Assert.That(
            (run.ToolCalls.First().CallId, run.ToolCalls.First().Result, run.ToolCalls.Last().Error!.Type),
            Is.EqualTo(("call_a", "text", "TimeoutError"))
        );
    }

    [Test]
    public void Messages_of_the_conventions_before_1_37_are_events()
    {
        var spans = new Spans();
        var agent = spans.Add(null, "invoke_agent mail", ("gen_ai.operation.name", "invoke_agent"));
        var chat = spans.Add(
            agent,
            "chat m",
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.response.finish_reasons", new object?[] { "tool_calls" })
        );
        spans
            .Event(chat, "gen_ai.user.message", ("content", "go"))
            .Event(
                chat,
                "gen_ai.choice",
                (
                    "message",
                    """{"role":"assistant","tool_calls":[{"id":"call_a","type":"function","function":{"name":"read","arguments":"{\"id\":1}"}}]}"""
                )
            );
        spans.Add(
            agent,
            "execute_tool read",
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", "read"),
            ("gen_ai.tool.call.id", "call_a"),
            ("gen_ai.tool.call.result", "text")
        );
        var run = spans.Run();
        Assert.That((run.ToolCalls.Single().Arguments, run.ModelCalls.Single().Input!.Single().Role), Is.EqualTo(("""{"id":1}""", "user")));
    }

    [Test]
    public void A_call_over_mcp_within_the_call_of_its_tool_is_the_same_call()
    {
        var spans = new Spans();
        var agent = spans.Add(null, "invoke_agent mail", ("gen_ai.operation.name", "invoke_agent"));
        var tool = spans.Add(agent, "execute_tool read", ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "read"));
        var client = spans.Add(
            tool,
            "tools/call read",
            ("mcp.method.name", "tools/call"),
            ("gen_ai.tool.name", "read"),
            ("gen_ai.tool.call.arguments", """{"id":1}"""),
            ("error.type", "tool_error")
        );
        spans.Add(client, "tools/call read", ("mcp.method.name", "tools/call"), ("gen_ai.tool.name", "read"));
        spans.Add(agent, "tools/call write", ("mcp.method.name", "tools/call"), ("gen_ai.tool.name", "write"));
        var run = spans.Run();
        Assert.That(Counts(run), Is.EqualTo((0, 2, 1)));
        Assert.That(run.ToolCalls.First().Arguments, Is.EqualTo("""{"id":1}"""));
    }

    [Test]
    public void A_model_call_that_two_instrumentations_saw_is_one_with_the_attempts_of_the_inner()
    {
        var spans = new Spans();
        var agent = spans.Add(null, "agent", ("openinference.span.kind", "AGENT"));
        var outer = spans.Add(agent, "ChatOpenAI", ("openinference.span.kind", "LLM"), ("llm.model_name", "m"));
        spans.Fail(outer, "chat m", "RateLimitError", "429", ("gen_ai.operation.name", "chat"));
        spans.Add(
            outer,
            "chat m",
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"done"}]}]""")
        );
        var run = spans.Run();
        var call = run.ModelCalls.Single();
        Assert.That(
            (call.Attempts.Count, call.Error, call.Output!.Single().Parts.Single()),
            Is.EqualTo((2, (CallError?)null, (MessagePart)new TextPart("done")))
        );
    }

    [Test]
    public void A_model_call_within_a_tool_is_its_own()
    {
        var spans = new Spans();
        var agent = spans.Add(null, "invoke_agent a", ("gen_ai.operation.name", "invoke_agent"));
        var chat = spans.Add(agent, "chat m", ("gen_ai.operation.name", "chat"));
        var tool = spans.Add(chat, "execute_tool ask", ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "ask"));
        var inner = spans.Add(tool, "invoke_agent b", ("gen_ai.operation.name", "invoke_agent"));
        spans.Add(inner, "chat m", ("gen_ai.operation.name", "chat"));
        Assert.That(Counts(spans.Run()), Is.EqualTo((2, 1, 0)));
    }

    [TestCase(
        """[{"role":"tool","parts":[{"type":"tool_result","tool_use_id":"call_a","is_error":true,"content":"TimeoutError: no answer"}]}]""",
        "TimeoutError"
    )]
    [TestCase(
        """[{"role":"tool","content":[{"type":"tool-result","toolCallId":"call_a","toolName":"read","output":{"type":"error-text","value":"TimeoutError: no answer"}}]}]""",
        "TimeoutError"
    )]
    [TestCase("""[{"role":"tool","tool_call_id":"call_a","status":"error","content":"TimeoutError: no answer"}]""", "TimeoutError")]
    [TestCase("""[{"role":"tool","tool_call_id":"call_a","content":"text"}]""", null)]
    public void An_error_may_stand_in_the_next_request_only(string input, string? type)
    {
        var spans = new Spans();
        var agent = spans.Add(null, "invoke_agent a", ("gen_ai.operation.name", "invoke_agent"));
        spans.Add(agent, "chat m", ("gen_ai.operation.name", "chat"), ("gen_ai.output.messages", Asks));
        spans.Add(agent, "execute_tool read", ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "read"));
        spans.Add(agent, "chat m", ("gen_ai.operation.name", "chat"), ("gen_ai.input.messages", input));
        var call = spans.Run().ToolCalls.Single();
        Assert.That((call.Error?.Type, call.Result), Is.EqualTo((type, type is null ? "text" : null)));
    }
}
