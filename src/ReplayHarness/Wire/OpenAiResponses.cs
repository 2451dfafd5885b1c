using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Shapes;

namespace ReplayHarness.Wire;

/// <summary>OpenAI's Responses.</summary>
internal sealed class OpenAiResponses : WireFormat
{
    public override string Name => "openai-responses";

    public override string? Provider => "openai";

    public override IReadOnlyList<string> Paths => ["/responses"];

    public override WireAddress Address => new OpenAiChat().Address;

    public override WireRequest Read(JsonElement body)
    {
        List<ChatMessage> messages = [];
        if (StringOf(body, "instructions") is { } instructions)
            messages.Add(new(ChatRole.System, instructions));
        var input = Required(body, "input");
        if (input.ValueKind == JsonValueKind.String)
            messages.Add(new(ChatRole.User, input.GetString()));
        else
            foreach (var item in input.EnumerateArray())
                AddItem(messages, item);
        var tools = ToolsOf(body, "parameters", item => item);
        var form = Member(body, "text") is { ValueKind: JsonValueKind.Object } text ? Member(text, "format") : null;
        return new(StringOf(body, "model") ?? "", messages, Streams(body), tools, StringOf(body, "previous_response_id"))
        {
            Schema = SchemaOf(form, f => Member(f, "schema")),
        };
    }

    public override JsonObject Body(WireAnswer answer) =>
        Response(answer, answer.FinishReason == "length" ? "incomplete" : "completed", Items(answer));

    // The response, its first item, and the part in it.
    public override int Opening => 3;

    public override IEnumerable<byte[]> Streamed(WireAnswer answer)
    {
        var number = 0;
        byte[] Numbered(string type, JsonObject data)
        {
            data.Insert(0, "type", type);
            data["sequence_number"] = number++;
            return Event(type, data);
        }
        yield return Numbered("response.created", new JsonObject { ["response"] = Response(answer, "in_progress", []) });
        var items = Items(answer);
        for (var i = 0; i < items.Count; i++)
            foreach (var (type, data) in ItemEvents(items[i]!.AsObject(), i))
                yield return Numbered(type, data);
        yield return Numbered(
            answer.FinishReason == "length" ? "response.incomplete" : "response.completed",
            new JsonObject { ["response"] = Body(answer) }
        );
    }

    public override WireSaid Said(JsonElement body)
    {
        _ = Required(body, "output");
        var items = ItemsOf(body, "output").ToArray();
        var text = string.Concat(items.Where(i => StringOf(i, "type") == "message").Select(i => TextOf(Member(i, "content"))));
        var calls = items
            .Where(i => StringOf(i, "type") == "function_call")
            .Select(i => Asked(StringOf(i, "call_id") ?? "", StringOf(i, "name") ?? "", StringOf(i, "arguments") ?? ""));
        var incomplete = Member(body, "incomplete_details") is { } details ? StringOf(details, "reason") : null;
        return new(
            StringOf(body, "id"),
            text.Length > 0 ? text : null,
            [.. calls],
            incomplete == "max_output_tokens" ? "length" : incomplete,
            UsageOf(body, "input_tokens", "output_tokens")
        );
    }

    public override JsonObject Folded(IEnumerable<JsonElement> events)
    {
        JsonArray items = [];
        var text = new StringBuilder();
        string? id = null;
        foreach (var data in events)
        {
            var type = StringOf(data, "type");
            if (type is "response.completed" or "response.incomplete")
                return JsonNode.Parse(Required(data, "response").GetRawText())!.AsObject();
            if (type == "response.created")
                id = StringOf(Required(data, "response"), "id");
            if (type == "response.output_text.delta")
                text.Append(StringOf(data, "delta"));
            if (type != "response.output_item.done")
                continue;
            items.Add(JsonNode.Parse(Required(data, "item").GetRawText()));
            text.Clear();
        }
        // What came of an item that was not finished.
        if (text.Length > 0)
            items.Add(new JsonObject { ["type"] = "message", ["content"] = text.ToString() });
        return new() { ["id"] = id, ["output"] = items };
    }

    public override JsonObject Refusal(int status, string message) => new OpenAiChat().Refusal(status, message);

    private static IEnumerable<(string Type, JsonObject Data)> ItemEvents(JsonObject item, int index)
    {
        var id = item["id"]!.GetValue<string>();
        var isMessage = item["type"]!.GetValue<string>() == "message";
        var started = item.DeepClone().AsObject();
        started["status"] = "in_progress";
        started[isMessage ? "content" : "arguments"] = isMessage ? new JsonArray() : "";
        yield return ("response.output_item.added", new JsonObject { ["output_index"] = index, ["item"] = started });
        foreach (var data in isMessage ? TextEvents(item, id, index) : ArgumentEvents(item, id, index))
            yield return data;
        yield return ("response.output_item.done", new JsonObject { ["output_index"] = index, ["item"] = item.DeepClone() });
    }

    private static IEnumerable<(string Type, JsonObject Data)> TextEvents(JsonObject item, string id, int index)
    {
        var part = item["content"]![0]!;
        var text = part["text"]!.GetValue<string>();
        JsonObject At(params (string Name, JsonNode? Value)[] more) =>
            new([
                new("item_id", id),
                new("output_index", index),
                new("content_index", 0),
                .. more.Select(m => KeyValuePair.Create(m.Name, m.Value)),
            ]);
        yield return (
            "response.content_part.added",
            At(
                (
                    "part",
                    new JsonObject
                    {
                        ["type"] = "output_text",
                        ["text"] = "",
                        ["annotations"] = new JsonArray(),
                        ["logprobs"] = new JsonArray(),
                    }
                )
            )
        );
        foreach (var piece in Pieces(text))
            yield return ("response.output_text.delta", At(("delta", piece), ("logprobs", new JsonArray())));
        yield return ("response.output_text.done", At(("text", text), ("logprobs", new JsonArray())));
        yield return ("response.content_part.done", At(("part", part.DeepClone())));
    }

    private static IEnumerable<(string Type, JsonObject Data)> ArgumentEvents(JsonObject item, string id, int index)
    {
        var arguments = item["arguments"]!.GetValue<string>();
        foreach (var piece in JsonPieces(arguments))
            yield return (
                "response.function_call_arguments.delta",
                new JsonObject
                {
                    ["item_id"] = id,
                    ["output_index"] = index,
                    ["delta"] = piece,
                }
            );
        yield return (
            "response.function_call_arguments.done",
            new JsonObject
            {
                ["item_id"] = id,
                ["output_index"] = index,
                ["name"] = item["name"]!.GetValue<string>(),
                ["arguments"] = arguments,
            }
        );
    }

    // Between a call and its output other items may stand.
    public override bool ResultsFollowTheirCalls => false;

    public override string? Words(HistoryFault fault) =>
        fault.Kind switch
        {
            HistoryFaultKind.ResultWithoutCall => $"No tool call found for function call output with call_id {fault.CallIds[0]}.",
            HistoryFaultKind.CallWithoutResult => $"No tool output found for function call {fault.CallIds[0]}.",
            _ => null,
        };

    public override bool IsInItsWords(string message) => message.Contains("found for function call", StringComparison.Ordinal);

    // What one answer of the model was given as several items is one message again.
    private static void AddItem(List<ChatMessage> messages, JsonElement item)
    {
        switch (StringOf(item, "type") ?? "message")
        {
            case "function_call":
                Assistant(messages)
                    .Contents.Add(Call(StringOf(item, "call_id") ?? "", StringOf(item, "name") ?? "", StringOf(item, "arguments") ?? ""));
                break;
            case "function_call_output":
                messages.Add(new(ChatRole.Tool, [ResultOf(StringOf(item, "call_id"), Member(item, "output"))]));
                break;
            case "message" when StringOf(item, "role") == "assistant":
                Assistant(messages).Contents.Add(new TextContent(TextOf(Member(item, "content"))));
                break;
            case "message":
                messages.Add(
                    new(
                        StringOf(item, "role") is "system" or "developer" ? ChatRole.System : ChatRole.User,
                        TextOf(Member(item, "content"))
                    )
                );
                break;
        }
    }

    private static ChatMessage Assistant(List<ChatMessage> messages)
    {
        if (messages.Count == 0 || messages[^1].Role != ChatRole.Assistant)
            messages.Add(new(ChatRole.Assistant, []));
        return messages[^1];
    }

    private static JsonArray Items(WireAnswer answer)
    {
        JsonArray items = [];
        if (answer.Turn.Text is { } text)
            items.Add(
                new JsonObject
                {
                    ["type"] = "message",
                    ["id"] = $"msg_{answer.Id}",
                    ["status"] = "completed",
                    ["role"] = "assistant",
                    ["content"] = new JsonArray(
                        new JsonObject
                        {
                            ["type"] = "output_text",
                            ["text"] = text,
                            ["annotations"] = new JsonArray(),
                            ["logprobs"] = new JsonArray(),
                        }
                    ),
                }
            );
        foreach (var call in answer.Turn.Calls)
            items.Add(
                new JsonObject
                {
                    ["type"] = "function_call",
                    ["id"] = $"fc_{call.CallId}",
                    ["status"] = "completed",
                    ["call_id"] = call.CallId,
                    ["name"] = call.Tool,
                    ["arguments"] = FixtureIndex.TextOf(call.Arguments),
                }
            );
        return items;
    }

    private static JsonObject Response(WireAnswer answer, string status, JsonArray items) =>
        new()
        {
            ["id"] = answer.Id,
            ["object"] = "response",
            ["created_at"] = 1,
            ["status"] = status,
            ["error"] = null,
            ["incomplete_details"] = status == "incomplete" ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["instructions"] = null,
            ["metadata"] = new JsonObject(),
            ["model"] = answer.Model,
            ["output"] = items,
            ["parallel_tool_calls"] = true,
            ["temperature"] = 1,
            ["tool_choice"] = "auto",
            ["tools"] = new JsonArray(),
            ["top_p"] = 1,
            ["usage"] =
                status == "in_progress"
                    ? null
                    : new JsonObject
                    {
                        ["input_tokens"] = answer.InputTokens,
                        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
                        ["output_tokens"] = answer.OutputTokens,
                        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
                        ["total_tokens"] = answer.InputTokens + answer.OutputTokens,
                    },
        };
}
