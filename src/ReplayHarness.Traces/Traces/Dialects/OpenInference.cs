using System.Globalization;

namespace ReplayHarness.Traces.Dialects;

/// <summary>OpenInference (Arize): <c>openinference.span.kind</c>, messages as numbered attributes. A run's root may be a CHAIN.</summary>
internal class OpenInference : Dialect
{
    /// <summary>The attribute that says what a span is.</summary>
    public const string Kind = "openinference.span.kind";

    private const int MaxTools = 128,
        MostMissing = 3;

    public override string Name => "openinference";

    public override string? Marks => "openinference.span.kind = LLM or TOOL";

    public override IReadOnlyList<string> Prefixes => ["openinference.", "llm."];

    public override IReadOnlyList<string> NotOfTheTask => ["openinference.", "llm.", "input.value", "output.value"];

    public override IReadOnlyList<string> InputTokens => ["llm.token_count.prompt"];

    public override IReadOnlyList<string> OutputTokens => ["llm.token_count.completion"];

    public override IReadOnlyList<string> Costs => ["llm.cost.total"];

    public override IReadOnlyList<string> Models => ["llm.model_name"];

    public override IEnumerable<object?> ToolDefinitions(Span span)
    {
        for (var i = 0; i < MaxTools && span.Attributes.Text($"llm.tools.{i}.tool.json_schema") is { } text; i++)
            yield return text;
    }

    public override bool Recognises(Span span) => span.Attributes.Has(Kind);

    public override SpanRole RoleOf(Span span) =>
        span.Attributes.Text(Kind) switch
        {
            "AGENT" or "CHAIN" => SpanRole.Agent,
            "LLM" => SpanRole.Model,
            "TOOL" => SpanRole.Tool,
            _ => SpanRole.Other,
        };

    public override string ToolName(Span span) => span.Attributes.Text("tool.name") ?? span.Name;

    public override string? CallId(Span span) => span.Attributes.Text("tool.id") ?? span.Attributes.Text("tool_call.id");

    public override string? Arguments(Span span) => span.Attributes.Text("input.value");

    public override string? Result(Span span) => span.Attributes.Text("output.value");

    public override string? Model(Span span) => span.Attributes.Text("llm.model_name");

    public override string? FinishReason(Span span) => span.Attributes.Text("llm.finish_reason");

    // LiteLLM's leaves out whose result it is, and has the whole request beside it.
    public override IReadOnlyList<Message>? Input(Span span)
    {
        var numbered = Numbered(span.Attributes, "llm.input_messages");
        return
            numbered?.Any(m => m.Parts.Any(p => p is ToolResultPart { CallId: null })) == true
            && Messages.Parse(Member(span, "input.value", "messages")) is { } whole
            && whole.Count == numbered.Length
            ? whole
            : numbered;
    }

    public override IReadOnlyList<Message>? Output(Span span) => Numbered(span.Attributes, "llm.output_messages");

    private static Message[]? Numbered(AttributeSet attributes, string name)
    {
        var messages = new List<Message>();
        while (attributes.Text(At(name, messages.Count, "message.role")) is { } role)
            messages.Add(new Message(role, Parts(attributes, At(name, messages.Count, "message"), role)));
        return messages.Count > 0 ? [.. messages] : null;
    }

    private static MessagePart[] Parts(AttributeSet attributes, string message, string role)
    {
        var id = attributes.Text(message + ".tool_call_id");
        var parts = new List<MessagePart>();
        if (attributes.Text(message + ".content") is { Length: > 0 } content)
            parts.Add(role == "tool" ? new ToolResultPart(id, content) : new TextPart(content));
        parts.AddRange(Contents(attributes, message + ".contents", role, id));
        for (var i = 0; attributes.Text(At(message + ".tool_calls", i, "tool_call.function.name")) is { } tool; i++)
            parts.Add(
                new ToolCallPart(
                    attributes.Text(At(message + ".tool_calls", i, "tool_call.id")),
                    tool,
                    attributes.Text(At(message + ".tool_calls", i, "tool_call.function.arguments")) ?? "{}"
                )
            );
        return [.. parts];
    }

    // A message of several contents. What is no text has a number, too, and may have left nothing behind it.
    private static IEnumerable<MessagePart> Contents(AttributeSet attributes, string contents, string role, string? id)
    {
        for (int i = 0, missing = 0; missing < MostMissing; i++)
        {
            var type = attributes.Text(At(contents, i, "message_content.type"));
            var text = attributes.Text(At(contents, i, "message_content.text"));
            missing = type is null && text is null ? missing + 1 : 0;
            if (text is null || type is not (null or "text"))
                continue;
            var answered = attributes.Text(At(contents, i, "message.tool_call_id")) ?? (role == "tool" ? id : null);
            yield return role == "tool" || answered is not null ? new ToolResultPart(answered, text) : new TextPart(text);
        }
    }

    private static string At(string name, int index, string member) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}.{index}.{member}");
}
