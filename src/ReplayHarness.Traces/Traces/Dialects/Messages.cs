namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Messages in the forms that instrumentations write: the conventions' parts; content blocks of Anthropic, Bedrock, Gemini, Genkit and the
/// Vercel SDK; OpenAI's chat messages and Responses items; LangChain's serialised messages; plain text.
/// </summary>
internal static class Messages
{
    /// <summary>A list of messages, or null where the value is none.</summary>
    public static IReadOnlyList<Message>? Parse(object? value) =>
        value switch
        {
            // LangChain batches: a list of conversations, of which there is one.
            IReadOnlyList<object?> { Count: 1 } batch when batch[0] is IReadOnlyList<object?> inner => Parse(inner),
            IReadOnlyList<object?> list => Answered([.. list.OfType<IReadOnlyDictionary<string, object?>>().Select(MessageOf)]),
            _ => null,
        };

    // Some leave a result's call id out, or write the tool's name as the role: it answers the first call that fits and is not answered yet.
    private static Message[] Answered(Message[] messages)
    {
        var open = new List<ToolCallPart>();
        for (var i = 0; i < messages.Length; i++)
        {
            var (role, parts) = messages[i];
            open.AddRange(parts.OfType<ToolCallPart>());
            foreach (var result in parts.OfType<ToolResultPart>())
                open.RemoveAll(c => c.CallId == result.CallId);
            if (role is "user" or "assistant" or "system" || parts.Any(p => p is not TextPart))
                continue;
            if (open.Find(c => role == "tool" || c.Name == role) is not { } call)
                continue;
            open.Remove(call);
            messages[i] = new(
                "tool",
                [new ToolResultPart(call.CallId, string.Join("\n", parts.OfType<TextPart>().Select(t => t.Content)))]
            );
        }
        return messages;
    }

    /// <summary>One message, whatever wraps it.</summary>
    public static Message MessageOf(IReadOnlyDictionary<string, object?> message)
    {
        if (message.GetValueOrDefault("kwargs") is IReadOnlyDictionary<string, object?> langChain)
            message = langChain.Append(new("type", TypeOf(message))).DistinctBy(m => m.Key).ToDictionary(m => m.Key, m => m.Value);
        switch (Text(message, "type"))
        {
            case "function_call":
                return new("assistant", [CallOf(message)]);
            case "function_call_output":
                return new("tool", [ResultOf(message)]);
        }
        var role = RoleOf(Text(message, "role") ?? Text(message, "type"));
        var content = message.GetValueOrDefault("parts") ?? message.GetValueOrDefault("content");
        if (role == "tool" && Text(message, "tool_call_id") is not null)
            return new(role, [ResultOf(message)]);
        var calls = (message.GetValueOrDefault("tool_calls") as IReadOnlyList<object?> ?? [])
            .OfType<IReadOnlyDictionary<string, object?>>()
            .Select(CallOf);
        return new(role, [.. ParseParts(content), .. calls]);
    }

    /// <summary>The parts of one message.</summary>
    public static IReadOnlyList<MessagePart> ParseParts(object? value) =>
        value switch
        {
            string { Length: 0 } => [],
            string text => [new TextPart(text)],
            IReadOnlyDictionary<string, object?> part => Part(part) is { } p ? [p] : [],
            IReadOnlyList<object?> parts => [.. parts.SelectMany(ParseParts)],
            _ => [],
        };

    /// <summary>The first finish reason, whether written as a list, as JSON text of one, joined by commas, or alone.</summary>
    public static string? FirstOf(object? value) =>
        value switch
        {
            string text => Json.TryParse(text) is { } list and not string ? FirstOf(list) : text.Split(',')[0].Trim(),
            IReadOnlyList<object?> { Count: > 0 } list => FirstOf(list[0]),
            // A list that was serialised as OTLP's own value.
            IReadOnlyDictionary<string, object?> map => FirstOf(
                map.GetValueOrDefault("values") ?? map.GetValueOrDefault("stringValue") ?? map.GetValueOrDefault("arrayValue")
            ),
            _ => null,
        };

    private static MessagePart? Part(IReadOnlyDictionary<string, object?> part)
    {
        // Bedrock, Gemini and Genkit wrap: {"toolUse":{…}}, {"functionCall":{…}}, {"toolRequest":{…}}.
        if (First(part, "toolUse", "functionCall", "function_call", "toolRequest") is IReadOnlyDictionary<string, object?> use)
            return CallOf(use);
        if (
            First(part, "toolResult", "functionResponse", "function_response", "toolResponse")
            is IReadOnlyDictionary<string, object?> result
        )
            return ResultOf(result);
        return Text(part, "type") switch
        {
            "tool_call" or "toolUse" or "tool_use" or "tool-call" or "function_call" => CallOf(part),
            "tool_call_response" or "tool_result" or "toolResult" or "tool-result" => ResultOf(part),
            "text" or null when Text(part, "content") is { } content => new TextPart(content),
            _ when Text(part, "toolName") is not null => CallOf(part),
            _ => Text(part, "text") is { } text ? new TextPart(text) : null,
        };
    }

    private static ToolCallPart CallOf(IReadOnlyDictionary<string, object?> call)
    {
        var function = call.GetValueOrDefault("function") as IReadOnlyDictionary<string, object?> ?? call;
        return new(
            IdOf(call),
            Text(function, "name") ?? Text(function, "toolName") ?? "",
            AsText(First(function, "arguments", "input", "args")) ?? "{}"
        );
    }

    private static ToolResultPart ResultOf(IReadOnlyDictionary<string, object?> result)
    {
        string[] names = ["response", "result", "output", "content"];
        var value = First(result, names);
        var wrapped = value as IReadOnlyDictionary<string, object?>;
        var typed =
            wrapped is { Count: 2 }
            && Text(wrapped, "type") is "text" or "json" or "error-text" or "error-json"
            && wrapped.ContainsKey("value");
        return new(IdOf(result), (typed ? AsText(wrapped!["value"]) : TextBlocks(value) ?? AsText(value)) ?? "")
        {
            IsError =
                First(result, "is_error", "isError") is true
                || Text(result, "status") == "error"
                || (typed && Text(wrapped!, "type")!.StartsWith("error", StringComparison.Ordinal))
                || (Text(result, "name") is not null && wrapped is { Count: 1 } && wrapped.ContainsKey("error")),
            IsBlank = value is null ? names.Any(result.ContainsKey) : value is string text && string.IsNullOrWhiteSpace(text),
        };
    }

    // [{type:"text", text}]: the blocks' texts are the result.
    private static string? TextBlocks(object? value) =>
        value is IReadOnlyList<object?> { Count: > 0 } list
        && list.All(b =>
            b is IReadOnlyDictionary<string, object?> block && Text(block, "type") == "text" && Text(block, "text") is not null
        )
            ? string.Join("\n", list.Select(b => Text((IReadOnlyDictionary<string, object?>)b!, "text")))
            : null;

    private static string? TypeOf(IReadOnlyDictionary<string, object?> message) =>
        message.GetValueOrDefault("id") is IReadOnlyList<object?> { Count: > 0 } id ? id[^1] as string : null;

    private static string RoleOf(string? role) =>
        role switch
        {
            "human" or "HumanMessage" or "HumanMessageChunk" => "user",
            "ai" or "AIMessage" or "AIMessageChunk" or "model" => "assistant",
            "ToolMessage" or "function" => "tool",
            "SystemMessage" or "developer" => "system",
            "System" or "User" or "Assistant" or "Tool" => role.ToLowerInvariant(),
            _ => role ?? "",
        };

    private static string? IdOf(IReadOnlyDictionary<string, object?> part) =>
        First(part, "tool_call_id", "call_id", "toolUseId", "toolCallId", "tool_use_id", "ref", "id") as string;

    private static object? First(IReadOnlyDictionary<string, object?> part, params string[] names) =>
        names.Select(n => part.GetValueOrDefault(n)).FirstOrDefault(v => v is not null);

    private static string? AsText(object? value) => value as string ?? (value is null ? null : Json.Write(value));

    private static string? Text(IReadOnlyDictionary<string, object?> part, string name) => part.GetValueOrDefault(name) as string;
}
