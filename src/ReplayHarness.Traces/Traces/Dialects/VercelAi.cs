namespace ReplayHarness.Traces.Dialects;

/// <summary>Vercel AI SDK v5, v6 and v7's legacy form: <c>ai.operationId</c>. In v7 tools are children of the model's span.</summary>
internal sealed class VercelAi : Dialect
{
    public override string Name => "vercel-ai";

    public override string? Marks => "ai.operationId = ai.toolCall, or one that ends with .doGenerate or .doStream";

    public override IReadOnlyList<string> Prefixes => ["ai."];

    public override IReadOnlyList<string> NotOfTheTask => ["ai."];

    public override IReadOnlyList<string> Sessions => ["ai.telemetry.metadata.sessionId"];

    public override IReadOnlyList<string> InputTokens => ["ai.usage.promptTokens"];

    public override IReadOnlyList<string> OutputTokens => ["ai.usage.completionTokens"];

    public override IEnumerable<object?> ToolDefinitions(Span span) => ListOf(span, "ai.prompt.tools");

    public override bool Recognises(Span span) => span.Attributes.Has("ai.operationId");

    public override SpanRole RoleOf(Span span) =>
        span.Attributes.Text("ai.operationId") switch
        {
            "ai.generateText" or "ai.streamText" or "ai.generateObject" or "ai.streamObject" => SpanRole.Agent,
            "ai.toolCall" => SpanRole.Tool,
            { } id when id.EndsWith(".doGenerate", StringComparison.Ordinal) || id.EndsWith(".doStream", StringComparison.Ordinal) =>
                SpanRole.Model,
            _ => SpanRole.Other,
        };

    public override string ToolName(Span span) => span.Attributes.Text("ai.toolCall.name") ?? span.Name;

    public override string? CallId(Span span) => span.Attributes.Text("ai.toolCall.id");

    public override string? Arguments(Span span) => span.Attributes.Text("ai.toolCall.args");

    public override string? Result(Span span) => span.Attributes.Text("ai.toolCall.result");

    public override string? Model(Span span) => span.Attributes.Text("ai.model.id");

    public override string? FinishReason(Span span) => span.Attributes.Text("ai.response.finishReason");

    public override IReadOnlyList<Message>? Input(Span span) => Messages.Parse(span.Attributes.Structure("ai.prompt.messages"));

    public override IReadOnlyList<Message>? Output(Span span)
    {
        var text = span.Attributes.Text("ai.response.text");
        var calls = Messages.ParseParts(span.Attributes.Structure("ai.response.toolCalls"));
        if (text is null && calls.Count == 0)
            return null;
        return [new Message("assistant", text is { Length: > 0 } ? [new TextPart(text), .. calls] : calls)];
    }
}
