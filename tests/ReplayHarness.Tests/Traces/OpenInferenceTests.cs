using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>What single instrumentations of OpenInference write in their own way.</summary>
public sealed class OpenInferenceTests
{
    private const string Kind = "openinference.span.kind";

    [Test]
    public void LiteLLM_numbers_contents_and_leaves_out_whose_result_it_is()
    {
        var spans = new Spans { Scope = "openinference.instrumentation.litellm" };
        spans.Add(
            null,
            "completion",
            (Kind, "LLM"),
            ("llm.model_name", "gemini/gemini-3-pro"),
            (
                "input.value",
                """{"messages":[{"role":"user","content":[{"type":"text","text":"list"},{"type":"image_url","image_url":{"url":"u"}},{"type":"text","text":"it"}]},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"ls","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"a.md"}]}"""
            ),
            ("llm.input_messages.0.message.role", "user"),
            ("llm.input_messages.0.message.contents.0.message_content.type", "text"),
            ("llm.input_messages.0.message.contents.0.message_content.text", "list"),
            ("llm.input_messages.0.message.contents.2.message_content.type", "text"),
            ("llm.input_messages.0.message.contents.2.message_content.text", "it"),
            ("llm.input_messages.1.message.role", "assistant"),
            ("llm.input_messages.1.message.tool_calls.0.tool_call.id", "c1"),
            ("llm.input_messages.1.message.tool_calls.0.tool_call.function.name", "ls"),
            ("llm.input_messages.2.message.role", "tool"),
            ("llm.input_messages.2.message.content", "a.md"),
            ("llm.output_messages.0.message.role", "assistant"),
            ("llm.output_messages.0.message.contents.0.message_content.type", "reasoning"),
            ("llm.output_messages.0.message.contents.0.message_content.text", "hm"),
            ("llm.output_messages.0.message.contents.1.message_content.type", "text"),
            ("llm.output_messages.0.message.contents.1.message_content.text", "there is one file"),
            ("llm.finish_reason", "stop")
        );
        var call = spans.Run().ModelCalls.Single();
        Assert.Multiple(() =>
        {
            Assert.That(call.Input!.SelectMany(m => m.Parts).OfType<TextPart>().Select(t => t.Content), Is.EqualTo(new[] { "list", "it" }));
            Assert.That(
                call.Input!.SelectMany(m => m.Parts).OfType<ToolResultPart>().Single(),
                Is.EqualTo(new ToolResultPart("c1", "a.md"))
            );
            Assert.That(call.Output!.Single().Parts, Is.EqualTo(new[] { new TextPart("there is one file") }));
            Assert.That(call.FinishReason, Is.EqualTo("stop"));
        });
    }

    private static string Event(Spans spans, string parent, string target, string kind, params (string, object?)[] more) =>
        spans.Add(parent, target + "-1", [("target", target), ("name", target.Split('.')[^1]), (Kind, kind), .. more]);

    [Test]
    public void BeeAI_writes_a_span_for_each_event_of_a_call()
    {
        var spans = new Spans { Scope = "@arizeai/openinference-instrumentation-beeai" };
        var root = spans.Add(null, "beeai-framework-main", (Kind, "AGENT"), ("beeai.version", "0.1.13"));
        var agent = Event(spans, root, "agent.toolCalling.start", "AGENT");
        Ask(
            "how much",
            """[{"role":"assistant","content":[{"type":"tool-call","toolCallId":"c1","toolName":"rate","args":{"of":"EUR"}}]}]"""
        );
        var asked = Event(spans, agent, "agent.react.toolStart", "TOOL", ("tool.name", "rate"), ("tool.parameters", """{"of":"EUR"}"""));
        Event(spans, asked, "tool.currency.start", "TOOL", ("tool.parameters", """{"of":"EUR"}"""));
        Event(spans, asked, "tool.currency.success", "TOOL", ("output.value", "1.1"));
        Event(spans, asked, "tool.currency.finish", "TOOL");
        Event(spans, agent, "agent.react.toolSuccess", "TOOL", ("tool.name", "rate"), ("output.value", "1.1"));
        Ask("and", """[{"role":"assistant","content":[{"type":"text","text":"1.1"}]}]""");
        Event(spans, agent, "tool.note.start", "TOOL", ("tool.parameters", "{}"));
        spans.Change(
            Event(spans, agent, "tool.note.error", "TOOL"),
            s => s with { Status = SpanStatus.Error, StatusMessage = "no answer" }
        );
        Event(spans, agent, "tool.note.finish", "TOOL");
        Ask(
            "now",
            """[{"role":"assistant","content":[{"type":"tool-call","toolCallId":"c2","toolName":"final_answer","args":{"text":"1.1"}}]}]"""
        );
        Event(spans, agent, "tool.dynamic.finalAnswer.start", "TOOL", ("tool.parameters", """{"text":"1.1"}"""));
        // It began in the same millisecond, and the clock of its end says that it was before.
        spans.Change(
            Event(spans, agent, "tool.dynamic.finalAnswer.success", "TOOL", ("output.value", "sent")),
            s => s with { StartNanos = s.StartNanos - 100_100_000, EndNanos = s.StartNanos - 100_100_000 }
        );
        var run = spans.Run();
        ToolCall[] tools = [.. run.ToolCalls];
        ModelCall[] models = [.. run.ModelCalls];
        Assert.Multiple(() =>
        {
            Assert.That((run.Dialect, models.Length, tools.Length), Is.EqualTo(("beeai", 3, 3)));
            Assert.That((models[0].Model, models[0].OutputTokens), Is.EqualTo(("llama", 3)));
            Assert.That(models[0].Input!.Single().Parts.Single(), Is.EqualTo(new TextPart("how much")));
            Assert.That(models[0].Output!.Single().Parts.Single(), Is.EqualTo(new ToolCallPart("c1", "rate", """{"of":"EUR"}""")));
            Assert.That(models[1].Span.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(300)), "from the first event to the last");
            Assert.That(
                (tools[0].Name, tools[0].CallId, tools[0].Arguments, tools[0].Result),
                Is.EqualTo(("rate", "c1", """{"of":"EUR"}""", "1.1"))
            );
            Assert.That((tools[1].Name, tools[1].Error), Is.EqualTo(("note", new CallError("", "no answer"))));
            Assert.That((tools[2].Name, tools[2].CallId, tools[2].Result), Is.EqualTo(("final_answer", "c2", "sent")));
            Assert.That(InspectedRun.Of(run).Findings.Select(f => f.Rule.Name), Has.None.EqualTo("inner-error"));
        });

        void Ask(string text, string answer)
        {
            var input = $$"""[{"role":"user","content":[{"type":"text","text":"{{text}}"}]}]""";
            Event(spans, agent, "backend.ollama.chat.start", "LLM", ("llm.model_name", "llama"), ("input.value", input));
            Event(spans, agent, "backend.ollama.chat.success", "LLM", ("output.value", answer), ("llm.token_count.completion", 3L));
            Event(spans, agent, "backend.ollama.chat.finish", "LLM");
        }
    }

    [Test]
    public void BeeAI_of_Python_writes_the_errors_of_a_call_within_it()
    {
        var spans = new Spans { Scope = "openinference.instrumentation.beeai" };
        var root = spans.Add(null, "RequirementAgent", (Kind, "AGENT"));
        var model = spans.Add(
            root,
            "OllamaChatModel",
            (Kind, "LLM"),
            ("llm.input_messages.0.message.role", "tool"),
            ("llm.input_messages.0.message.contents.0.message_content.type", "text"),
            ("llm.input_messages.0.message.contents.0.message_content.text", "1.1"),
            ("llm.input_messages.0.message.contents.0.message.tool_call_id", "c0")
        );
        spans.Add(model, "new_token", (Kind, "LLM"), ("input.value", "{}"));
        var tool = spans.Fail(
            root,
            "rate",
            "ToolError",
            "no answer",
            (Kind, "TOOL"),
            ("tool.name", "rate"),
            ("input.value", """{"of":"EUR"}""")
        );
        spans.Fail(tool, "error", "ToolError", "no answer", (Kind, "TOOL"), ("input.value", "{}"));
        spans.Add(tool, "retry", (Kind, "TOOL"), ("input.value", "{}"));
        var run = spans.Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.ModelCalls.Single().Input!.Single().Parts.Single(), Is.EqualTo(new ToolResultPart("c0", "1.1")));
            Assert.That(run.ToolCalls.Single(), Has.Property("Name").EqualTo("rate").And.Property("Arguments").EqualTo("""{"of":"EUR"}"""));
            Assert.That(run.ToolCalls.Single().Error, Is.EqualTo(new CallError("ToolError", "no answer")));
        });
    }
}
