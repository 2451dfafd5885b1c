namespace ReplayHarness.Traces.Dialects;

/// <summary>Koog: gen_ai, but a tool's span has no operation name and is called <c>tool.NAME</c>; messages are numbered from 1.</summary>
internal sealed class Koog : GenAi
{
    public override string Name => "koog";

    public override IReadOnlyList<string> Prefixes => ["koog."];

    public override bool Recognises(Span span) =>
        span.Attributes.Has("koog.agent.strategy.name")
        || span.Attributes.Has("koog.event.id")
        || span.Attributes.Has("koog.node.name")
        || span.Attributes.Has("koog.node.id")
        || (span.Name.StartsWith("tool.", StringComparison.Ordinal) && span.Attributes.Has("gen_ai.tool.name"));

    public override SpanRole RoleOf(Span span) =>
        !span.Attributes.Has("gen_ai.operation.name") && span.Attributes.Has("gen_ai.tool.name") ? SpanRole.Tool : base.RoleOf(span);

    public override string? Arguments(Span span) => base.Arguments(span) ?? span.Attributes.Text("input.value");

    public override string? Result(Span span) => base.Result(span) ?? span.Attributes.Text("output.value");
}
