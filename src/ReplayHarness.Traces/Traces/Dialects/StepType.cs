namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Home-grown agents that name their steps: <c>step_type</c> on every step, <c>stop_reason</c> on the run, gen_ai names where they apply. A
/// step of mere reasoning is no call.
/// </summary>
internal sealed class StepType : GenAi
{
    public override string Name => "step-type";

    public override string? Marks => "step_type = llm_generate or tool_call";

    public override bool Recognises(Span span) => span.Attributes.Has("step_type");

    public override SpanRole RoleOf(Span span) =>
        base.RoleOf(span) is var role && role != SpanRole.Other
            ? role
            : span.Attributes.Text("step_type") switch
            {
                "tool_call" => SpanRole.Tool,
                "llm_generate" => SpanRole.Model,
                _ => SpanRole.Other,
            };

    public override string ToolName(Span span) =>
        span.Attributes.Text("gen_ai.tool.name") ?? span.Name.Replace("tool_call: ", "", StringComparison.Ordinal);
}
