namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// OpenLLMetry (Traceloop): <c>traceloop.span.kind</c>, <c>llm.request.type</c>; later versions write gen_ai's operation names beside them.
/// </summary>
internal sealed class OpenLlmetry : GenAi
{
    public override string Name => "openllmetry";

    public override string? Marks => "llm.request.type = chat, or traceloop.span.kind = tool";

    public override IReadOnlyList<string> Prefixes => ["traceloop.", "llm."];

    public override IReadOnlyList<string> Sessions =>
        [
            "traceloop.association.properties.session_id",
            "traceloop.association.properties.thread_id",
            "traceloop.association.properties.sessionId",
        ];

    public override IReadOnlyList<string> Workflows => ["traceloop.workflow.name"];

    public override IReadOnlyList<string> InputTokens => ["llm.usage.prompt_tokens"];

    public override IReadOnlyList<string> OutputTokens => ["llm.usage.completion_tokens"];

    public override bool Recognises(Span span) => span.Attributes.Has("traceloop.span.kind") || span.Attributes.Has("llm.request.type");

    public override SpanRole RoleOf(Span span) =>
        base.RoleOf(span) is var role && role != SpanRole.Other ? role
        : span.Attributes.Text("llm.request.type") is "chat" or "completion" ? SpanRole.Model
        : span.Attributes.Text("traceloop.span.kind") switch
        {
            "workflow" or "agent" => SpanRole.Agent,
            "tool" => SpanRole.Tool,
            _ => SpanRole.Other,
        };

    // LangChain's class may stand where the name belongs; the message that the tool gave back knows it.
    public override string ToolName(Span span) =>
        ToolMessage(span)?.GetValueOrDefault("name") as string
        ?? span.Attributes.Text("gen_ai.tool.name")
        ?? span.Attributes.Text("traceloop.entity.name")
        ?? span.Name;

    public override string? CallId(Span span) => ToolMessage(span)?.GetValueOrDefault("tool_call_id") as string ?? base.CallId(span);

    public override string? Arguments(Span span) =>
        span.Attributes.Structure("traceloop.entity.input") is IReadOnlyDictionary<string, object?> map
        && map.GetValueOrDefault("args") is IReadOnlyList<object?> { Count: 1 } args
            ? args[0] as string ?? Json.Write(args[0])
            : span.Attributes.Text("traceloop.entity.input") ?? base.Arguments(span);

    public override string? Result(Span span) =>
        ToolMessage(span)?.GetValueOrDefault("content") as string ?? span.Attributes.Text("traceloop.entity.output") ?? base.Result(span);

    private static IReadOnlyDictionary<string, object?>? ToolMessage(Span span) =>
        (span.Attributes.Structure("traceloop.entity.output") as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("kwargs")
        as IReadOnlyDictionary<string, object?>;
}
