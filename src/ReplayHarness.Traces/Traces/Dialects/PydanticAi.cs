namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Pydantic AI and Logfire: gen_ai, with a tool's content in <c>tool_arguments</c> and <c>tool_response</c> (v2) or the convention's names
/// (v3 and later).
/// </summary>
internal sealed class PydanticAi : GenAi
{
    public override string Name => "pydantic-ai";

    public override IReadOnlyList<string> Prefixes => ["pydantic_ai."];

    public override IReadOnlyList<string> Costs => ["operation.cost"];

    public override bool MarksFailure(Span span) => span.Attributes.Has("pydantic_ai.tool.failure_stage");

    public override bool Recognises(Span span) =>
        span.Attributes.Has("tool_arguments")
        || span.Attributes.Has("agent_name")
        || (
            span.Scope == "pydantic-ai"
            && (
                span.Attributes.Has("gen_ai.operation.name")
                || span.Name.StartsWith("running tool", StringComparison.Ordinal)
                || span.Name == "agent run"
            )
        );

    // Version 2 wrote no operation name. "running N tools" wraps the calls of a turn and is none itself.
    public override SpanRole RoleOf(Span span) =>
        span.Attributes.Has("gen_ai.operation.name") ? base.RoleOf(span)
        : span.Name == "agent run" ? SpanRole.Agent
        : span.Attributes.Has("gen_ai.tool.name") ? SpanRole.Tool
        : SpanRole.Other;

    public override string? Arguments(Span span) => span.Attributes.Text("tool_arguments") ?? base.Arguments(span);

    public override string? Result(Span span) => span.Attributes.Text("tool_response") ?? base.Result(span);
}
