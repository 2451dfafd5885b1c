namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// LangSmith's OpenTelemetry export: <c>langsmith.span.kind</c>, inputs and outputs as JSON in <c>gen_ai.prompt</c> and
/// <c>gen_ai.completion</c>.
/// </summary>
internal sealed class LangSmith : GenAi
{
    public override string Name => "langsmith";

    public override string? Marks => "langsmith.span.kind = llm or tool";

    public override IReadOnlyList<string> Prefixes => ["langsmith."];

    public override IReadOnlyList<string> Sessions => ["langsmith.trace.session_id", "thread_id"];

    public override bool Recognises(Span span) => span.Attributes.Has("langsmith.span.kind");

    public override SpanRole RoleOf(Span span) =>
        span.Attributes.Text("langsmith.span.kind") switch
        {
            "chain" => SpanRole.Agent,
            "llm" => SpanRole.Model,
            "tool" => SpanRole.Tool,
            _ => SpanRole.Other,
        };

    // {"input":"{…}"}: LangChain passes a tool's arguments as text.
    public override string? Arguments(Span span) => Unwrapped(span, "gen_ai.prompt", "input") ?? base.Arguments(span);

    public override string? Result(Span span) => Unwrapped(span, "gen_ai.completion", "output") ?? base.Result(span);

    public override IReadOnlyList<Message>? Input(Span span) =>
        Messages.Parse(Member(span, "gen_ai.prompt", "messages")) ?? base.Input(span);

    public override IReadOnlyList<Message>? Output(Span span)
    {
        // OpenAI's choices, or LangChain's generations of one batch.
        var choice = First(Member(span, "gen_ai.completion", "choices")) ?? First(First(Member(span, "gen_ai.completion", "generations")));
        return
            (choice as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("message") is IReadOnlyDictionary<string, object?> message
            ? [Messages.MessageOf(message)]
            : Messages.Parse(Member(span, "gen_ai.completion", "messages")) ?? base.Output(span);
    }

    private static object? First(object? value) => value is IReadOnlyList<object?> { Count: > 0 } list ? list[0] : null;

    private static string? Unwrapped(Span span, string attribute, string name) =>
        Member(span, attribute, name) switch
        {
            null => span.Attributes.Text(attribute),
            string text => text,
            IReadOnlyDictionary<string, object?> map when map.GetValueOrDefault("kwargs") is IReadOnlyDictionary<string, object?> message =>
                message.GetValueOrDefault("content") as string,
            var other => Json.Write(other),
        };
}
