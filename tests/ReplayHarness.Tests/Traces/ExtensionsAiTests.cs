using System.Text.Json;
using ReplayHarness.Fixtures;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;
using static ReplayHarness.Tests.Support.DotNetSpans;

namespace ReplayHarness.Tests.Traces;

/// <summary>Microsoft.Extensions.AI: what a tool returned stands as JSON on its span, a text too.</summary>
public sealed class ExtensionsAiTests
{
    private const string Level = """{"sku":"A-1","left":4}""";

    private static DotNetSpans Asked(object? returned, object? told, string scope = "Shop")
    {
        var spans = new DotNetSpans { Scope = scope };
        var loop = spans.Loop(spans.Job());
        spans.Chat(loop, [User("How many?")], [Asks(("c1", "level", new { sku = "A-1" }))], "tool_calls");
        spans.Tool(loop, "level", "c1", new { sku = "A-1" }, returned);
        spans.Chat(loop, [User("How many?"), Asks(("c1", "level", new { sku = "A-1" })), Told(("c1", told))], [Says("Four.")], "stop");
        return spans;
    }

    [TestCase(Level)]
    [TestCase("four")]
    [TestCase("\"four\"")]
    public void A_text_is_what_the_tool_returned(string text)
    {
        var run = Asked(text, text).Runs().Single();
        Assert.That(run.Dialect, Is.EqualTo("extensions-ai"));
        Assert.That(run.ToolCalls.Single().Result, Is.EqualTo(text));
        Assert.That(TextTold(run), Is.EqualTo(text));
        Assert.That(run.ToolCalls.Single().Arguments, Is.EqualTo("""{"sku":"A-1"}"""));
        Assert.That(run.ModelCalls.First().FinishReason, Is.EqualTo("tool_calls"));
    }

    [Test]
    public void An_object_is_written_once_and_agrees_with_what_was_told()
    {
        var level = new { sku = "A-1", left = 4 };
        var run = Asked(level, level).Runs().Single();
        Assert.That((run.ToolCalls.Single().Result, TextTold(run)), Is.EqualTo((Level, Level)));
    }

    [Test]
    public void A_fixture_holds_what_the_tool_returned()
    {
        using var folder = new TempFolder();
        var spans = new DotNetSpans();
        var loop = spans.Loop(spans.Job());
        spans.Chat(
            loop,
            [User("How many?")],
            [Asks(("c1", "level", new { sku = "A-1" }), ("c2", "level", new { sku = "B-2" }))],
            "tool_calls"
        );
        spans.Tool(loop, "level", "c1", new { sku = "A-1" }, Level);
        spans.Fail(spans.Tool(loop, "level", "c2", new { sku = "B-2" }, null), "System.IO.IOException", "gone");
        spans.Fail("0000000000000001", "System.IO.IOException", "gone");
        var fixture = FixtureCapture.Write(folder.Path, [spans.All.Build()]).Fixture;
        var result = fixture.Behaviours.Single(b => b.Error is null).Result!.Value;
        Assert.That((result.ValueKind, FixtureIndex.TextOf(result)), Is.EqualTo((JsonValueKind.Object, Level)));
    }

    [Test]
    public void A_text_in_quotes_stays_in_quotes_where_others_wrote_it()
    {
        // Another language, another form of JSON, and an application of .NET that told the model what its span says.
        var spans = new Spans();
        spans.Add(null, "execute_tool quote", ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.call.result", "\"To be\""));
        Assert.That(spans.Run().ToolCalls.Single().Result, Is.EqualTo("\"To be\""));

        var told = Asked("To be", "\"To be\"").Runs().Single();
        Assert.That(told.ToolCalls.Single().Result, Is.EqualTo("\"To be\""));

        var node = new Spans();
        var id = node.Add(
            null,
            "execute_tool quote",
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.call.arguments", "{\n  \"of\": \"Hamlet\"\n}"),
            ("gen_ai.tool.call.result", "\"To be\"")
        );
        node.Change(id, s => s with { Resource = new(new KeyValuePair<string, object?>("telemetry.sdk.language", "nodejs")) });
        Assert.That((node.Run().Dialect, node.Run().ToolCalls.Single().Result), Is.EqualTo(("gen_ai", "\"To be\"")));
    }

    [Test]
    public void A_call_without_arguments_is_read_as_its_source_writes()
    {
        var spans = new DotNetSpans();
        var loop = spans.Loop(spans.Job());
        spans.Chat(loop, [User("Now?")], [Asks(("c1", "now", new { }))], "tool_calls");
        spans.Tool(loop, "now", "c1", new { }, "noon");
        Assert.That(spans.Runs().Single().ToolCalls.Single().Result, Is.EqualTo("noon"));
    }

    [Test]
    public void Telemetry_around_and_within_the_loop_tells_of_each_call_once()
    {
        var spans = new DotNetSpans();
        var outer = spans.Chat(spans.Job(), [User("How many?")], [Says("Four.")], "stop");
        var loop = spans.Loop(outer);
        spans.Chat(loop, [User("How many?")], [Asks(("c1", "level", new { sku = "A-1" }))], "tool_calls");
        spans.Tool(loop, "level", "c1", new { sku = "A-1" }, "four");
        spans.Chat(loop, [User("How many?")], [Says("Four.")], "stop");
        var run = spans.Runs().Single();
        Assert.That((run.ModelCalls.Count(), run.ToolCalls.Count(), run.Turns.Count), Is.EqualTo((2, 1, 2)));
    }

    [Test]
    public void A_loop_that_never_asked_again_failed_with_its_tool()
    {
        var spans = new DotNetSpans();
        var loop = spans.Loop(null);
        spans.Chat(loop, [User("How many?")], [Asks(("c1", "level", new { sku = "A-1" }))], "tool_calls");
        spans.Fail(spans.Tool(loop, "level", "c1", new { sku = "A-1" }, null), "System.TimeoutException", "no answer");
        Assert.That(spans.Runs().Single(), Has.Property("Failed").True.And.Property("Error").Property("Message").EqualTo("no answer"));
        spans.Chat(loop, [User("How many?")], [Says("I do not know.")], "stop");
        Assert.That(spans.Runs().Single().Failed, Is.False);
    }

    private static string TextTold(AgentRun run) =>
        run.ModelCalls.Last().Input!.SelectMany(m => m.Parts).OfType<ToolResultPart>().Single().Result;
}
