namespace ReplayHarness.Traces.Dialects;

/// <summary>Strands Agents: gen_ai, with all content in span events, as the conventions had it before 1.37.</summary>
internal sealed class Strands : GenAi
{
    public override string Name => "strands";

    public override bool MarksFailure(Span span) => span.Attributes.Text("gen_ai.tool.status") == "error";

    public override bool Recognises(Span span) =>
        span.Attributes.Text("gen_ai.system") == "strands-agents"
        || span.Attributes.Text("gen_ai.provider.name") == "strands-agents"
        || (base.Recognises(span) && span.Events.Any(IsItsOwn));

    // Others write such events too, with everything in one attribute.
    private static bool IsItsOwn(SpanEvent e) =>
        e.Name is "gen_ai.choice" or "gen_ai.tool.message" or "gen_ai.user.message" && !e.Attributes.Has(GenAiContent.EventContent);

    public override string? Arguments(Span span) =>
        GenAiContent.Event(span, "gen_ai.tool.message")?.Text("content") ?? base.Arguments(span);

    public override string? Result(Span span) => GenAiContent.Event(span, "gen_ai.choice")?.Text("message") ?? base.Result(span);

    public override string? FinishReason(Span span) =>
        GenAiContent.Event(span, "gen_ai.choice")?.Text("finish_reason") ?? base.FinishReason(span);
}
