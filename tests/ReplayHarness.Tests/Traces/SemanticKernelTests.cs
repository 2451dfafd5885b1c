using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Tests.Traces;

/// <summary>Semantic Kernel, and Azure's clients: messages as JSON in events, and names without their plugin.</summary>
public sealed class SemanticKernelTests
{
    private const string Body = "gen_ai.event.content";

    private static string Call(string id, string name, string room) =>
        $$$"""{"id":"{{{id}}}","function":{"name":"{{{name}}}","arguments":{"room":"{{{room}}}"}},"type":"function"}""";

    private static DotNetSpans Kernel(string asked = "is_free", string? plugin = null, bool failed = false)
    {
        var spans = new DotNetSpans { Scope = "Microsoft.SemanticKernel.Diagnostics" };
        var job = spans.Job();
        var calls = $"[{Call("k1", asked, "blue")},{Call("k2", asked, "red")}]";
        Chat("[\"ToolCalls\"]")
            .Event(
                "0000000000000002",
                "gen_ai.choice",
                (
                    Body,
                    $$"""{"index":0,"message":{"role":"Assistant","name":null,"content":null,"tool_calls":{{calls}} },"tool_calls":{{calls}},"finish_reason":"ToolCalls"}"""
                )
            );
        var red = Function("red", failed ? null : "no");
        Function("blue", "yes");
        if (failed)
            spans.Fail(red, "System.ArgumentException", "An item with the same key has already been added. Key: room");
        Chat("[\"Stop\"]")
            .Event(
                "0000000000000005",
                "gen_ai.assistant.message",
                (Body, $$"""{"role":"Assistant","name":null,"content":null,"tool_calls":{{calls}} }""")
            )
            .Event("0000000000000005", "gen_ai.tool.message", (Body, """{"role":"tool","name":null,"content":"yes","tool_calls":[]}"""))
            .Event(
                "0000000000000005",
                "gen_ai.tool.message",
                (Body, $$"""{"role":"tool","name":null,"content":{{(failed ? "null" : "\"no\"")}},"tool_calls":[]}""")
            )
            .Event(
                "0000000000000005",
                "gen_ai.choice",
                (
                    Body,
                    """{"index":0,"message":{"role":"Assistant","name":null,"content":"Blue.","tool_calls":[]},"finish_reason":"Stop"}"""
                )
            );
        return spans;

        Spans Chat(string finish)
        {
            var id = spans.Add(
                job,
                "chat m",
                ("gen_ai.operation.name", "chat"),
                ("gen_ai.system", "openai"),
                ("gen_ai.response.finish_reason", finish)
            );
            return spans
                .All.Event(id, "gen_ai.system.message", (Body, """{"role":"system","name":null,"content":"You book.","tool_calls":[]}"""))
                .Event(id, "gen_ai.user.message", (Body, """{"role":"user","name":null,"content":"Which room?","tool_calls":[]}"""));
        }

        string Function(string room, string? result) =>
            spans.Add(
                "Microsoft.SemanticKernel",
                job,
                "execute_tool is_free",
                [
                    ("gen_ai.operation.name", "execute_tool"),
                    ("gen_ai.tool.name", "is_free"),
                    ("semantic_kernel.plugin.name", plugin),
                    ("gen_ai.tool.call.arguments", $"{{\n  \"room\": \"{room}\"\n}}"),
                    ("gen_ai.tool.call.result", result),
                ]
            );
    }

    [Test]
    public void Messages_stand_in_events_and_reasons_in_lists()
    {
        var run = Kernel().Runs().Single();
        var (first, last) = (run.ModelCalls.First(), run.ModelCalls.Last());
        Assert.Multiple(() =>
        {
            Assert.That(run.Dialect, Is.EqualTo("semantic-kernel"));
            Assert.That((first.FinishReason, last.FinishReason), Is.EqualTo(("tool_calls", "stop")));
            Assert.That(
                first.Input!.Select(m => (m.Role, ((TextPart)m.Parts.Single()).Content)),
                Is.EqualTo(new[] { ("system", "You book."), ("user", "Which room?") })
            );
            Assert.That(last.Input!.Select(m => m.Role), Is.EqualTo(new[] { "system", "user", "assistant", "tool", "tool" }));
            Assert.That(((TextPart)last.Output!.Single().Parts.Single()).Content, Is.EqualTo("Blue."));
            // Begun in another order than asked for: the arguments tell them apart.
            Assert.That(
                run.ToolCalls.Select(c => (c.CallId, c.Arguments, c.Result)),
                Is.EqualTo(new[] { ("k2", """{"room":"red"}""", "no"), ("k1", """{"room":"blue"}""", "yes") })
            );
            Assert.That(InspectedRun.Of(run).Findings, Is.Empty);
        });
    }

    [Test]
    public void A_streamed_answer_has_no_reason()
    {
        var spans = new DotNetSpans { Scope = "Microsoft.SemanticKernel.Diagnostics" };
        spans.Add(
            spans.Job(),
            "chat m",
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.system", "openai"),
            ("gen_ai.response.finish_reason", """["N/A"]""")
        );
        Assert.That(spans.Runs().Single().ModelCalls.Single().FinishReason, Is.Null);
    }

    [Test]
    public void An_error_that_was_told_is_the_functions_own_and_not_told_as_nothing()
    {
        var run = Kernel(failed: true).Runs().Single();
        Assert.That(
            InspectedRun.Of(run).Findings.Select(f => $"{f.Rule.Name}({f.Role}, {f.ErrorClass})"),
            Is.EqualTo(new[] { "handled-tool-error(is_free, other:ArgumentException)" })
        );
    }

    [TestCase(null)]
    [TestCase("Rooms")]
    public void A_function_is_called_what_the_model_calls_it(string? plugin)
    {
        var run = Kernel("Rooms-is_free", plugin).Runs().Single();
        Assert.That(run.ToolCalls.Select(c => (c.Name, c.CallId)), Is.EqualTo(new[] { ("Rooms-is_free", "k2"), ("Rooms-is_free", "k1") }));
    }

    [TestCase("Rooms-is_free", "is_free", true)]
    [TestCase("is_free", "Rooms_is_free", true)]
    [TestCase("Rooms.is_free", "is_free", true)]
    [TestCase("is_free", "free", true)]
    [TestCase("Rooms-is_free", "free_is", false)]
    [TestCase("Rooms-is_free", "Halls-is_free", false)]
    [TestCase("xis_free", "is_free", false)]
    public void Names_of_one_tool(string one, string other, bool areOne) => Assert.That(ToolNames.AreOne(one, other), Is.EqualTo(areOne));

    [Test]
    public void Azures_clients_write_events_too_and_without_content_only_roles()
    {
        var run = Azure(
            """{"role":"user","content":"Which room?"}""",
            """{"message":{"content":"Blue."},"finish_reason":"stop","index":0}"""
        );
        Assert.That((run.Dialect, run.ModelCalls.Single().FinishReason), Is.EqualTo(("azure-ai", "stop")));
        Assert.That(Text(run.ModelCalls.Single().Input), Is.EqualTo("user: Which room?"));
        Assert.That(Text(run.ModelCalls.Single().Output), Is.EqualTo("assistant: Blue."));

        var bare = Azure("""{"role":"user"}""", """{"finish_reason":"stop","index":0}""").ModelCalls.Single();
        Assert.That((bare.Input, bare.Output), Is.EqualTo(((object?)null, (object?)null)));
    }

    private static AgentRun Azure(string user, string choice)
    {
        var spans = new Spans { Scope = "Azure.AI.Inference.ChatCompletionsClient" };
        var chat = spans.Add(
            null,
            "chat m",
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.system", "az.ai.inference"),
            ("gen_ai.response.finish_reasons", new object?[] { "stop" })
        );
        return spans.Event(chat, "gen_ai.user.message", (Body, user)).Event(chat, "gen_ai.choice", (Body, choice)).Run();
    }

    private static string? Text(IReadOnlyList<Message>? messages) =>
        messages is null ? null : string.Join("|", messages.Select(m => $"{m.Role}: {Text(m)}"));

    private static string Text(Message message) => string.Concat(message.Parts.OfType<TextPart>().Select(p => p.Content));
}
