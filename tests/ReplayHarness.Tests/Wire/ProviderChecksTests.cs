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

    private static string? Refusal(WireFormat format, string body) =>
        ProviderChecks.Refusal(format, format.Read(Encoding.UTF8.GetBytes(body)).Messages, onWire: true);
}
