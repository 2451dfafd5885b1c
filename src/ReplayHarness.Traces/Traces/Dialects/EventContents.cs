namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Events that hold all of a message as JSON in one attribute: Semantic Kernel, and Azure's clients of .NET and Python. Where content was
/// not recorded they may stand there all the same, with roles and reasons only.
/// </summary>
internal static class EventContents
{
    /// <summary>The messages of a request; null where none of them says anything.</summary>
    public static IReadOnlyList<Message>? Messages(IEnumerable<SpanEvent> events)
    {
        var messages = Dialects.Messages.Parse(events.Select(e => (object?)Body(e.Attributes, e.Name.Split('.')[1])).ToArray());
        return messages?.Any(m => m.Parts.Count > 0) == true ? messages : null;
    }

    /// <summary>The answer that an event of a choice holds; null where it says nothing.</summary>
    public static IReadOnlyList<Message>? Answer(AttributeSet choice)
    {
        var body = Body(choice, "assistant");
        var message = body.GetValueOrDefault("message") as IReadOnlyDictionary<string, object?> ?? body;
        var answer = Dialects.Messages.MessageOf(message) with { Role = "assistant" };
        return answer.Parts.Count > 0 ? [answer] : null;
    }

    // Some write the text alone, some the JSON text of a JSON text. What stands there is of the event's own role, whatever case it is in.
    private static Dictionary<string, object?> Body(AttributeSet attributes, string role)
    {
        var value = attributes[GenAiContent.EventContent];
        for (var i = 0; i < 2 && value is string text && Json.TryParse(text) is { } parsed; i++)
            value = parsed;
        var body = value is IReadOnlyDictionary<string, object?> map
            ? new Dictionary<string, object?>(map)
            : new Dictionary<string, object?> { ["content"] = value as string };
        body["role"] = role;
        // A result that answers the call of this id.
        if (role == "tool" && body.GetValueOrDefault("id") is string id)
            body.TryAdd("tool_call_id", id);
        return body;
    }
}
