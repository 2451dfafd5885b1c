using System.Globalization;

namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Where each version of the gen_ai conventions keeps messages: attributes (1.37 on), span events (up to 1.36), numbered attributes
/// (OpenLLMetry, Koog).
/// </summary>
internal static class GenAiContent
{
    /// <summary>The attribute in which some keep all of an event, as JSON.</summary>
    public const string EventContent = "gen_ai.event.content";

    private const string Details = "gen_ai.client.inference.operation.details";

    public static IReadOnlyList<Message>? Input(Span span)
    {
        var attributes = Event(span, Details) ?? AttributeSet.None;
        var messages = Messages.Parse(span.Attributes.Structure("gen_ai.input.messages") ?? attributes.Structure("gen_ai.input.messages"));
        if (messages is null)
            return EventMessages(span)
                ?? Numbered(span.Attributes, "gen_ai.prompt")
                ?? ContentEvent(span, "gen_ai.content.prompt", "gen_ai.prompt")
                ?? Logged(span, isInput: true);
        var instructions = Messages.ParseParts(
            span.Attributes.Structure("gen_ai.system_instructions") ?? attributes.Structure("gen_ai.system_instructions")
        );
        return instructions.Count == 0 ? messages : [new Message("system", instructions), .. messages];
    }

    public static IReadOnlyList<Message>? Output(Span span) =>
        Messages.Parse(span.Attributes.Structure("gen_ai.output.messages") ?? Event(span, Details)?.Structure("gen_ai.output.messages"))
        ?? Choice(span)
        ?? Numbered(span.Attributes, "gen_ai.completion")
        ?? ContentEvent(span, "gen_ai.content.completion", "gen_ai.completion")
        ?? Logged(span, isInput: false);

    /// <summary>The attributes of the last event of a name.</summary>
    public static AttributeSet? Event(Span span, string name) => span.Events.LastOrDefault(e => e.Name == name)?.Attributes;

    // 1.28 to 1.36: an event a message, gen_ai.user.message.
    private static IReadOnlyList<Message>? EventMessages(Span span)
    {
        SpanEvent[] events =
        [
            .. span.Events.Where(e =>
                e.Name.StartsWith("gen_ai.", StringComparison.Ordinal) && e.Name.EndsWith(".message", StringComparison.Ordinal)
            ),
        ];
        if (events.Length == 0)
            return null;
        if (events.All(e => e.Attributes.Has(EventContent)))
            return EventContents.Messages(events);
        return [.. events.Select(e => new Message(e.Name.Split('.')[1], PartsOf(e.Attributes)))];
    }

    private static MessagePart[] PartsOf(AttributeSet attributes)
    {
        if (attributes.Text("id") is { } id && attributes.Has("role") && attributes.Text("role") == "tool")
            return [new ToolResultPart(id, attributes.Text("content") ?? "")];
        var calls = attributes.Structure("tool_calls") is { } list
            ? Messages.Parse(new object?[] { new Dictionary<string, object?> { ["tool_calls"] = list } })![0].Parts
            : [];
        return [.. Messages.ParseParts(attributes.Structure("content") ?? attributes.Text("content")), .. calls];
    }

    private static IReadOnlyList<Message>? Choice(Span span)
    {
        if (Event(span, "gen_ai.choice") is not { } choice)
            return null;
        if (choice.Has(EventContent))
            return EventContents.Answer(choice);
        var message = choice.Structure("message");
        if (message is IReadOnlyDictionary<string, object?> map && (map.ContainsKey("role") || map.ContainsKey("tool_calls")))
            return [Messages.MessageOf(map) with { Role = "assistant" }];
        return
        [
            new Message(
                "assistant",
                [
                    .. Messages.ParseParts(message ?? choice.Text("message")),
                    .. message is null && !choice.Has("message") ? PartsOf(choice) : [],
                ]
            ),
        ];
    }

    // Up to 1.27: one event with everything as JSON.
    private static IReadOnlyList<Message>? ContentEvent(Span span, string name, string attribute) =>
        Messages.Parse(Event(span, name)?.Structure(attribute));

    // Pydantic AI v1: every message as an event in one attribute; the choice is the answer.
    private static Message[]? Logged(Span span, bool isInput)
    {
        if ((span.Attributes.Structure("events") ?? span.Attributes.Structure("all_messages_events")) is not IReadOnlyList<object?> events)
            return null;
        return
        [
            .. events
                .OfType<IReadOnlyDictionary<string, object?>>()
                .Where(e => (e.GetValueOrDefault("event.name") as string == "gen_ai.choice") != isInput)
                .Select(e => Messages.MessageOf(e.GetValueOrDefault("message") as IReadOnlyDictionary<string, object?> ?? ToolMessage(e))),
        ];
    }

    private static IReadOnlyDictionary<string, object?> ToolMessage(IReadOnlyDictionary<string, object?> e) =>
        e.GetValueOrDefault("role") as string == "tool" && e.GetValueOrDefault("id") is string id
            ? e.Append(new("tool_call_id", id)).ToDictionary(m => m.Key, m => m.Value)
            : e;

    // gen_ai.prompt.0.role, or from 1 in Koog.
    private static Message[]? Numbered(AttributeSet attributes, string prefix)
    {
        var messages = new List<Message>();
        var first = attributes.Has(At(prefix, 0, "role")) || attributes.Has(At(prefix, 0, "content")) ? 0 : 1;
        for (
            var i = first;
            attributes.Has(At(prefix, i, "role"))
                || attributes.Has(At(prefix, i, "content"))
                || attributes.Has(At(prefix, i, "tool_calls.0.name"));
            i++
        )
            messages.Add(NumberedMessage(attributes, At(prefix, i, "")));
        return messages.Count > 0 ? [.. messages] : null;
    }

    private static Message NumberedMessage(AttributeSet attributes, string at)
    {
        var role = attributes.Text(at + "role") ?? "assistant";
        if (attributes.Text(at + "tool_call_id") is { } id)
            return new("tool", [new ToolResultPart(id, attributes.Text(at + "content") ?? "")]);
        List<MessagePart> parts = [.. Messages.ParseParts(attributes.Structure(at + "content") ?? attributes.Text(at + "content"))];
        for (var i = 0; attributes.Text(At(at + "tool_calls", i, "name")) is { } name; i++)
            parts.Add(
                new ToolCallPart(
                    attributes.Text(At(at + "tool_calls", i, "id")),
                    name,
                    attributes.Text(At(at + "tool_calls", i, "arguments")) ?? "{}"
                )
            );
        return new(role, parts);
    }

    private static string At(string name, int index, string member) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}.{index}.{member}");
}
