namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// OpenTelemetry's gen_ai semantic conventions of every version. Vercel AI v7, Microsoft.Extensions.AI, Agent Framework, Semantic Kernel,
/// AutoGen and many more.
/// </summary>
internal class GenAi : Dialect
{
    public override string Name => "gen_ai";

    public override string? Marks => "gen_ai.operation.name = chat, generate_content or execute_tool";

    // The conventions are everybody's.
    public override IReadOnlyList<string> Prefixes => [];

    public override bool Recognises(Span span) => span.Attributes.Has("gen_ai.operation.name") || IsMcpCall(span);

    // create_agent makes an agent, it is no run; orchestrate_tools, agent_step and "execute_tool (merged)" wrap calls and are none.
    public override SpanRole RoleOf(Span span) =>
        span.Attributes.Text("gen_ai.operation.name") switch
        {
            "invoke_agent" or "invoke_workflow" => SpanRole.Agent,
            "chat" or "text_completion" or "generate_content" or "chat.completions" or "text.completions" or "completion" or "responses" =>
                SpanRole.Model,
            "execute_tool" => SpanRole.Tool,
            null when IsMcpCall(span) => SpanRole.Tool,
            _ => SpanRole.Other,
        };

    public override IReadOnlyList<Message>? Input(Span span) => GenAiContent.Input(span);

    public override IReadOnlyList<Message>? Output(Span span) => GenAiContent.Output(span);

    // Conventions 1.39: a call over MCP, often inside the span of the same call.
    private static bool IsMcpCall(Span span) => span.Attributes.Text("mcp.method.name") == "tools/call";
}
