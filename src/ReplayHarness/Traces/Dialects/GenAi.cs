namespace ReplayHarness.Traces.Dialects;

/// <summary>OpenTelemetry's gen_ai semantic conventions, 1.37 and later: content in attributes of the span. Vercel AI v7, Microsoft.Extensions.AI and many more.</summary>
internal class GenAi : Dialect
{
    public override string Name => "gen_ai";

    public override bool Recognises(Span span) => span.Attributes.Has("gen_ai.operation.name");

    public override SpanRole RoleOf(Span span) => span.Attributes.Text("gen_ai.operation.name") switch
    {
        "invoke_agent" or "create_agent" or "invoke_workflow" => SpanRole.Agent,
        "chat" or "text_completion" or "generate_content" => SpanRole.Model,
        "execute_tool" => SpanRole.Tool,
        _ => SpanRole.Other,
    };

    public override IReadOnlyList<Message>? Input(Span span)
    {
        var messages = Messages.Parse(span.Attributes.Structure("gen_ai.input.messages"));
        var instructions = Messages.ParseParts(span.Attributes.Structure("gen_ai.system_instructions"));
        return messages is null || instructions.Count == 0 ? messages : [new Message("system", instructions), .. messages];
    }

    public override IReadOnlyList<Message>? Output(Span span) => Messages.Parse(span.Attributes.Structure("gen_ai.output.messages"));
}
