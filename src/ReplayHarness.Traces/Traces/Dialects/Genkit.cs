namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Genkit: <c>genkit:metadata:subtype</c>, <c>genkit:input</c>, <c>genkit:output</c>. A finish reason says stop even where tools are
/// called.
/// </summary>
internal sealed class Genkit : Dialect
{
    public override string Name => "genkit";

    public override string? Marks => "genkit:type = action with genkit:metadata:subtype = model or tool";

    public override IReadOnlyList<string> Prefixes => ["genkit:"];

    public override IReadOnlyList<string> NotOfTheTask => ["genkit:"];

    public override bool MarksFailure(Span span) => span.Attributes.Text("genkit:state") == "error";

    public override bool Recognises(Span span) => span.Attributes.Has("genkit:type") || span.Attributes.Has("genkit:name");

    public override SpanRole RoleOf(Span span) =>
        (span.Attributes.Text("genkit:metadata:subtype") ?? span.Attributes.Text("genkit:type")) switch
        {
            "flow" or "agent" => SpanRole.Agent,
            "model" => SpanRole.Model,
            "tool" or "tool.v2" => SpanRole.Tool,
            _ => SpanRole.Other,
        };

    public override string ToolName(Span span) => span.Attributes.Text("genkit:name") ?? span.Name;

    public override string? Arguments(Span span) => span.Attributes.Text("genkit:input");

    public override string? Result(Span span) => span.Attributes.Text("genkit:output");

    public override string? Model(Span span) => span.Attributes.Text("genkit:name");

    public override string? FinishReason(Span span) => Member(span, "genkit:output", "finishReason") as string;

    public override IReadOnlyList<Message>? Input(Span span) => Messages.Parse(Member(span, "genkit:input", "messages"));

    public override IReadOnlyList<Message>? Output(Span span) =>
        Member(span, "genkit:output", "message") is IReadOnlyDictionary<string, object?> message ? [Messages.MessageOf(message)] : null;
}
