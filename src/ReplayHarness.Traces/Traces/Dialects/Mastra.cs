namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Mastra: <c>mastra.span.type</c>. A generation holds the steps of a whole run and a step may hold an inference; the innermost is the
/// call. Chunks are none.
/// </summary>
internal sealed class Mastra : GenAi
{
    public override string Name => "mastra";

    public override string? Marks => "mastra.span.type = model_inference or tool_call";

    public override IReadOnlyList<string> Prefixes => ["mastra."];

    public override bool Recognises(Span span) => span.Attributes.Has("mastra.span.type");

    public override bool InnermostModelIsTheCall => true;

    public override SpanRole RoleOf(Span span) =>
        span.Attributes.Text("mastra.span.type") switch
        {
            "agent_run" or "workflow_run" => SpanRole.Agent,
            "model_generation" or "model_step" or "model_inference" or "llm_generation" => SpanRole.Model,
            "tool_call" or "mcp_tool_call" => SpanRole.Tool,
            _ => SpanRole.Other,
        };

    public override string? Arguments(Span span) =>
        base.Arguments(span)
        ?? span.Attributes.Text("gen_ai.tool.input")
        ?? span.Attributes.Text("mastra.tool_call.input")
        ?? span.Attributes.Text("input");

    public override string? Result(Span span) =>
        base.Result(span)
        ?? span.Attributes.Text("gen_ai.tool.output")
        ?? span.Attributes.Text("mastra.tool_call.output")
        ?? span.Attributes.Text("output");

    public override string? Model(Span span) =>
        base.Model(span) ?? span.Attributes.Text("gen_ai.response.model") ?? span.Attributes.Text("modelId");

    public override IReadOnlyList<Message>? Input(Span span) =>
        base.Input(span)
        ?? Messages.Parse(span.Attributes.Structure("mastra.model_step.input"))
        ?? Messages.Parse(Body(span)?.GetValueOrDefault("messages"));

    public override IReadOnlyList<Message>? Output(Span span)
    {
        if (base.Output(span) is { } messages)
            return messages;
        if (span.Attributes.Structure("output") is not IReadOnlyDictionary<string, object?> output)
            return null;
        var text = output.GetValueOrDefault("text") as string ?? "";
        return [new("assistant", [.. Messages.ParseParts(text), .. Messages.ParseParts(output.GetValueOrDefault("toolCalls"))])];
    }

    // A step's input holds the request's body as text; a generation's holds the messages.
    private static IReadOnlyDictionary<string, object?>? Body(Span span)
    {
        var input = span.Attributes.Structure("input") as IReadOnlyDictionary<string, object?>;
        return input?.GetValueOrDefault("body") is string body ? Json.TryParse(body) as IReadOnlyDictionary<string, object?> : input;
    }
}
