namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// LangSmith's OpenTelemetry export: <c>langsmith.span.kind</c>, inputs and outputs as JSON in <c>gen_ai.prompt</c> and
/// <c>gen_ai.completion</c>.
/// </summary>
internal sealed class LangSmith : GenAi
{
    // What LangSmith's own runs are read into, too.
    public const string KindName = "langsmith.span.kind";
    public const string InputName = "gen_ai.prompt";
    public const string OutputName = "gen_ai.completion";

    public override string Name => "langsmith";

    public override string? Marks => "langsmith.span.kind = llm or tool";

    public override IReadOnlyList<string> Prefixes => ["langsmith."];

    public override IReadOnlyList<string> Sessions => ["langsmith.trace.session_id", "thread_id"];

    public override bool Recognises(Span span) => span.Attributes.Has(KindName);

    public override SpanRole RoleOf(Span span) =>
        span.Attributes.Text(KindName) switch
        {
            "chain" => SpanRole.Agent,
            "llm" => SpanRole.Model,
            "tool" => SpanRole.Tool,
            _ => SpanRole.Other,
        };

    public override string? CallId(Span span) => ToolMessage(span)?.GetValueOrDefault("tool_call_id") as string ?? base.CallId(span);

    // {"input":"{…}"}: LangChain passes a tool's arguments as text, which may be Python's; then the model's request has them as JSON.
    public override string? Arguments(Span span) =>
        Unwrapped(span, InputName, "input") is { } text && !(text.StartsWith("{'", StringComparison.Ordinal) && CallId(span) is not null)
            ? text
            : base.Arguments(span);

    public override string? Result(Span span) => Unwrapped(span, OutputName, "output") ?? base.Result(span);

    public override string? FinishReason(Span span) =>
        base.FinishReason(span) ?? Bodies.FinishReason(span.Attributes.Structure(OutputName));

    public override IReadOnlyList<Message>? Input(Span span) =>
        Messages.Parse(Member(span, InputName, "messages")) ?? base.Input(span) ?? Bodies.Request(span.Attributes.Structure(InputName));

    public override IReadOnlyList<Message>? Output(Span span)
    {
        // OpenAI's choices, or LangChain's generations of one batch.
        var choice = First(Member(span, OutputName, "choices")) ?? First(First(Member(span, OutputName, "generations")));
        return
            (choice as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("message") is IReadOnlyDictionary<string, object?> message
            ? [Messages.MessageOf(message)]
            : Messages.Parse(Member(span, OutputName, "messages"))
                ?? base.Output(span)
                ?? Bodies.Answer(span.Attributes.Structure(OutputName));
    }

    private static object? First(object? value) => value is IReadOnlyList<object?> { Count: > 0 } list ? list[0] : null;

    // What a tool of LangChain gave, plain or serialised.
    private static IReadOnlyDictionary<string, object?>? ToolMessage(Span span)
    {
        var output = Member(span, OutputName, "output") as IReadOnlyDictionary<string, object?>;
        return output?.GetValueOrDefault("kwargs") as IReadOnlyDictionary<string, object?>
            ?? (output?.ContainsKey("tool_call_id") == true ? output : null);
    }

    private static string? Unwrapped(Span span, string attribute, string name) =>
        Member(span, attribute, name) switch
        {
            null => span.Attributes.Text(attribute),
            string text => text,
            _ when name == "output" && ToolMessage(span) is { } message => message.GetValueOrDefault("content") switch
            {
                null => null,
                var content => content as string ?? Json.Write(content),
            },
            var other => Json.Write(other),
        };
}
