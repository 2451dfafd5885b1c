using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Shapes;

namespace ReplayHarness.Wire;

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

    /// <summary>
    /// What a client's metadata call the provider, in the terms of the semantic conventions for generative AI; such a client is kept. Null
    /// where none is.
    /// </summary>
    public virtual string? Provider => null;

    /// <summary>The ends of the paths that requests go to.</summary>
    public abstract IReadOnlyList<string> Paths { get; }

    /// <summary>Where this provider's SDKs look for it.</summary>
    public abstract WireAddress Address { get; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="WireException">It is none of this provider's.</exception>
    public abstract WireRequest Read(JsonElement body);

    /// <summary>An answer in one piece.</summary>
    public abstract JsonObject Body(WireAnswer answer);

    /// <summary>An answer as the pieces of a stream, in order.</summary>
    public abstract IEnumerable<byte[]> Streamed(WireAnswer answer);

    /// <summary>How many pieces of a stream come before the first that says something.</summary>
    public virtual int Opening => 0;

    /// <summary>The content type of a stream.</summary>
    public virtual string StreamType(WireRequest request) => ServerSentEvents.ContentType;

    /// <summary>The events of a stream, each with the time of the piece that ends it; as far as they came.</summary>
    /// <exception cref="WireException">It is no stream of this provider's.</exception>
    public virtual IReadOnlyList<(JsonElement Data, long Ticks)> Events(IEnumerable<(byte[] Bytes, long Ticks)> pieces) =>
        ServerSentEvents.Read(pieces);

    /// <summary>What an answer in one piece says.</summary>
    /// <exception cref="WireException">It is none of this provider's.</exception>
    public abstract WireSaid Said(JsonElement body);

    /// <summary>An answer in one piece that says what streamed events said, as far as they came.</summary>
    /// <param name="events">The data of each event, in order.</param>
    public abstract JsonObject Folded(IEnumerable<JsonElement> events);

    /// <summary>The body of a refusal.</summary>
    public abstract JsonObject Refusal(int status, string message);

    /// <summary>The headers that a refusal has beside those of HTTP; null for none.</summary>
    public virtual IReadOnlyDictionary<string, string>? RefusalHeaders(int status) => null;

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
    public virtual bool Answers(string path) => Paths.Any(end => path.EndsWith(end, StringComparison.Ordinal));

    /// <summary>Whether a path is one of this provider's, also of requests that ask no model.</summary>
    public virtual bool Owns(string path) => Answers(path);

    /// <summary>Whether the content type of an answer says that it is a stream.</summary>
    public bool IsStream(WireRequest request, string contentType) =>
        contentType.StartsWith(StreamType(request).Split(';')[0], StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the bytes of a request.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="target">The path and the query that it goes to.</param>
    /// <exception cref="WireException">They are no JSON object, or none of this provider's.</exception>
    public WireRequest Read(ReadOnlyMemory<byte> body, string target = "")
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 128 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Addressed(Read(document.RootElement), target)
                : throw new WireException("the body is no JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new WireException($"the body is no request of {Name}: {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>A request with what its path and query say of it.</summary>
    protected virtual WireRequest Addressed(WireRequest request, string target) => request;

    public static byte[] Bytes(JsonNode body) => Encoding.UTF8.GetBytes(Text(body));

    protected static string Text(JsonNode body) => body.ToJsonString(s_compact);

    /// <summary>An event as it is sent.</summary>
    protected static byte[] Event(string? name, JsonNode data) =>
        Encoding.UTF8.GetBytes(name is null ? $"data: {Text(data)}\n\n" : $"event: {name}\ndata: {Text(data)}\n\n");

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
        [
            .. ItemsOf(body, "tools")
                .Select(definition)
                .Where(t => t is { } tool && StringOf(tool, "name") is not null)
                .Select(t => ToolOf(t!.Value, Member(t.Value, schema))),
        ];

    /// <summary>A tool that a request offers.</summary>
    protected static RecordedTool ToolOf(JsonElement tool, JsonElement? schema) =>
        new(StringOf(tool, "name")!, (schema ?? JsonElement.Parse("{}")).Clone(), StringOf(tool, "description"));

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
    protected static RecordedUsage? UsageOf(JsonElement body, string input, string output, string member = "usage") =>
        Member(body, member) is { } usage && Member(usage, input) is { } i && Member(usage, output) is { } o
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

/// <summary>Every provider's format.</summary>
internal static class WireFormats
{
    private static readonly WireFormat[] s_all =
    [
        new OpenAiChat(),
        new OpenAiResponses(),
        new AnthropicMessages(),
        new GeminiContent(),
        new BedrockConverse(),
    ];

    /// <summary>The formats.</summary>
    public static IReadOnlyList<WireFormat> All => s_all;

    /// <summary>The variables that SDKs take their model's address from, in words.</summary>
    public static string Variables
    {
        get
        {
            string[] names = [.. Addresses.Select(a => a.Variable)];
            return $"{string.Join(", ", names[..^1])} or {names[^1]}";
        }
    }

    /// <summary>Where every provider's SDKs look for it, each once.</summary>
    public static IEnumerable<WireAddress> Addresses => s_all.Select(f => f.Address).DistinctBy(a => a.Variable);

    /// <summary>Whether the requests of a provider's own client can be read, by what its metadata call it.</summary>
    public static bool IsProvider(string name) => Array.Exists(s_all, f => f.Provider == name);

    /// <summary>The format of requests to a path, or null.</summary>
    public static WireFormat? Of(string method, string path) => method == "POST" ? Array.Find(s_all, f => f.Answers(path)) : null;
}
