namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Requests and answers of models' APIs and clients as they are, for dialects that keep the arguments and the result of the client's call:
/// OpenAI's chat and responses, Anthropic, Gemini, LangChain.
/// </summary>
internal static class Bodies
{
    /// <summary>The messages of a request: a body that holds them, a list of them, or a text; null where it is none.</summary>
    public static IReadOnlyList<Message>? Request(object? value) =>
        value switch
        {
            string { Length: > 0 } text => [new("user", [new TextPart(text)])],
            IReadOnlyDictionary<string, object?> body => WithSystem(
                body,
                Request(First(body, "messages", "contents", "input", "prompt", "inputs", "prompts", "history"))
            ),
            IReadOnlyList<object?> { Count: > 0 } list when list.All(i => i is string) =>
            [
                .. list.Select(t => new Message("user", [new TextPart((string)t!)])),
            ],
            IReadOnlyList<object?> { Count: > 0 } list => Of(list),
            _ => null,
        };

    /// <summary>The messages of an answer, or null where it is none.</summary>
    public static IReadOnlyList<Message>? Answer(object? value) =>
        value switch
        {
            string text => [new("assistant", [new TextPart(text)])],
            IReadOnlyDictionary<string, object?> body => AnswerOf(body),
            // A stream that was kept piece by piece is no answer yet.
            IReadOnlyList<object?> { Count: > 0 } list => Of(list),
            _ => null,
        };

    /// <summary>Why an answer ended, as its API says it; null where it does not.</summary>
    public static string? FinishReason(object? value)
    {
        if (value is not IReadOnlyDictionary<string, object?> body)
            return null;
        var choice = FirstOf(body, "choices") ?? FirstOf(body, "candidates") ?? Generation(body) ?? body;
        return (
                First(choice, "finish_reason", "finishReason", "stop_reason")
                ?? (choice.GetValueOrDefault("generation_info") as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("finish_reason")
            ) as string;
    }

    private static IReadOnlyList<Message>? AnswerOf(IReadOnlyDictionary<string, object?> body)
    {
        if (FirstOf(body, "choices") is { } choice)
            return choice.GetValueOrDefault("message") is IReadOnlyDictionary<string, object?> said ? [Said(said)] : null;
        if (FirstOf(body, "candidates") is { } candidate)
            return candidate.GetValueOrDefault("content") is IReadOnlyDictionary<string, object?> content ? [Said(content)] : null;
        if (Generation(body) is { } generation)
            return generation.GetValueOrDefault("message") is IReadOnlyDictionary<string, object?> message
                ? [Said(message)]
                : Answer(generation.GetValueOrDefault("text") as string);
        if (body.GetValueOrDefault("output") is { } output and not string)
            return Answer(output);
        if (body.GetValueOrDefault("messages") is IReadOnlyList<object?> { Count: > 0 } messages)
            return Of(messages) is { Length: > 0 } all ? [all[^1]] : null;
        if (body.ContainsKey("role") || body.ContainsKey("kwargs") || body.ContainsKey("content") || body.ContainsKey("tool_calls"))
            return [Said(body)];
        return body.GetValueOrDefault("output") is string text ? Answer(text) : null;
    }

    private static Message Said(IReadOnlyDictionary<string, object?> message) => Messages.MessageOf(message) with { Role = "assistant" };

    // LangChain's generations of one batch.
    private static IReadOnlyDictionary<string, object?>? Generation(IReadOnlyDictionary<string, object?> body) =>
        body.GetValueOrDefault("generations") is IReadOnlyList<object?> { Count: > 0 } batch
            ? (batch[0] is IReadOnlyList<object?> { Count: > 0 } inner ? inner[0] : batch[0]) as IReadOnlyDictionary<string, object?>
            : null;

    // Items that are no messages (of reasoning, of a search) have no part.
    private static Message[]? Of(IReadOnlyList<object?> list) =>
        Messages.Parse(list)?.Where(m => m.Parts.Count > 0).ToArray() is { Length: > 0 } messages ? messages : null;

    private static IReadOnlyList<Message>? WithSystem(IReadOnlyDictionary<string, object?> body, IReadOnlyList<Message>? messages) =>
        messages is not null && Messages.ParseParts(First(body, "system", "instructions")) is { Count: > 0 } system
            ? [new("system", system), .. messages]
            : messages;

    private static IReadOnlyDictionary<string, object?>? FirstOf(IReadOnlyDictionary<string, object?> body, string name) =>
        body.GetValueOrDefault(name) is IReadOnlyList<object?> { Count: > 0 } list ? list[0] as IReadOnlyDictionary<string, object?> : null;

    private static object? First(IReadOnlyDictionary<string, object?> body, params string[] names) =>
        names.Select(n => body.GetValueOrDefault(n)).FirstOrDefault(v => v is not null);
}
