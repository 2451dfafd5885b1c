using System.Text;
using ReplayHarness.Wire;

namespace ReplayHarness.Tests.Wire;

/// <summary>What each API refuses of a request, in its words; the words are those that the providers send.</summary>
public sealed class ProviderChecksTests
{
    private const string User = """{"role":"user","content":"go"}""";
    private const string Called =
        """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]}""";
    private const string Told = """{"role":"tool","tool_call_id":"c1","content":"ok"}""";
    private const string Uses = """{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{}}]}""";
    private const string Used = """{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"ok"}]}""";
    private const string Calls = """{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"}""";
    private const string Output = """{"type":"function_call_output","call_id":"c1","output":"ok"}""";
    private const string Unfollowed =
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
        + "The following tool_call_ids did not have response messages: c1";

    [TestCase(null, User, Called, Told)]
    [TestCase(null, User, Called, Told, User)]
    [TestCase("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", User, Told)]
    [TestCase(
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        User,
        Called,
        Told,
        User,
        Told
    )]
    [TestCase(Unfollowed, User, Called)]
    [TestCase(Unfollowed, User, Called, User, Told)]
    [TestCase("Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.")]
    public void Chat_completions(string? refusal, params string[] messages) =>
        Assert.That(Refusal(new OpenAiChat(), $$"""{"messages":[{{string.Join(',', messages)}}]}"""), Is.EqualTo(refusal));

    [TestCase(null, User, Calls, Output)]
    [TestCase(null, User, Calls, User, Output)]
    [TestCase("No tool call found for function call output with call_id c1.", User, Output)]
    [TestCase("No tool call found for function call output with call_id c1.", User, Output, Calls)]
    [TestCase("No tool output found for function call c1.", User, Calls, User)]
    public void Responses(string? refusal, params string[] items) =>
        Assert.That(Refusal(new OpenAiResponses(), $$"""{"input":[{{string.Join(',', items)}}]}"""), Is.EqualTo(refusal));

    [TestCase(null, User, Uses, Used)]
    [TestCase(null, User, Uses, Used, User)]
    [TestCase(
        "messages.1.content.0: unexpected `tool_use_id` found in `tool_result` blocks: c1. Each `tool_result` block must have a "
            + "corresponding `tool_use` block in the previous message.",
        User,
        Used
    )]
    [TestCase(
        "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: c1. Each `tool_use` block must have a "
            + "corresponding `tool_result` block in the next message.",
        User,
        Uses,
        User
    )]
    [TestCase(
        "messages.1: all messages must have non-empty content except for the optional final assistant message",
        User,
        """{"role":"assistant","content":""}""",
        User
    )]
    [TestCase(null, User, """{"role":"assistant","content":""}""")]
    [TestCase(
        "messages: text content blocks must be non-empty",
        User,
        """{"role":"user","content":[{"type":"text","text":"go"},{"type":"text","text":""}]}"""
    )]
    [TestCase("messages: at least one message is required")]
    public void Messages(string? refusal, params string[] messages) =>
        Assert.That(
            Refusal(new AnthropicMessages(), $$"""{"system":"be brief","messages":[{{string.Join(',', messages)}}]}"""),
            Is.EqualTo(refusal)
        );

    private const string Text = """{"role":"user","parts":[{"text":"go"}]}""";
    private const string Function = """{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]}""";
    private const string Response = """{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"ok"}}}]}""";
    private const string Unequal =
        "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";

    [TestCase(null, Text, Function, Response)]
    [TestCase(null, Text, Function, Response, Function, Response, Text)]
    [TestCase("Please ensure that function response turn comes immediately after a function call turn.", Text, Response)]
    [TestCase(
        "Please ensure that function response turn comes immediately after a function call turn.",
        Text,
        Function,
        Response,
        Response
    )]
    [TestCase(Unequal, Text, Function)]
    [TestCase(Unequal, Text, Function, Text, Response)]
    [TestCase(
        Unequal,
        Text,
        """{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}},{"functionCall":{"name":"f","args":{}}}]}""",
        Response
    )]
    [TestCase(
        "* GenerateContentRequest.contents[1].parts: contents.parts must not be empty.",
        Text,
        """{"role":"model","parts":[]}""",
        Text
    )]
    [TestCase(
        "* GenerateContentRequest.contents[0].parts[1].data: required oneof field 'data' must have one initialized field",
        """{"role":"user","parts":[{"text":"go"},{"text":""}]}"""
    )]
    [TestCase("* GenerateContentRequest.contents: contents is not specified")]
    public void Generate_content(string? refusal, params string[] contents) =>
        Assert.That(Refusal(new GeminiContent(), $$"""{"contents":[{{string.Join(',', contents)}}]}"""), Is.EqualTo(refusal));

    private const string Block = """{"role":"user","content":[{"text":"go"}]}""";
    private const string ToolUse = """{"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"f","input":{}}}]}""";
    private const string ToolResult = """{"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[{"text":"ok"}]}}]}""";

    [TestCase(null, Block, ToolUse, ToolResult)]
    [TestCase(null, Block, ToolUse, ToolResult, """{"role":"assistant","content":[{"text":"Done."}]}""", Block)]
    [TestCase(
        "The number of toolResult blocks at messages.1.content exceeds the number of toolUse blocks of previous turn.",
        Block,
        ToolResult
    )]
    [TestCase("Expected toolResult blocks at messages.2.content for the following Ids: c1", Block, ToolUse, Block)]
    [TestCase(
        "The content field in the Message object at messages.1 is empty. Add a ContentBlock object to the content field and try again.",
        Block,
        """{"role":"assistant","content":[]}""",
        Block
    )]
    [TestCase(
        "The text field in the ContentBlock object at messages.0.content.1 is blank. Add text to the text field, and try again.",
        """{"role":"user","content":[{"text":"go"},{"text":""}]}"""
    )]
    [TestCase("A conversation must start with a user message. Try again with a conversation that starts with a user message.")]
    public void Converse(string? refusal, params string[] messages) =>
        Assert.That(
            Refusal(new BedrockConverse(), $$"""{"system":[{"text":"be brief"}],"messages":[{{string.Join(',', messages)}}]}"""),
            Is.EqualTo(refusal)
        );

    private static string? Refusal(WireFormat format, string body) =>
        ProviderChecks.Refusal(format, format.Read(Encoding.UTF8.GetBytes(body)).Messages, onWire: true);
}
