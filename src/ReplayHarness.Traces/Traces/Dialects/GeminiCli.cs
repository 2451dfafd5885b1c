namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Gemini CLI: gen_ai's attributes with operations of its own (<c>llm_call</c>, <c>tool_call</c>, <c>user_prompt</c>, …), and Gemini's
/// contents, requests and whole records of calls where the conventions have messages.
/// </summary>
internal sealed class GeminiCli : GenAi
{
    private const string Operation = "gen_ai.operation.name";
    private const string InputName = "gen_ai.input.messages";
    private const string OutputName = "gen_ai.output.messages";

    public override string Name => "gemini-cli";

    public override IReadOnlyList<string> Prefixes => ["gemini_cli.", "gemini-cli"];

    public override string? Marks => "gen_ai.operation.name = llm_call or tool_call in the scope gemini-cli";

    public override bool Recognises(Span span) =>
        span.Attributes.Text(Operation)
            is "llm_call"
                or "tool_call"
                or "user_prompt"
                or "system_prompt"
                or "agent_call"
                or "schedule_tool_calls"
        && (span.Scope == "gemini-cli" || span.Attributes.Has("gen_ai.agent.description"));

    // A request of embeddings is called alike; it alone has no name of a prompt.
    public override SpanRole RoleOf(Span span) =>
        span.Attributes.Text(Operation) switch
        {
            "user_prompt" or "system_prompt" or "agent_call" => SpanRole.Agent,
            "llm_call" when span.Attributes.Has("gen_ai.prompt.name") => SpanRole.Model,
            "tool_call" => SpanRole.Tool,
            _ => SpanRole.Other,
        };

    public override string? CallId(Span span) => span.Attributes.Text("gen_ai.tool.call_id") ?? base.CallId(span);

    public override string? Arguments(Span span) => Member(span, InputName, "args") is { } arguments ? Json.Write(arguments) : null;

    // As the model is told.
    public override string? Result(Span span) =>
        Failed(span) || ToldOf(span) is not { } told ? null
        : told is IReadOnlyDictionary<string, object?> { Count: 1 } map && map.GetValueOrDefault("output") is string text ? text
        : Json.Write(told);

    // The span of a tool that told its error by itself went well.
    public override bool MarksFailure(Span span) => Failed(span);

    public override string? ErrorMessage(Span span) =>
        Failed(span) && ToldOf(span) is IReadOnlyDictionary<string, object?> told ? told.GetValueOrDefault("error") as string : null;

    public override string? ErrorType(Span span) =>
        Failed(span) && Member(span, OutputName, "response") is IReadOnlyDictionary<string, object?> response
            ? response.GetValueOrDefault("errorType") as string
            : null;

    public override IReadOnlyList<Message>? Input(Span span)
    {
        if (Contents(span.Attributes[InputName]) is not { Length: > 0 } messages)
            return null;
        var system = span.Attributes.Structure("gen_ai.system_instructions") switch
        {
            IReadOnlyDictionary<string, object?> content when content.ContainsKey("parts") => Messages.ParseParts(content["parts"]),
            { } parts => Messages.ParseParts(parts),
            null => Messages.ParseParts(TextOf(span.Attributes["gen_ai.system_instructions"])),
        };
        return system.Count == 0 ? messages : [new Message("system", system), .. messages];
    }

    // A stream's pieces, each a content of its own.
    public override IReadOnlyList<Message>? Output(Span span)
    {
        if (Contents(span.Attributes[OutputName]) is not { Length: > 0 } pieces)
            return null;
        List<MessagePart> parts = [];
        foreach (var part in pieces.SelectMany(p => p.Parts))
            if (part is TextPart text && parts.LastOrDefault() is TextPart before)
                parts[^1] = new TextPart(before.Content + text.Content);
            else
                parts.Add(part);
        return [new("assistant", parts)];
    }

    private static bool Failed(Span span) =>
        span.Attributes.Text(Operation) == "tool_call"
        && span.Attributes.Has("gen_ai.tool.call_id")
        && Member(span, OutputName, "status") is "error" or "cancelled";

    // {status, request, response: {responseParts: [{functionResponse: {response: {output or error}}}]}}
    private static object? ToldOf(Span span) =>
        Member(span, OutputName, "response") is IReadOnlyDictionary<string, object?> response
        && response.GetValueOrDefault("responseParts") is IReadOnlyList<object?> parts
            ? parts
                .OfType<IReadOnlyDictionary<string, object?>>()
                .Select(p =>
                    (p.GetValueOrDefault("functionResponse") as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("response")
                )
                .FirstOrDefault(r => r is not null)
            : null;

    // A text, a content, or a list of contents or of parts; what was cut is no JSON any more.
    private static Message[]? Contents(object? value)
    {
        var read = value is string text ? Json.TryParse(text) ?? (IsCutJson(text) ? null : text) : value;
        return read switch
        {
            string prompt => [new("user", [new TextPart(prompt)])],
            IReadOnlyDictionary<string, object?> content => [MessageOf(content)],
            IReadOnlyList<object?> list => [.. list.OfType<IReadOnlyDictionary<string, object?>>().Select(MessageOf)],
            _ => null,
        };
    }

    private static bool IsCutJson(string text) => text.Length > 0 && text[0] is '[' or '{';

    private static Message MessageOf(IReadOnlyDictionary<string, object?> content)
    {
        var parts = content.GetValueOrDefault("parts") is IReadOnlyList<object?> list ? list : [content];
        var message = Messages.MessageOf(
            new Dictionary<string, object?>
            {
                ["role"] = content.GetValueOrDefault("role") ?? "user",
                // What the model thought is not what it said.
                ["parts"] = parts
                    .Where(p => (p as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("thought") is not true)
                    .ToArray(),
            }
        );
        return message.Parts.Any(p => p is ToolResultPart) ? message with { Role = "tool" } : message;
    }

    private static string? TextOf(object? value) => value is string text ? Json.TryParse(text) as string ?? text : null;
}
