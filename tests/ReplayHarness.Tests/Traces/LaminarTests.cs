using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>Laminar's spans, as OpenHands and others write them.</summary>
public sealed class LaminarTests
{
    [Test]
    public void Observed_functions_are_the_agent_and_types_tell_the_calls()
    {
        var spans = new Spans { Scope = "lmnr.tracer" };
        var root = spans.Add(null, "conversation", ("lmnr.span.type", "DEFAULT"), ("lmnr.association.properties.session_id", "s-1"));
        var run = spans.Add(root, "conversation.run", ("lmnr.span.type", "DEFAULT"));
        var step = spans.Add(run, "agent.step", ("lmnr.span.type", "DEFAULT"));
        var asked = spans.Add(
            step,
            "litellm.completion",
            ("lmnr.span.type", "LLM"),
            ("gen_ai.request.model", "claude-sonnet-4-5"),
            ("gen_ai.usage.input_tokens", 9L),
            (
                "gen_ai.input.messages",
                """[{"role":"system","content":"be brief"},{"role":"user","content":[{"type":"text","text":"list"}]}]"""
            ),
            (
                "gen_ai.output.messages",
                """[{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"terminal","arguments":"{\"command\":\"ls\"}"}}]}]"""
            )
        );
        // The provider's client, seen as well.
        spans.Add(asked, "anthropic.chat", ("lmnr.span.type", "LLM"), ("gen_ai.request.model", "claude-sonnet-4-5"));
        spans.Add(
            step,
            "terminal",
            ("lmnr.span.type", "TOOL"),
            ("lmnr.span.input", """{"command":"ls"}"""),
            ("lmnr.span.output", "\"a.md\"")
        );
        var next = spans.Add(run, "agent.step", ("lmnr.span.type", "DEFAULT"));
        spans.Fail(next, "terminal", "TimeoutError", "no answer", ("lmnr.span.type", "TOOL"), ("lmnr.span.input", "{}"));
        var read = spans.Run();
        ToolCall[] calls = [.. read.ToolCalls];
        Assert.Multiple(() =>
        {
            Assert.That((read.Dialect, read.Root!.Name), Is.EqualTo(("laminar", "conversation")));
            Assert.That(
                read.ModelCalls.Single(),
                Has.Property("Model").EqualTo("claude-sonnet-4-5").And.Property("InputTokens").EqualTo(9)
            );
            Assert.That(read.ModelCalls.Single().FinishReason, Is.Null);
            Assert.That(read.ModelCalls.Single().Input!.Select(m => m.Role), Is.EqualTo(new[] { "system", "user" }));
            Assert.That(calls.Select(c => c.Name), Is.EqualTo(new[] { "terminal", "terminal" }));
            Assert.That((calls[0].CallId, calls[0].Arguments, calls[0].Result), Is.EqualTo(("c1", """{"command":"ls"}""", "a.md")));
            Assert.That(calls[1].Error, Is.EqualTo(new CallError("TimeoutError", "no answer")));
        });
    }

    [Test]
    public void The_callback_of_LiteLLM_writes_no_type()
    {
        var spans = new Spans();
        var root = spans.Add(null, "main", ("lmnr.span.type", "DEFAULT"));
        spans.Add(
            root,
            "litellm.completion",
            ("lmnr.internal.provider", "litellm"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.prompt.0.role", "user"),
            ("gen_ai.prompt.0.content", "hi")
        );
        spans.Add(root, "asked", ("lmnr.span.type", "LLM"), ("lmnr.span.input", """["what is it"]"""), ("lmnr.span.output", "\"a cat\""));
        var run = spans.Run();
        Assert.That(
            run.ModelCalls.Select(m => m.Input!.Single().Parts.Single()),
            Is.EqualTo(new[] { new TextPart("hi"), new TextPart("what is it") })
        );
        Assert.That(run.ModelCalls.Last().Output!.Single().Parts.Single(), Is.EqualTo(new TextPart("a cat")));
    }

    [Test]
    public void JavaScript_leaves_out_the_type_and_the_status()
    {
        var spans = new Spans { Scope = "lmnr.tracer" };
        var root = spans.Add(null, "run", ("lmnr.span.path", new object?[] { "run" }), ("lmnr.span.input", "[]"));
        var tool = spans.Add(root, "rate", ("lmnr.span.path", new object?[] { "run", "rate" }), ("lmnr.span.type", "TOOL"));
        spans.Event(tool, "exception", ("exception.type", "TypeError"), ("exception.message", "no answer"));
        var run = spans.Run();
        Assert.That((run.Root!.Name, run.ToolCalls.Single().Error), Is.EqualTo(("run", new CallError("TypeError", "no answer"))));
    }
}
