using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Shapes;

namespace ReplayHarness.Wire;

/// <summary>
/// Google's generateContent and streamGenerateContent, of the Gemini API and of Vertex AI. Calls need no id there; what was read without
/// one gets one by <see cref="UnnamedCalls"/>. Signatures of thoughts are neither given nor asked for.
/// </summary>
internal sealed class GeminiContent : WireFormat
{
    private const string Whole = ":generateContent",
        Stream = ":streamGenerateContent";

    public override string Name => "gemini-content";

    public override IReadOnlyList<string> Paths => [Whole, Stream];

    public override WireAddress Address =>
        new(
            "GOOGLE_GEMINI_BASE_URL",
            "",
            _ => "https://generativelanguage.googleapis.com",
            ("GEMINI_API_KEY", WireAddress.NoKey),
            ("GOOGLE_API_KEY", null)
        );

    public override bool Owns(string path) => Answers(path) || path.StartsWith("/v1beta", StringComparison.Ordinal);

    public override WireRequest Read(JsonElement body)
    {
        List<ChatMessage> messages = [];
        if (Field(body, "systemInstruction") is { } system)
            messages.Add(new(ChatRole.System, TextOf(Field(system, "parts"))));
        var calls = new UnnamedCalls();
        foreach (var content in Required(body, "contents").EnumerateArray())
            Add(messages, content, calls);
        var tools = Fields(body, "tools").SelectMany(t => Fields(t, "functionDeclarations")).Where(f => StringOf(f, "name") is not null);
        return new(
            "",
            messages,
            Streams: false,
            [
                .. tools.Select(f =>
                    ToolOf(f, (Field(f, "parametersJsonSchema") ?? Field(f, "parameters")) is { } s ? OpenApiSchema.Usual(s) : null)
                ),
            ],
            Schema: Field(body, "generationConfig") is { } config ? SchemaIn(config) : null
        );
    }

    // The path ends in models/NAME:METHOD.
    protected override WireRequest Addressed(WireRequest request, string target)
    {
        var parts = target.Split('?', 2);
        var end = parts[0].LastIndexOf(':');
        if (end < 0)
            return request;
        var streams = parts[0].EndsWith(Stream, StringComparison.Ordinal);
        return request with
        {
            Model = Uri.UnescapeDataString(parts[0][(parts[0].LastIndexOf('/') + 1)..end]),
            Streams = streams,
            AsArray = streams && !(parts.Length > 1 && parts[1].Split('&').Contains("alt=sse")),
        };
    }

    public override JsonObject Body(WireAnswer answer) =>
        Response(answer, [.. Parts(answer, answer.Turn.Text is { Length: > 0 } text ? [text] : [])], ReasonOf(answer));

    public override IEnumerable<byte[]> Streamed(WireAnswer answer)
    {
        var parts = Parts(answer, Pieces(answer.Turn.Text ?? ""));
        if (parts.Length == 0)
            parts = [new() { ["text"] = "" }];
        for (var i = 0; i < parts.Length; i++)
        {
            var isLast = i + 1 == parts.Length;
            var chunk = Response(answer, [parts[i]], isLast ? ReasonOf(answer) : null);
            yield return answer.Request.AsArray
                ? Encoding.UTF8.GetBytes($"{(i == 0 ? "[" : ",\r\n")}{Text(chunk)}{(isLast ? "\n]" : "\n")}")
                : Event(null, chunk);
        }
    }

    public override string StreamType(WireRequest request) =>
        request.AsArray ? "application/json; charset=UTF-8" : ServerSentEvents.ContentType;

    public override IReadOnlyList<(JsonElement Data, long Ticks)> Events(IEnumerable<(byte[] Bytes, long Ticks)> pieces)
    {
        (byte[] Bytes, long Ticks)[] all = [.. pieces];
        return all.SelectMany(p => p.Bytes).FirstOrDefault(b => !char.IsWhiteSpace((char)b)) == '['
            ? StreamedArray.Read(all)
            : ServerSentEvents.Read(all);
    }

    public override WireSaid Said(JsonElement body)
    {
        var usage = UsageOf(body, "promptTokenCount", "candidatesTokenCount", "usageMetadata");
        var candidate = ItemsOf(body, "candidates").FirstOrDefault();
        if (candidate.ValueKind != JsonValueKind.Object)
            return Member(body, "promptFeedback") is { } feedback && StringOf(feedback, "blockReason") is not null
                ? new(StringOf(body, "responseId"), null, [], "content_filter", usage)
                : throw new WireException("$.candidates: is missing");
        JsonElement[] parts = Member(candidate, "content") is { } content ? [.. Fields(content, "parts").Where(p => !IsThought(p))] : [];
        var text = string.Concat(parts.Select(p => StringOf(p, "text")));
        var calls = parts
            .Select(p => Field(p, "functionCall"))
            .OfType<JsonElement>()
            .Select(c => Asked(StringOf(c, "id") ?? "", StringOf(c, "name") ?? "", Member(c, "args")?.GetRawText() ?? "{}"));
        return new(StringOf(body, "responseId"), text.Length > 0 ? text : null, [.. calls], StringOf(candidate, "finishReason"), usage);
    }

    public override JsonObject Folded(IEnumerable<JsonElement> events)
    {
        JsonArray parts = [];
        string? id = null,
            reason = null;
        JsonNode? usage = null;
        foreach (var chunk in events)
        {
            if (Member(chunk, "error") is { } error)
                throw new WireException($"the stream ended with an error: {StringOf(error, "message")}");
            id ??= StringOf(chunk, "responseId");
            if (Member(chunk, "usageMetadata") is { } told)
                usage = JsonNode.Parse(told.GetRawText());
            var candidate = ItemsOf(chunk, "candidates").FirstOrDefault();
            reason = StringOf(candidate, "finishReason") ?? reason;
            if (Member(candidate, "content") is { } content)
                foreach (var part in Fields(content, "parts"))
                    parts.Add(JsonNode.Parse(part.GetRawText()));
        }
        return new()
        {
            ["candidates"] = new JsonArray(
                new JsonObject
                {
                    ["content"] = new JsonObject { ["parts"] = parts },
                    ["finishReason"] = reason,
                }
            ),
            ["usageMetadata"] = usage,
            ["responseId"] = id,
        };
    }

    public override JsonObject Refusal(int status, string message) =>
        new()
        {
            ["error"] = new JsonObject
            {
                ["code"] = status,
                ["message"] = message,
                ["status"] = status switch
                {
                    401 => "UNAUTHENTICATED",
                    403 => "PERMISSION_DENIED",
                    404 => "NOT_FOUND",
                    409 => "ABORTED",
                    429 => "RESOURCE_EXHAUSTED",
                    503 or 529 => "UNAVAILABLE",
                    504 => "DEADLINE_EXCEEDED",
                    >= 500 => "INTERNAL",
                    _ => "INVALID_ARGUMENT",
                },
            },
        };

    // An empty text is none there.
    public override bool RefusesEmptyText => true;

    public override string? Words(HistoryFault fault) =>
        fault.Kind switch
        {
            HistoryFaultKind.NoMessages => "* GenerateContentRequest.contents: contents is not specified",
            HistoryFaultKind.EmptyContent when fault.Part < 0 =>
                $"* GenerateContentRequest.contents[{fault.Message}].parts: contents.parts must not be empty.",
            HistoryFaultKind.EmptyContent => $"* GenerateContentRequest.contents[{fault.Message}].parts[{fault.Part}].data: required oneof "
                + "field 'data' must have one initialized field",
            HistoryFaultKind.ResultWithoutCall => "Please ensure that function response turn comes immediately after a function call turn.",
            _ => "Please ensure that the number of function response parts is equal to the number of function call parts of the function "
                + "call turn.",
        };

    public override bool IsInItsWords(string message) => message.Contains("function response", StringComparison.Ordinal);

    // The chunks of one answer may come back as so many contents; they are one message again.
    private static void Add(List<ChatMessage> messages, JsonElement content, UnnamedCalls calls)
    {
        var isModel = StringOf(content, "role") == "model";
        var goesOn = isModel && messages is [.., { } last] && last.Role == ChatRole.Assistant;
        if (isModel && !goesOn)
            calls.Answer();
        List<AIContent> contents =
        [
            .. Fields(content, "parts").Where(p => !IsThought(p)).Select(p => ContentOf(p, calls)).OfType<AIContent>(),
        ];
        if (goesOn)
            foreach (var more in contents)
                messages[^1].Contents.Add(more);
        else
            messages.Add(
                new(
                    isModel ? ChatRole.Assistant
                        : contents.Exists(c => c is FunctionResultContent) ? ChatRole.Tool
                        : ChatRole.User,
                    contents
                )
            );
    }

    private static AIContent? ContentOf(JsonElement part, UnnamedCalls calls)
    {
        if (Member(part, "text") is { } text)
            return new TextContent(text.GetString());
        if (Field(part, "functionCall") is { } call)
        {
            var name = StringOf(call, "name") ?? "";
            return Call(calls.Asked(StringOf(call, "id"), name), name, Member(call, "args")?.GetRawText() ?? "{}");
        }
        if (Field(part, "functionResponse") is not { } result)
            return null;
        var (told, isError) = ToldOf(Member(result, "response"));
        return ResultOf(calls.Told(StringOf(result, "id"), StringOf(result, "name") ?? ""), told, isError);
    }

    // What stands in "output" or "error" alone is all that is told; a text that others put into "result" as well.
    private static (JsonElement? Told, bool IsError) ToldOf(JsonElement? response)
    {
        if (response is not { ValueKind: JsonValueKind.Object } map || map.EnumerateObject().ToArray() is not [var only])
            return (response, false);
        return only.Name is "output" or "error" or "result" ? (only.Value, only.Name == "error") : (response, false);
    }

    private static JsonElement? SchemaIn(JsonElement config) =>
        (Field(config, "responseJsonSchema") ?? Field(config, "responseSchema")) is { } schema ? OpenApiSchema.Usual(schema)
        : Field(config, "responseMimeType") is { } type && type.GetString() == "application/json" ? JsonElement.Parse("{}")
        : null;

    private static bool IsThought(JsonElement part) => Member(part, "thought") is { ValueKind: JsonValueKind.True };

    // Both spellings are taken.
    private static JsonElement? Field(JsonElement element, string name) =>
        Member(element, name)
        ?? Member(element, string.Concat(name.Select(c => char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{c}")));

    private static JsonElement.ArrayEnumerator Fields(JsonElement element, string name) =>
        Field(element, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    // A call comes whole.
    private static JsonObject[] Parts(WireAnswer answer, IEnumerable<string> texts) =>
        [.. texts.Select(t => new JsonObject { ["text"] = t }), .. answer.Turn.Calls.Select(Part)];

    private static JsonObject Part(RequestedCall call) =>
        new()
        {
            ["functionCall"] = new JsonObject
            {
                ["id"] = call.CallId,
                ["name"] = call.Tool,
                ["args"] = JsonNode.Parse(FixtureIndex.TextOf(call.Arguments)),
            },
        };

    // It stops, also where it asks for calls.
    private static string ReasonOf(WireAnswer answer) =>
        answer.FinishReason switch
        {
            "length" => "MAX_TOKENS",
            "content_filter" => "SAFETY",
            [>= 'A' and <= 'Z', ..] and var own => own,
            _ => "STOP",
        };

    private static JsonObject Response(WireAnswer answer, JsonArray parts, string? reason)
    {
        var content = new JsonObject { ["parts"] = parts, ["role"] = "model" };
        var candidate = new JsonObject { ["content"] = content, ["index"] = 0 };
        var response = new JsonObject { ["candidates"] = new JsonArray(candidate) };
        if (reason is not null)
        {
            candidate["finishReason"] = reason;
            response["usageMetadata"] = new JsonObject
            {
                ["promptTokenCount"] = answer.InputTokens,
                ["candidatesTokenCount"] = answer.OutputTokens,
                ["totalTokenCount"] = answer.InputTokens + answer.OutputTokens,
            };
        }
        response["modelVersion"] = answer.Model;
        response["responseId"] = answer.Id;
        return response;
    }
}
