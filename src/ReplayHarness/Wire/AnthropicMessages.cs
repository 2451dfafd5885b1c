using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Shapes;

namespace ReplayHarness.Wire;

/// <summary>Anthropic's Messages.</summary>
internal sealed class AnthropicMessages : WireFormat
{
    private const string VersionHeader = "anthropic-version";

    public override string Name => "anthropic-messages";

    public override string? Provider => "anthropic";

    public override IReadOnlyList<string> Paths => ["/v1/messages"];

    public override WireAddress Address =>
        new(
            "ANTHROPIC_BASE_URL",
            "",
            _ => "https://api.anthropic.com",
            ("ANTHROPIC_API_KEY", WireAddress.NoKey),
            ("ANTHROPIC_AUTH_TOKEN", null)
        );

    public override bool Owns(string path) => path.StartsWith("/v1/messages", StringComparison.Ordinal);

    public override string? Refuses(Func<string, string?> header) =>
        header(VersionHeader) switch
        {
            null => $"{VersionHeader}: header is required",
            var version when !DateOnly.TryParseExact(version, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) =>
                $"{VersionHeader}: \"{version}\" is not a valid version; expected a date",
            _ => null,
        };

    public override WireRequest Read(JsonElement body)
    {
        List<ChatMessage> messages = [];
        if (Member(body, "system") is { } system)
            messages.Add(new(ChatRole.System, TextOf(system)));
        foreach (var message in Required(body, "messages").EnumerateArray())
            messages.Add(MessageOf(message));
        var tools = ToolsOf(body, "input_schema", item => item);
        var form = Member(body, "output_config") is { ValueKind: JsonValueKind.Object } output
            ? Member(output, "format")
            : Member(body, "output_format");
        return new(StringOf(body, "model") ?? "", messages, Streams(body), tools, Schema: SchemaOf(form, f => Member(f, "schema")));
    }

    public override JsonObject Body(WireAnswer answer) =>
        Message(answer, new JsonArray([.. Blocks(answer).Select(b => b.Whole)]), StopReason(answer), answer.OutputTokens);

    // The message, and its first block.
    public override int Opening => 2;

    public override IEnumerable<byte[]> Streamed(WireAnswer answer)
    {
        yield return Typed("message_start", new JsonObject { ["message"] = Message(answer, [], null, 1) });
        var index = 0;
        foreach (var (_, empty, deltas) in Blocks(answer))
        {
            yield return Typed("content_block_start", new JsonObject { ["index"] = index, ["content_block"] = empty });
            foreach (var delta in deltas)
                yield return Typed("content_block_delta", new JsonObject { ["index"] = index, ["delta"] = delta });
            yield return Typed("content_block_stop", new JsonObject { ["index"] = index++ });
        }
        yield return Typed(
            "message_delta",
            new JsonObject
            {
                ["delta"] = new JsonObject { ["stop_reason"] = StopReason(answer), ["stop_sequence"] = null },
                ["usage"] = new JsonObject { ["output_tokens"] = answer.OutputTokens },
            }
        );
        yield return Typed("message_stop", []);
    }

    public override WireSaid Said(JsonElement body)
    {
        _ = Required(body, "content");
        var blocks = ItemsOf(body, "content").ToArray();
        var text = string.Concat(blocks.Where(b => StringOf(b, "type") == "text").Select(b => StringOf(b, "text")));
        var calls = blocks
            .Where(b => StringOf(b, "type") == "tool_use")
            .Select(b => Asked(StringOf(b, "id") ?? "", StringOf(b, "name") ?? "", Member(b, "input")?.GetRawText() ?? "{}"));
        return new(
            StringOf(body, "id"),
            text.Length > 0 ? text : null,
            [.. calls],
            StringOf(body, "stop_reason"),
            UsageOf(body, "input_tokens", "output_tokens")
        );
    }

    public override JsonObject Folded(IEnumerable<JsonElement> events)
    {
        JsonObject message = new() { ["content"] = new JsonArray() };
        List<(JsonObject Block, StringBuilder Text)> blocks = [];
        foreach (var data in events)
        {
            switch (StringOf(data, "type"))
            {
                case "message_start":
                    message = JsonNode.Parse(Required(data, "message").GetRawText())!.AsObject();
                    break;
                case "content_block_start":
                    blocks.Add((JsonNode.Parse(Required(data, "content_block").GetRawText())!.AsObject(), new()));
                    break;
                case "content_block_delta" when blocks.Count > 0:
                    blocks[^1].Text.Append(StringOf(Required(data, "delta"), "text") ?? StringOf(Required(data, "delta"), "partial_json"));
                    break;
                case "message_delta":
                    message["stop_reason"] = StringOf(Required(data, "delta"), "stop_reason");
                    if (
                        Member(data, "usage") is { } usage
                        && Member(usage, "output_tokens") is { } tokens
                        && message["usage"] is JsonObject told
                    )
                        told["output_tokens"] = tokens.GetInt64();
                    break;
            }
        }
        message["content"] = new JsonArray([.. blocks.Select(b => Filled(b.Block, b.Text.ToString()))]);
        return message;
    }

    private static JsonObject Filled(JsonObject block, string text)
    {
        if ((string?)block["type"] == "text")
            block["text"] = text;
        // Of a call whose arguments broke off nothing is known.
        else if ((string?)block["type"] == "tool_use" && Traces.Json.TryParse(text) is IReadOnlyDictionary<string, object?>)
            block["input"] = JsonNode.Parse(text);
        return block;
    }

    public override JsonObject Refusal(int status, string message) =>
        new()
        {
            ["type"] = "error",
            ["error"] = new JsonObject
            {
                ["type"] = status switch
                {
                    429 => "rate_limit_error",
                    529 => "overloaded_error",
                    >= 500 => "api_error",
                    _ => "invalid_request_error",
                },
                ["message"] = message,
            },
        };

    public override bool RefusesEmptyText => true;

    // The system prompt is none of the messages that it counts.
    public override string? Words(HistoryFault fault) =>
        fault.Kind switch
        {
            HistoryFaultKind.NoMessages => "messages: at least one message is required",
            HistoryFaultKind.EmptyContent when fault.Part < 0 =>
                $"messages.{fault.Message}: all messages must have non-empty content except for the optional final assistant message",
            HistoryFaultKind.EmptyContent => "messages: text content blocks must be non-empty",
            HistoryFaultKind.ResultWithoutCall => $"messages.{fault.Message}.content.{fault.Part}: unexpected `tool_use_id` found in "
                + $"`tool_result` blocks: {fault.CallIds[0]}. "
                + "Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
            _ => $"messages.{fault.Message}: `tool_use` ids were found without `tool_result` blocks immediately after: "
                + $"{string.Join(", ", fault.CallIds)}. Each `tool_use` block must have a corresponding `tool_result` block in the next "
                + "message.",
        };

    public override bool IsInItsWords(string message) =>
        message.Contains("tool_use", StringComparison.Ordinal) || message.Contains("tool_result", StringComparison.Ordinal);

    private static byte[] Typed(string type, JsonObject data)
    {
        data.Insert(0, "type", type);
        return Event(type, data);
    }

    private static ChatMessage MessageOf(JsonElement message)
    {
        var content = Required(message, "content");
        var isAssistant = StringOf(message, "role") == "assistant";
        if (content.ValueKind == JsonValueKind.String)
            return new(isAssistant ? ChatRole.Assistant : ChatRole.User, content.GetString());
        List<AIContent> contents = [];
        foreach (var block in content.EnumerateArray())
            switch (StringOf(block, "type"))
            {
                case "text":
                    contents.Add(new TextContent(StringOf(block, "text") ?? ""));
                    break;
                case "tool_use":
                    contents.Add(
                        Call(StringOf(block, "id") ?? "", StringOf(block, "name") ?? "", Member(block, "input")?.GetRawText() ?? "{}")
                    );
                    break;
                case "tool_result":
                    contents.Add(
                        ResultOf(
                            StringOf(block, "tool_use_id"),
                            Member(block, "content"),
                            Member(block, "is_error") is { ValueKind: JsonValueKind.True }
                        )
                    );
                    break;
            }
        return new(
            isAssistant ? ChatRole.Assistant
                : contents.Exists(c => c is FunctionResultContent) ? ChatRole.Tool
                : ChatRole.User,
            contents
        );
    }

    private static IEnumerable<(JsonObject Whole, JsonObject Empty, IEnumerable<JsonObject> Deltas)> Blocks(WireAnswer answer)
    {
        if (answer.Turn.Text is { Length: > 0 } text)
            yield return (
                new() { ["type"] = "text", ["text"] = text },
                new() { ["type"] = "text", ["text"] = "" },
                Pieces(text).Select(p => new JsonObject { ["type"] = "text_delta", ["text"] = p })
            );
        foreach (var call in answer.Turn.Calls)
            yield return (
                ToolUse(call, JsonNode.Parse(FixtureIndex.TextOf(call.Arguments))!),
                ToolUse(call, new JsonObject()),
                JsonPieces(FixtureIndex.TextOf(call.Arguments))
                    .Select(p => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = p })
            );
    }

    private static JsonObject ToolUse(RequestedCall call, JsonNode input) =>
        new()
        {
            ["type"] = "tool_use",
            ["id"] = call.CallId,
            ["name"] = call.Tool,
            ["input"] = input,
        };

    private static string StopReason(WireAnswer answer) =>
        answer.FinishReason switch
        {
            "tool_calls" => "tool_use",
            "length" => "max_tokens",
            "stop" => "end_turn",
            var other => other,
        };

    private static JsonObject Message(WireAnswer answer, JsonArray content, string? stopReason, long outputTokens) =>
        new()
        {
            ["id"] = answer.Id,
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = answer.Model,
            ["content"] = content,
            ["stop_reason"] = stopReason,
            ["stop_sequence"] = null,
            ["usage"] = new JsonObject { ["input_tokens"] = answer.InputTokens, ["output_tokens"] = outputTokens },
        };
}
