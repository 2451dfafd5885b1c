using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Shapes;

namespace ReplayHarness.Wire;

/// <summary>A request to a model, whatever provider's format it came in.</summary>
/// <param name="Model">The model it names, or empty.</param>
/// <param name="Messages">The conversation; one assistant message for each answer of the model.</param>
/// <param name="Streams">Whether the answer is to come as server-sent events.</param>
/// <param name="Tools">The tools that it offers.</param>
/// <param name="Continues">The id of the answer that it continues without repeating the conversation, or null.</param>
/// <param name="WantsUsage">Whether a stream is to end with the tokens it took, where a provider asks.</param>
/// <param name="Schema">The schema of the JSON that the answer is to be, one that is empty for any JSON; null where it is text.</param>
internal sealed record WireRequest(
    string Model,
    IReadOnlyList<ChatMessage> Messages,
    bool Streams,
    IReadOnlyList<RecordedTool> Tools,
    string? Continues = null,
    bool WantsUsage = false,
    JsonElement? Schema = null
);

/// <summary>An answer as a provider sends it.</summary>
/// <param name="Id">The id of the answer.</param>
/// <param name="Model">The model, as the request named it.</param>
/// <param name="Turn">What the model says.</param>
/// <param name="Request">What it was asked.</param>
internal sealed record WireAnswer(string Id, string Model, RecordedTurn Turn, WireRequest Request)
{
    /// <summary><c>length</c> and the like where the recording says so, else what the turn is.</summary>
    public string FinishReason => Turn.FinishReason ?? (Turn.Calls.Count > 0 ? "tool_calls" : "stop");

    /// <summary>The same turn with the recorded names of tools.</summary>
    public RecordedTurn Recorded { get; init; } = Turn;

    public long InputTokens => Turn.Usage?.InputTokens ?? 0;

    public long OutputTokens => Turn.Usage?.OutputTokens ?? 0;
}

/// <summary>What a provider's answer says.</summary>
/// <param name="Id">Its id, which a later request may continue; or null.</param>
/// <param name="Text">Its text, or null.</param>
/// <param name="Calls">The calls it asks for.</param>
/// <param name="FinishReason">Why it ended, as the provider says it; or null.</param>
/// <param name="Usage">The tokens it took, or null.</param>
internal sealed record WireSaid(string? Id, string? Text, IReadOnlyList<RequestedCall> Calls, string? FinishReason, RecordedUsage? Usage);

/// <summary>
/// How one provider writes requests and answers of models: independent of how they are carried. To add a provider, write one class and one
/// line in <see cref="WireFormats"/>.
/// </summary>
internal abstract class WireFormat
{
    private static readonly JsonSerializerOptions s_compact = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public abstract string Name { get; }

    /// <summary>What a client's metadata call the provider, in the terms of the semantic conventions for generative AI.</summary>
    public abstract string Provider { get; }

    /// <summary>The end of the path that requests go to.</summary>
    public abstract string Path { get; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="WireException">It is none of this provider's.</exception>
    public abstract WireRequest Read(JsonElement body);

    /// <summary>An answer in one piece.</summary>
    public abstract JsonObject Body(WireAnswer answer);

    /// <summary>An answer as server-sent events, in order.</summary>
    public abstract IEnumerable<string> Events(WireAnswer answer);

    /// <summary>What an answer in one piece says.</summary>
    /// <exception cref="WireException">It is none of this provider's.</exception>
    public abstract WireSaid Said(JsonElement body);

    /// <summary>An answer in one piece that says what streamed events said, as far as they came.</summary>
    /// <param name="events">The data of each event, in order.</param>
    public abstract JsonObject Folded(IEnumerable<JsonElement> events);

    /// <summary>The body of a refusal.</summary>
    public abstract JsonObject Refusal(int status, string message);

    /// <summary>Why the provider refuses the messages of a request, in its words; null for a fault that it lets pass.</summary>
    public abstract string? Words(HistoryFault fault);

    /// <summary>Whether a message of an error is in this provider's words.</summary>
    public abstract bool IsInItsWords(string message);

    /// <summary>Whether results must come right behind the message that asks for their calls; else anywhere behind it.</summary>
    public virtual bool ResultsFollowTheirCalls => true;

    /// <summary>Whether an empty message, or an empty text in one, is refused.</summary>
    public virtual bool RefusesEmptyText => false;

    /// <summary>Why the provider refuses a request for its headers; null where it does not.</summary>
    /// <param name="header">The value of a header, or null.</param>
    public virtual string? Refuses(Func<string, string?> header) => null;

    /// <summary>Whether a path is this provider's.</summary>
    public bool Answers(string path) => path.EndsWith(Path, StringComparison.Ordinal);

    /// <summary>Reads the bytes of a request.</summary>
    /// <exception cref="WireException">They are no JSON object, or none of this provider's.</exception>
    public WireRequest Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 128 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement)
                : throw new WireException("the body is no JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new WireException($"the body is no request of {Name}: {e.Message.TrimEnd('.')}");
        }
    }

    public static byte[] Bytes(JsonObject body) => Encoding.UTF8.GetBytes(Text(body));

    protected static string Text(JsonNode body) => body.ToJsonString(s_compact);

    /// <summary>An event as it is sent.</summary>
    protected static string Event(string? name, JsonNode data) =>
        name is null ? $"data: {Text(data)}\n\n" : $"event: {name}\ndata: {Text(data)}\n\n";

    /// <summary>A text in the pieces that a model gives it in: words.</summary>
    protected static IEnumerable<string> Pieces(string text)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (!char.IsWhiteSpace(text[i]) || char.IsWhiteSpace(text[i - 1]))
                continue;
            yield return text[start..i];
            start = i;
        }
        if (start < text.Length)
            yield return text[start..];
    }

    /// <summary>JSON in the pieces that a model gives it in: a few characters.</summary>
    protected static IEnumerable<string> JsonPieces(string json)
    {
        const int Length = 12;
        for (var start = 0; start < json.Length; )
        {
            var end = Math.Min(json.Length, start + Length);
            if (end < json.Length && char.IsHighSurrogate(json[end - 1]))
                end++;
            yield return json[start..end];
            start = end;
        }
    }

    /// <summary>The property of a result that its message marks as an error of the tool.</summary>
    public const string IsErrorName = "is_error";

    /// <summary>What a request tells of a call. What holds no text, an image, stands as it is written.</summary>
    protected static FunctionResultContent ResultOf(string? id, JsonElement? content, bool isError = false)
    {
        var text = TextOf(content);
        var isOther = text.Length == 0 && content is { } given && HoldsMore(given);
        return new(id ?? "", isOther ? content!.Value.GetRawText() : text)
        {
            AdditionalProperties = isError ? new() { [IsErrorName] = true } : null,
        };
    }

    private static bool HoldsMore(JsonElement content) =>
        content.ValueKind switch
        {
            JsonValueKind.String => false,
            JsonValueKind.Array => content.EnumerateArray().Any(p => p.ValueKind != JsonValueKind.String && Member(p, "text") is null),
            _ => true,
        };

    /// <summary>Text, or the texts of a list of parts.</summary>
    protected static string TextOf(JsonElement? content) =>
        content switch
        {
            null => "",
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Array } parts => string.Concat(
                parts
                    .EnumerateArray()
                    .Select(p =>
                        p.ValueKind == JsonValueKind.String ? p.GetString()
                        : p.TryGetProperty("text", out var t) ? t.GetString()
                        : ""
                    )
            ),
            _ => "",
        };

    protected static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    protected static string? StringOf(JsonElement element, string name) => Member(element, name)?.GetString();

    /// <summary>
    /// The tools that a request offers, each read by <paramref name="definition"/> from its item, with the schema in a member of that name.
    /// </summary>
    protected static RecordedTool[] ToolsOf(JsonElement body, string schema, Func<JsonElement, JsonElement?> definition) =>
        Member(body, "tools") is not { ValueKind: JsonValueKind.Array } list
            ? []
            :
            [
                .. from item in list.EnumerateArray()
                let tool = definition(item)
                where tool is { } t && StringOf(t, "name") is not null
                select new RecordedTool(
                    StringOf(tool.Value, "name")!,
                    (Member(tool.Value, schema) ?? JsonElement.Parse("{}")).Clone(),
                    StringOf(tool.Value, "description")
                ),
            ];

    /// <summary>The schema that a request gives for its answer, in what says of which form that is to be.</summary>
    /// <param name="form">A form, with its type; or null.</param>
    /// <param name="schema">Finds the schema in it.</param>
    protected static JsonElement? SchemaOf(JsonElement? form, Func<JsonElement, JsonElement?> schema) =>
        form is { ValueKind: JsonValueKind.Object } given && StringOf(given, "type") is "json_schema" or "json_object"
            ? (schema(form.Value) ?? JsonElement.Parse("{}")).Clone()
            : null;

    protected static bool Streams(JsonElement body) => Member(body, "stream")?.ValueKind == JsonValueKind.True;

    /// <summary>A call that an answer asks for.</summary>
    protected static RequestedCall Asked(string id, string tool, string arguments) =>
        new(
            id,
            tool,
            Traces.Json.TryParse(arguments) is IReadOnlyDictionary<string, object?> map
                ? JsonElement.Parse(Traces.Json.Write(map))
                : JsonElement.Parse("{}")
        );

    /// <summary>The tokens that an answer took.</summary>
    protected static RecordedUsage? UsageOf(JsonElement body, string input, string output) =>
        Member(body, "usage") is { } usage && Member(usage, input) is { } i && Member(usage, output) is { } o
            ? new(i.GetInt64(), o.GetInt64())
            : null;

    protected static IEnumerable<JsonElement> ItemsOf(JsonElement body, string name) =>
        Member(body, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    protected static JsonElement Required(JsonElement body, string name) =>
        Member(body, name) ?? throw new WireException($"$.{name}: is missing");

    /// <summary>A call that a message holds.</summary>
    protected static FunctionCallContent Call(string id, string name, string arguments) =>
        new(
            id,
            name,
            Traces.Json.TryParse(arguments) is IReadOnlyDictionary<string, object?> map
                ? map.ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal)
                : []
        );
}

/// <summary>A request that its provider would refuse.</summary>
internal sealed class WireException(string message) : Exception(message);

/// <summary>Every provider's format.</summary>
internal static class WireFormats
{
    private static readonly WireFormat[] s_all = [new OpenAiChat(), new OpenAiResponses(), new AnthropicMessages()];

    /// <summary>The formats.</summary>
    public static IReadOnlyList<WireFormat> All => s_all;

    /// <summary>Whether the requests of a provider's own client can be read, by what its metadata call it.</summary>
    public static bool IsProvider(string name) => Array.Exists(s_all, f => f.Provider == name);

    /// <summary>The format of requests to a path, or null.</summary>
    public static WireFormat? Of(string method, string path) => method == "POST" ? Array.Find(s_all, f => f.Answers(path)) : null;
}
