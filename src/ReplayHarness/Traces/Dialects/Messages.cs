namespace ReplayHarness.Traces.Dialects;

/// <summary>Messages in the forms that instrumentations write: the conventions' parts, content blocks of Anthropic, Bedrock and the Vercel SDK, plain text.</summary>
internal static class Messages
{
    /// <summary>A list of messages, or null where the value is none.</summary>
    public static IReadOnlyList<Message>? Parse(object? value)
    {
        if (value is not IReadOnlyList<object?> list) return null;
        return [.. list.OfType<IReadOnlyDictionary<string, object?>>().Select(m => new Message(Text(m, "role") ?? "", ParseParts(m.GetValueOrDefault("parts") ?? m.GetValueOrDefault("content"))))];
    }

    /// <summary>The parts of one message.</summary>
    public static IReadOnlyList<MessagePart> ParseParts(object? value) => value switch
    {
        string text => [new TextPart(text)],
        IReadOnlyDictionary<string, object?> part => Part(part) is { } p ? [p] : [],
        IReadOnlyList<object?> parts => [.. parts.SelectMany(ParseParts)],
        _ => [],
    };

    /// <summary>The first finish reason, whether written as a list, as JSON text of one, or alone; folded.</summary>
    public static string? FirstOf(object? value) => value switch
    {
        string text => Json.TryParse(text) is IReadOnlyList<object?> list ? FirstOf(list) : text,
        IReadOnlyList<object?> { Count: > 0 } list => list[0] as string,
        _ => null,
    };

    private static MessagePart? Part(IReadOnlyDictionary<string, object?> part)
    {
        // Bedrock wraps: {"toolUse":{…}}, {"toolResult":{…}}.
        if (part.GetValueOrDefault("toolUse") is IReadOnlyDictionary<string, object?> use) return CallOf(use);
        if (part.GetValueOrDefault("toolResult") is IReadOnlyDictionary<string, object?> result) return ResultOf(result);
        return Text(part, "type") switch
        {
            "tool_call" or "toolUse" or "tool_use" or "tool-call" => CallOf(part),
            "tool_call_response" or "tool_result" or "toolResult" or "tool-result" => ResultOf(part),
            "text" or null when Text(part, "content") is { } content => new TextPart(content),
            _ when Text(part, "toolName") is not null => CallOf(part),
            _ => Text(part, "text") is { } text ? new TextPart(text) : null,
        };
    }

    private static ToolCallPart CallOf(IReadOnlyDictionary<string, object?> call) =>
        new(IdOf(call), Text(call, "name") ?? Text(call, "toolName") ?? "", AsText(First(call, "arguments", "input", "args")) ?? "{}");

    private static ToolResultPart ResultOf(IReadOnlyDictionary<string, object?> result) =>
        new(IdOf(result), AsText(First(result, "response", "result", "output", "content")) ?? "");

    private static string? IdOf(IReadOnlyDictionary<string, object?> part) => Text(part, "id") ?? Text(part, "toolUseId") ?? Text(part, "toolCallId") ?? Text(part, "tool_use_id");

    private static object? First(IReadOnlyDictionary<string, object?> part, params string[] names) => names.Select(n => part.GetValueOrDefault(n)).FirstOrDefault(v => v is not null);

    private static string? AsText(object? value) => value as string ?? (value is null ? null : Json.Write(value));

    private static string? Text(IReadOnlyDictionary<string, object?> part, string name) => part.GetValueOrDefault(name) as string;
}
