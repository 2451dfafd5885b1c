namespace ReplayHarness.Traces.Dialects;

/// <summary>Langfuse: <c>langfuse.observation.type</c>; errors only in <c>langfuse.observation.level</c>.</summary>
internal sealed class Langfuse : Dialect
{
    // What Langfuse's own export is read into, too.
    public const string TypeName = "langfuse.observation.type";
    public const string LevelName = "langfuse.observation.level";
    public const string StatusMessageName = "langfuse.observation.status_message";
    public const string ModelName = "langfuse.observation.model.name";
    public const string InputName = "langfuse.observation.input";
    public const string OutputName = "langfuse.observation.output";
    public const string TraceName = "langfuse.trace.name";
    public const string TraceIdName = "langfuse.trace.id";
    public const string SessionName = "session.id";

    public override string Name => "langfuse";

    public override string? Marks => "langfuse.observation.type = generation or tool";

    public override IReadOnlyList<string> Prefixes => ["langfuse.", "langgraph_"];

    public override IReadOnlyList<string> Sessions => ["langfuse.session.id"];

    public override bool MarksFailure(Span span) => span.Attributes.Text(LevelName) == "ERROR";

    public override string? ErrorMessage(Span span) => span.Attributes.Text(StatusMessageName);

    public override bool Recognises(Span span) => span.Attributes.Has(TypeName);

    public override SpanRole RoleOf(Span span) =>
        span.Attributes.Text(TypeName)?.ToLowerInvariant() switch
        {
            "agent" or "chain" => SpanRole.Agent,
            "generation" => SpanRole.Model,
            "tool" => SpanRole.Tool,
            "span" when IsToolOfLangGraph(span) => SpanRole.Tool,
            _ => SpanRole.Other,
        };

    // Before it had a type for tools, Langfuse wrote LangGraph's as plain spans: what gives a tool message, or runs within the node of
    // tools.
    private static bool IsToolOfLangGraph(Span span)
    {
        if ((Output(span, "type") ?? Output(span, "tool_call_id")) is not null)
            return true;
        var node = span.Attributes.Text("langgraph_node") ?? span.Attributes.Text("langfuse.observation.metadata.langgraph_node");
        return node == "tools"
            && span.Name != node
            && span.Attributes.Structure(InputName) is not IReadOnlyDictionary<string, object?> { Count: > 0 };
    }

    public override string ToolName(Span span) => span.Name;

    public override string? CallId(Span span) => (Output(span, "tool_call_id") ?? base.CallId(span)) as string;

    public override string? Arguments(Span span) => span.Attributes.Text(InputName);

    public override string? Result(Span span) => Output(span, "content") as string ?? span.Attributes.Text(OutputName);

    public override string? Model(Span span) => span.Attributes.Text(ModelName) ?? base.Model(span);

    public override IReadOnlyList<Message>? Input(Span span)
    {
        var input = span.Attributes.Structure(InputName);
        return Messages.Parse((input as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("messages") ?? input);
    }

    public override IReadOnlyList<Message>? Output(Span span) =>
        span.Attributes.Structure(OutputName) switch
        {
            IReadOnlyDictionary<string, object?> message => [Messages.MessageOf(message) with { Role = "assistant" }],
            { } list => Messages.Parse(list),
            null => span.Attributes.Text(OutputName) is { } text ? [new("assistant", [new TextPart(text)])] : null,
        };

    // A tool message of LangChain, plain or serialised.
    private static object? Output(Span span, string name)
    {
        var output = span.Attributes.Structure(OutputName) as IReadOnlyDictionary<string, object?>;
        var message = output?.GetValueOrDefault("kwargs") as IReadOnlyDictionary<string, object?> ?? output;
        return message?.ContainsKey("tool_call_id") == true || message?.GetValueOrDefault("type") as string == "tool"
            ? message.GetValueOrDefault(name)
            : null;
    }
}
