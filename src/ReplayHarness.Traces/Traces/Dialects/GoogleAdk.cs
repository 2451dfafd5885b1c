namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Google's Agent Development Kit: <c>invocation</c>, <c>invoke_agent</c>, <c>call_llm</c>, <c>execute_tool</c>. The span of a failed tool
/// may carry nothing: its error is in the next request. <c>execute_tool (merged)</c> repeats the calls of a turn and is none.
/// </summary>
internal sealed class GoogleAdk : GenAi
{
    private const string Scope = "gcp.vertex.agent";

    public override string Name => "google-adk";

    public override string? Marks => "spans call_llm or execute_tool NAME";

    public override IReadOnlyList<string> Prefixes => ["gcp.vertex.agent"];

    public override IReadOnlyList<string> Sessions => ["gcp.vertex.agent.session_id"];

    public override bool Recognises(Span span) =>
        span.Scope == Scope
        || span.Attributes.Text("gen_ai.system") == Scope
        || span.Attributes.Has("gcp.vertex.agent.invocation_id")
        || span.Attributes.Has("gcp.vertex.agent.tool_call_args")
        || (span.Attributes.Count == 0 && span.Name.StartsWith("execute_tool ", StringComparison.Ordinal));

    public override SpanRole RoleOf(Span span) =>
        span.Name switch
        {
            "invocation" => SpanRole.Agent,
            "call_llm" => SpanRole.Model,
            "execute_tool (merged)" => SpanRole.Other,
            { } name
                when name.StartsWith("invoke_agent", StringComparison.Ordinal) || name.StartsWith("agent_run", StringComparison.Ordinal) =>
                SpanRole.Agent,
            { } name when name.StartsWith("execute_tool ", StringComparison.Ordinal) => SpanRole.Tool,
            _ => base.RoleOf(span),
        };

    public override string ToolName(Span span) =>
        span.Attributes.Text("gen_ai.tool.name") ?? span.Name.Replace("execute_tool ", "", StringComparison.Ordinal);

    public override string? Arguments(Span span) => span.Attributes.Text("gcp.vertex.agent.tool_call_args") ?? base.Arguments(span);

    public override string? Result(Span span) => span.Attributes.Text("gcp.vertex.agent.tool_response") ?? base.Result(span);

    public override IReadOnlyList<Message>? Input(Span span) =>
        Messages.Parse(Member(span, "gcp.vertex.agent.llm_request", "contents")) ?? base.Input(span);

    public override IReadOnlyList<Message>? Output(Span span) =>
        Member(span, "gcp.vertex.agent.llm_response", "content") is IReadOnlyDictionary<string, object?> content
            ? [Messages.MessageOf(content)]
            : base.Output(span);
}
