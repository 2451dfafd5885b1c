using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Shapes;

namespace ReplayHarness.Wire;

/// <summary>OpenAI's Chat Completions, which many providers speak.</summary>
internal sealed class OpenAiChat : WireFormat
{
    public override string Name => "openai-chat";

    public override string? Provider => "openai";

    public override IReadOnlyList<string> Paths => ["/chat/completions"];

    public override WireAddress Address =>
        new("OPENAI_BASE_URL", "/v1", _ => "https://api.openai.com/v1", ("OPENAI_API_KEY", WireAddress.NoKey));

    public override WireRequest Read(JsonElement body)
    {
        var tools = ToolsOf(body, "parameters", item => Member(item, "function"));
        return new(
            StringOf(body, "model") ?? "",
            [.. Required(body, "messages").EnumerateArray().Select(MessageOf)],
            Streams(body),
            tools,
            WantsUsage: Member(body, "stream_options") is { } stream && Member(stream, "include_usage")?.ValueKind == JsonValueKind.True,
            Schema: SchemaOf(Member(body, "response_format"), f => Member(f, "json_schema") is { } named ? Member(named, "schema") : null)
        );
    }

    public override JsonObject Body(WireAnswer answer)
    {
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = answer.Turn.Text,
            ["refusal"] = null,
        };
        if (answer.Turn.Calls.Count > 0)
            message["tool_calls"] = new JsonArray([.. answer.Turn.Calls.Select(c => CallOf(c, FixtureIndex.TextOf(c.Arguments)))]);
        return Head(
            answer,
            "chat.completion",
            new JsonObject
            {
                ["index"] = 0,
                ["message"] = message,
                ["logprobs"] = null,
                ["finish_reason"] = ReasonOf(answer),
            },
            UsageOf(answer)
        );
    }

    // Who speaks.
    public override int Opening => 1;

    public override IEnumerable<byte[]> Streamed(WireAnswer answer)
    {
        yield return Chunk(answer, new JsonObject { ["role"] = "assistant", ["content"] = "" });
        foreach (var piece in Pieces(answer.Turn.Text ?? ""))
            yield return Chunk(answer, new JsonObject { ["content"] = piece });
        for (var i = 0; i < answer.Turn.Calls.Count; i++)
        {
            var first = CallOf(answer.Turn.Calls[i], "");
            first["index"] = i;
            yield return Chunk(answer, new JsonObject { ["tool_calls"] = new JsonArray(first) });
            foreach (var piece in JsonPieces(FixtureIndex.TextOf(answer.Turn.Calls[i].Arguments)))
                yield return Chunk(
                    answer,
                    new JsonObject
                    {
                        ["tool_calls"] = new JsonArray(
                            new JsonObject
                            {
                                ["index"] = i,
                                ["function"] = new JsonObject { ["arguments"] = piece },
                            }
                        ),
                    }
                );
        }
        yield return Chunk(answer, [], ReasonOf(answer));
        if (answer.Request.WantsUsage)
            yield return Event(null, Head(answer, "chat.completion.chunk", null, UsageOf(answer)));
        yield return "data: [DONE]\n\n"u8.ToArray();
    }

    public override WireSaid Said(JsonElement body)
    {
        var choice = ItemsOf(body, "choices").FirstOrDefault();
        if (choice.ValueKind != JsonValueKind.Object)
            throw new WireException("$.choices: is missing");
        var message = Required(choice, "message");
        var calls = ItemsOf(message, "tool_calls").Select(c => (Item: c, Function: Required(c, "function")));
        return new(
            StringOf(body, "id"),
            StringOf(message, "content"),
            [
                .. calls.Select(c =>
                    Asked(StringOf(c.Item, "id") ?? "", StringOf(c.Function, "name") ?? "", StringOf(c.Function, "arguments") ?? "")
                ),
            ],
            StringOf(choice, "finish_reason"),
            UsageOf(body, "prompt_tokens", "completion_tokens")
        );
    }

    public override JsonObject Folded(IEnumerable<JsonElement> events)
    {
        var text = new StringBuilder();
        SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)> calls = [];
        string? id = null,
            finish = null;
        JsonNode? usage = null;
        foreach (var chunk in events)
        {
            id ??= StringOf(chunk, "id");
            if (Member(chunk, "usage") is { } told)
                usage = JsonNode.Parse(told.GetRawText());
            if (ItemsOf(chunk, "choices").FirstOrDefault() is not { ValueKind: JsonValueKind.Object } choice)
                continue;
            finish ??= StringOf(choice, "finish_reason");
            var delta = Required(choice, "delta");
            text.Append(StringOf(delta, "content"));
            foreach (var part in ItemsOf(delta, "tool_calls"))
            {
                var (index, function) = (Member(part, "index")?.GetInt32() ?? 0, Member(part, "function") ?? default);
                if (!calls.TryGetValue(index, out var call))
                    calls[index] = call = (StringOf(part, "id") ?? "", StringOf(function, "name") ?? "", new());
                call.Arguments.Append(StringOf(function, "arguments"));
            }
        }
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text.Length > 0 ? text.ToString() : null };
        if (calls.Count > 0)
            message["tool_calls"] = new JsonArray([
                .. calls.Values.Select(c => new JsonObject
                {
                    ["id"] = c.Id,
                    ["type"] = "function",
                    ["function"] = new JsonObject { ["name"] = c.Name, ["arguments"] = c.Arguments.ToString() },
                }),
            ]);
        return new()
        {
            ["id"] = id,
            ["choices"] = new JsonArray(new JsonObject { ["message"] = message, ["finish_reason"] = finish }),
            ["usage"] = usage,
        };
    }

    public override JsonObject Refusal(int status, string message) =>
        new()
        {
            ["error"] = new JsonObject
            {
                ["message"] = message,
                ["type"] =
                    status == 429 ? "rate_limit_error"
                    : status >= 500 ? "server_error"
                    : "invalid_request_error",
                ["param"] = null,
                ["code"] = status == 429 ? "rate_limit_exceeded" : null,
            },
        };

    public override string? Words(HistoryFault fault) =>
        fault.Kind switch
        {
            HistoryFaultKind.NoMessages => "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty "
                + "array instead.",
            HistoryFaultKind.ResultWithoutCall =>
                "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
            HistoryFaultKind.CallWithoutResult => "An assistant message with 'tool_calls' must be followed by tool messages responding to "
                + "each 'tool_call_id'. The following tool_call_ids did not have response messages: "
                + string.Join(", ", fault.CallIds),
            _ => null,
        };

    public override bool IsInItsWords(string message) =>
        message.Contains("'tool_calls'", StringComparison.Ordinal) || message.Contains("role 'tool'", StringComparison.Ordinal);

    private static ChatMessage MessageOf(JsonElement message)
    {
        var role = StringOf(message, "role") ?? "user";
        if (role == "tool")
            return new(ChatRole.Tool, [ResultOf(StringOf(message, "tool_call_id"), Member(message, "content"))]);
        var text = TextOf(Member(message, "content"));
        if (role != "assistant")
            return new(role is "system" or "developer" ? ChatRole.System : ChatRole.User, text);
        List<AIContent> contents = text.Length > 0 ? [new TextContent(text)] : [];
        if (Member(message, "tool_calls") is { ValueKind: JsonValueKind.Array } calls)
            contents.AddRange(
                calls
                    .EnumerateArray()
                    .Select(c =>
                        Required(c, "function") is var f
                            ? Call(StringOf(c, "id") ?? "", StringOf(f, "name") ?? "", StringOf(f, "arguments") ?? "")
                            : null!
                    )
            );
        return new(ChatRole.Assistant, contents);
    }

    private static JsonObject CallOf(RequestedCall call, string arguments) =>
        new()
        {
            ["id"] = call.CallId,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Tool, ["arguments"] = arguments },
        };

    // Its client refuses any other word.
    private static string ReasonOf(WireAnswer answer) =>
        answer.FinishReason is "stop" or "length" or "tool_calls" or "content_filter" ? answer.FinishReason
        : answer.Turn.Calls.Count > 0 ? "tool_calls"
        : "stop";

    private static byte[] Chunk(WireAnswer answer, JsonObject delta, string? finish = null) =>
        Event(
            null,
            Head(
                answer,
                "chat.completion.chunk",
                new JsonObject
                {
                    ["index"] = 0,
                    ["delta"] = delta,
                    ["logprobs"] = null,
                    ["finish_reason"] = finish,
                },
                null
            )
        );

    private static JsonObject Head(WireAnswer answer, string kind, JsonObject? choice, JsonObject? usage) =>
        new()
        {
            ["id"] = answer.Id,
            ["object"] = kind,
            ["created"] = 1,
            ["model"] = answer.Model,
            ["choices"] = choice is null ? [] : new JsonArray(choice),
            ["usage"] = usage,
        };

    private static JsonObject UsageOf(WireAnswer answer) =>
        new()
        {
            ["prompt_tokens"] = answer.InputTokens,
            ["completion_tokens"] = answer.OutputTokens,
            ["total_tokens"] = answer.InputTokens + answer.OutputTokens,
        };
}
