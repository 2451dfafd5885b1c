using System.Text;
using Microsoft.Extensions.AI;
using ReplayHarness.Shapes;
using ReplayHarness.Wire;

namespace ReplayHarness.Tests.Wire;

/// <summary>What a request tells of a call, in each form that an API lets it have.</summary>
public sealed class ToldResultsOnTheWireTests
{
    [TestCase("\"gave\"", "gave")]
    [TestCase("""[{"type":"text","text":"ga"},{"type":"text","text":"ve"}]""", "gave")]
    [TestCase("\"\"", "")]
    [TestCase("null", "")]
    [TestCase("[]", "")]
    [TestCase("[ ]", "")]
    [TestCase("""[{"type":"text","text":""}]""", "")]
    [TestCase("""[{"type":"text","text":"\n"}]""", "\n")]
    [TestCase("""[{"type":"image","source":{}}]""", """[{"type":"image","source":{}}]""")]
    public void Of_a_call(string content, string text)
    {
        var chat = $$"""{"messages":[{"role":"tool","tool_call_id":"c1","content":{{content}}}]}""";
        var responses = $$"""{"input":[{"type":"function_call_output","call_id":"c1","output":{{content}}}]}""";
        var messages = $$"""{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":{{content}}}]}]}""";
        var converse = $$$"""{"messages":[{"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":{{{content}}}}}]}]}""";
        Assert.That(Told(new BedrockConverse(), converse), Is.EqualTo(("c1", text)));
        Assert.That(Told(new OpenAiChat(), chat), Is.EqualTo(("c1", text)));
        Assert.That(Told(new OpenAiResponses(), responses), Is.EqualTo(("c1", text)));
        Assert.That(Told(new AnthropicMessages(), messages), Is.EqualTo(("c1", text)));
    }

    [TestCase("""{"content":[{"type":"text","text":"{\"b\":2,\"a\":1}"}],"isError":false}""", """{"a":1,"b":2}""")]
    [TestCase("""{"content":[{"type":"text","text":"plain"}]}""", "plain")]
    [TestCase(
        """{"content":[{"type":"text","text":"{\"a\":1}"}],"structuredContent":{"a":1},"isError":false,"_meta":{"took":3}}""",
        """{"a":1}"""
    )]
    [TestCase("""{"content":[],"structuredContent":{"a":1}}""", """{"a":1}""")]
    [TestCase("""{"content":[{"type":"text","text":""}],"isError":false}""", "")]
    public void Result_of_MCP_without_what_is_around_it(string told, string bare) => Assert.That(ToldText.Bare(told), Is.EqualTo(bare));

    private static (string, string?) Told(WireFormat format, string body)
    {
        var result = format
            .Read(Encoding.UTF8.GetBytes(body))
            .Messages.SelectMany(m => m.Contents)
            .OfType<FunctionResultContent>()
            .Single();
        return (result.CallId, (string?)result.Result);
    }
}
