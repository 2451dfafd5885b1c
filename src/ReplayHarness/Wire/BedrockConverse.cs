using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Shapes;

namespace ReplayHarness.Wire;

/// <summary>Amazon Bedrock's Converse and ConverseStream.</summary>
internal sealed class BedrockConverse : WireFormat
{
    private const string Root = "/model/",
        Whole = "/converse",
        Stream = "/converse-stream",
        RegionVariable = "AWS_REGION",
        Region = "us-east-1";

    public override string Name => "bedrock-converse";

    public override IReadOnlyList<string> Paths => [Whole, Stream];

    // With a key of Bedrock's own nothing is signed: a signature holds the host that it was made for.
    public override WireAddress Address =>
        new(
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
            "",
            variable => $"https://bedrock-runtime.{variable(RegionVariable) ?? Region}.amazonaws.com",
            (RegionVariable, Region),
            ("AWS_BEARER_TOKEN_BEDROCK", WireAddress.NoKey),
            ("AWS_ACCESS_KEY_ID", WireAddress.NoKey),
            ("AWS_SECRET_ACCESS_KEY", WireAddress.NoKey),
            ("AWS_SESSION_TOKEN", null)
        );

    public override bool Answers(string path) => base.Answers(path) && path.Contains(Root, StringComparison.Ordinal);

    public override bool Owns(string path) => path.StartsWith(Root, StringComparison.Ordinal);

    public override WireRequest Read(JsonElement body)
    {
        List<ChatMessage> messages = [];
        if (Member(body, "system") is { } system)
            messages.Add(new(ChatRole.System, TextOf(system)));
        messages.AddRange(Required(body, "messages").EnumerateArray().Select(MessageOf));
        RecordedTool[] tools = Member(body, "toolConfig") is { } config
            ?
            [
                .. ItemsOf(config, "tools")
                    .Select(t => Member(t, "toolSpec"))
                    .OfType<JsonElement>()
                    .Where(t => StringOf(t, "name") is not null)
                    .Select(t => ToolOf(t, Member(t, "inputSchema") is { } schema ? Member(schema, "json") : null)),
            ]
            : [];
        return new("", messages, Streams: false, tools, Schema: SchemaIn(body));
    }

    protected override WireRequest Addressed(WireRequest request, string target)
    {
        var path = target.Split('?', 2)[0];
        var start = path.IndexOf(Root, StringComparison.Ordinal) + Root.Length;
        var end = path.LastIndexOf('/');
        return end < start || !Answers(path)
            ? request
            : request with
            {
                Model = Uri.UnescapeDataString(path[start..end]),
                Streams = path.EndsWith(Stream, StringComparison.Ordinal),
            };
    }

    public override JsonObject Body(WireAnswer answer)
    {
        var body = Answer(Blocks(answer).Select(b => b.Whole), StopReason(answer), Usage(answer));
        body["metrics"] = Metrics(answer);
        return body;
    }

    // Who speaks.
    public override int Opening => 1;

    public override IEnumerable<byte[]> Streamed(WireAnswer answer)
    {
        yield return EventStream.Event("messageStart", new JsonObject { ["role"] = "assistant" });
        foreach (var (index, (_, start, deltas)) in Blocks(answer).Index())
        {
            // A text begins with its first word.
            if (start is not null)
                yield return OfBlock("contentBlockStart", index, "start", start);
            foreach (var delta in deltas)
                yield return OfBlock("contentBlockDelta", index, "delta", delta);
            yield return OfBlock("contentBlockStop", index);
        }
        yield return EventStream.Event("messageStop", new JsonObject { ["stopReason"] = StopReason(answer) });
        yield return EventStream.Event("metadata", new JsonObject { ["metrics"] = Metrics(answer), ["usage"] = Usage(answer) });
    }

    public override string StreamType(WireRequest request) => EventStream.ContentType;

    public override IReadOnlyList<(JsonElement Data, long Ticks)> Events(IEnumerable<(byte[] Bytes, long Ticks)> pieces) =>
        EventStream.Read(pieces);

    public override WireSaid Said(JsonElement body)
    {
        var blocks = ItemsOf(Required(Required(body, "output"), "message"), "content").ToArray();
        var text = string.Concat(blocks.Select(b => StringOf(b, "text")));
        var calls = blocks
            .Select(b => Member(b, "toolUse"))
            .OfType<JsonElement>()
            .Select(c => Asked(StringOf(c, "toolUseId") ?? "", StringOf(c, "name") ?? "", Member(c, "input")?.GetRawText() ?? "{}"));
        var usage = UsageOf(body, "inputTokens", "outputTokens");
        return new(null, text.Length > 0 ? text : null, [.. calls], StringOf(body, "stopReason"), usage);
    }

    public override JsonObject Folded(IEnumerable<JsonElement> events)
    {
        SortedDictionary<int, (JsonObject? Call, StringBuilder Text)> blocks = [];
        string? reason = null;
        JsonNode? usage = null;
        foreach (var one in events.SelectMany(e => e.EnumerateObject()))
            switch (one.Name)
            {
                case "contentBlockStart":
                    var start = Required(one.Value, "start");
                    blocks[IndexOf(one.Value)] = (Member(start, "toolUse") is { } call ? Copy(call).AsObject() : null, new());
                    break;
                case "contentBlockDelta":
                    if (!blocks.TryGetValue(IndexOf(one.Value), out var block))
                        blocks[IndexOf(one.Value)] = block = (null, new());
                    var delta = Required(one.Value, "delta");
                    block.Text.Append(Member(delta, "toolUse") is { } input ? StringOf(input, "input") : StringOf(delta, "text"));
                    break;
                case "messageStop":
                    reason = StringOf(one.Value, "stopReason");
                    break;
                case "metadata":
                    usage = Member(one.Value, "usage") is { } told ? Copy(told) : null;
                    break;
                case var other when other.EndsWith("Exception", StringComparison.OrdinalIgnoreCase):
                    throw new WireException($"the stream ended with {other}: {StringOf(one.Value, "message")}");
            }
        return Answer(blocks.Values.Select(b => Filled(b.Call, b.Text.ToString())), reason, usage);
    }

    private static JsonObject Answer(IEnumerable<JsonObject> content, string? reason, JsonNode? usage)
    {
        var message = new JsonObject { ["content"] = new JsonArray([.. content]), ["role"] = "assistant" };
        return new()
        {
            ["output"] = new JsonObject { ["message"] = message },
            ["stopReason"] = reason,
            ["usage"] = usage,
        };
    }

    // Of a call whose arguments broke off nothing is known.
    private static JsonObject Filled(JsonObject? call, string text)
    {
        if (call is null)
            return new() { ["text"] = text };
        call["input"] = Traces.Json.TryParse(text) is IReadOnlyDictionary<string, object?> ? JsonNode.Parse(text) : new JsonObject();
        return new() { ["toolUse"] = call };
    }

    private static int IndexOf(JsonElement data) => Member(data, "contentBlockIndex")?.GetInt32() ?? 0;

    private static JsonNode Copy(JsonElement element) => JsonNode.Parse(element.GetRawText())!;

    public override JsonObject Refusal(int status, string message) => new() { ["message"] = message };

    public override IReadOnlyDictionary<string, string> RefusalHeaders(int status) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["x-amzn-errortype"] = status switch
            {
                403 => "AccessDeniedException",
                404 => "ResourceNotFoundException",
                408 => "ModelTimeoutException",
                424 => "ModelErrorException",
                429 => "ThrottlingException",
                500 => "InternalServerException",
                > 500 => "ServiceUnavailableException",
                _ => "ValidationException",
            },
        };

    public override bool RefusesEmptyText => true;

    public override string? Words(HistoryFault fault) =>
        fault.Kind switch
        {
            HistoryFaultKind.NoMessages =>
                "A conversation must start with a user message. Try again with a conversation that starts with a " + "user message.",
            HistoryFaultKind.EmptyContent when fault.Part < 0 => $"The content field in the Message object at messages.{fault.Message} is "
                + "empty. Add a ContentBlock object to the content field and try again.",
            HistoryFaultKind.EmptyContent =>
                $"The text field in the ContentBlock object at messages.{fault.Message}.content.{fault.Part} is "
                    + "blank. Add text to the text field, and try again.",
            HistoryFaultKind.ResultWithoutCall => $"The number of toolResult blocks at messages.{fault.Message}.content exceeds the number "
                + "of toolUse blocks of previous turn.",
            _ => $"Expected toolResult blocks at messages.{fault.Message + 1}.content for the following Ids: "
                + string.Join(", ", fault.CallIds),
        };

    public override bool IsInItsWords(string message) =>
        message.Contains("toolResult blocks", StringComparison.Ordinal)
        || message.Contains("ContentBlock object", StringComparison.Ordinal);

    private static ChatMessage MessageOf(JsonElement message)
    {
        List<AIContent> contents = [.. ItemsOf(message, "content").Select(ContentOf).OfType<AIContent>()];
        return new(
            StringOf(message, "role") == "assistant" ? ChatRole.Assistant
                : contents.Exists(c => c is FunctionResultContent) ? ChatRole.Tool
                : ChatRole.User,
            contents
        );
    }

    private static AIContent? ContentOf(JsonElement block)
    {
        if (Member(block, "text") is { } text)
            return new TextContent(text.GetString());
        if (Member(block, "toolUse") is { } call)
            return Call(StringOf(call, "toolUseId") ?? "", StringOf(call, "name") ?? "", Member(call, "input")?.GetRawText() ?? "{}");
        if (Member(block, "toolResult") is not { } result)
            return null;
        var told =
            ItemsOf(result, "content").ToArray() is [var only] && Member(only, "json") is { } json ? json : Member(result, "content");
        return ResultOf(StringOf(result, "toolUseId"), told, StringOf(result, "status") == "error");
    }

    // The schema is JSON within a text.
    private static JsonElement? SchemaIn(JsonElement body) =>
        Member(body, "outputConfig") is { } output && Member(output, "textFormat") is { } form
            ? SchemaOf(
                form,
                f =>
                    Member(f, "structure") is { } structure
                    && Member(structure, "jsonSchema") is { } named
                    && StringOf(named, "schema") is { } text
                        ? JsonElement.Parse(text)
                        : null
            )
            : null;

    private static IEnumerable<(JsonObject Whole, JsonObject? Start, IEnumerable<JsonObject> Deltas)> Blocks(WireAnswer answer)
    {
        if (answer.Turn.Text is { Length: > 0 } text)
            yield return (new() { ["text"] = text }, null, Pieces(text).Select(p => new JsonObject { ["text"] = p }));
        foreach (var call in answer.Turn.Calls)
        {
            var input = FixtureIndex.TextOf(call.Arguments);
            var whole = ToolUse(call);
            whole["toolUse"]!["input"] = JsonNode.Parse(input);
            yield return (
                whole,
                ToolUse(call),
                JsonPieces(input).Select(p => new JsonObject { ["toolUse"] = new JsonObject { ["input"] = p } })
            );
        }
    }

    private static JsonObject ToolUse(RequestedCall call) =>
        new()
        {
            ["toolUse"] = new JsonObject { ["name"] = call.Tool, ["toolUseId"] = call.CallId },
        };

    private static byte[] OfBlock(string type, int index, string? name = null, JsonObject? data = null)
    {
        var payload = new JsonObject { ["contentBlockIndex"] = index };
        if (name is not null)
            payload[name] = data;
        return EventStream.Event(type, payload);
    }

    private static string StopReason(WireAnswer answer) =>
        answer.FinishReason switch
        {
            "tool_calls" => "tool_use",
            "length" => "max_tokens",
            "stop" => "end_turn",
            "content_filter" => "content_filtered",
            var other => other,
        };

    private static JsonObject Metrics(WireAnswer answer) => new() { ["latencyMs"] = (long)(answer.Turn.LatencySeconds * 1000) };

    private static JsonObject Usage(WireAnswer answer) =>
        new()
        {
            ["inputTokens"] = answer.InputTokens,
            ["outputTokens"] = answer.OutputTokens,
            ["totalTokens"] = answer.InputTokens + answer.OutputTokens,
        };
}
