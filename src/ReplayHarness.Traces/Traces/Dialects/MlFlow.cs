namespace ReplayHarness.Traces.Dialects;

/// <summary>MLflow: <c>mlflow.spanType</c>, inputs and outputs as JSON. In most exports every attribute is the JSON of its value.</summary>
internal sealed class MlFlow : Dialect
{
    /// <summary>The attribute that says what a span is.</summary>
    public const string TypeName = "mlflow.spanType";

    /// <summary>How the names of its own attributes begin.</summary>
    public const string Own = "mlflow.";

    /// <summary>The name under which a trace of its own keeps its session.</summary>
    public const string SessionName = "mlflow.trace.session";

    private const string InputsName = "mlflow.spanInputs";
    private const string OutputsName = "mlflow.spanOutputs";
    private const string UsageName = "mlflow.chat.tokenUsage";

    public override string Name => "mlflow";

    public override string? Marks => "mlflow.spanType = CHAT_MODEL, LLM or TOOL";

    public override IReadOnlyList<string> Prefixes => [Own];

    public override IReadOnlyList<string> NotOfTheTask => [Own];

    public override bool Recognises(Span span) => span.Attributes.Has(TypeName);

    public override SpanRole RoleOf(Span span) =>
        Plain(span, TypeName) switch
        {
            "AGENT" or "CHAIN" or "WORKFLOW" => SpanRole.Agent,
            "CHAT_MODEL" or "LLM" => SpanRole.Model,
            "TOOL" => SpanRole.Tool,
            _ => SpanRole.Other,
        };

    public override string ToolName(Span span) => span.Name;

    public override string? CallId(Span span) => ToolMessage(span)?.GetValueOrDefault("tool_call_id") as string;

    public override string? Arguments(Span span) => Plain(span, InputsName);

    public override string? Result(Span span) =>
        ToolMessage(span)?.GetValueOrDefault("content") is { } content
            ? content as string ?? Json.Write(content)
            : Plain(span, OutputsName);

    public override string? Model(Span span) =>
        Plain(span, "mlflow.llm.model") ?? Member(span, InputsName, "model") as string ?? Member(span, OutputsName, "model") as string;

    public override string? FinishReason(Span span) => Bodies.FinishReason(span.Attributes.Structure(OutputsName));

    public override IReadOnlyList<Message>? Input(Span span) => Bodies.Request(Value(span, InputsName));

    public override IReadOnlyList<Message>? Output(Span span) => Bodies.Answer(Value(span, OutputsName));

    /// <summary>The tokens of a span's request and answer, as <c>gen_ai.usage</c> has them.</summary>
    public static (object? Input, object? Output) TokensOf(AttributeSet attributes)
    {
        var usage = attributes.Structure(UsageName) as IReadOnlyDictionary<string, object?>;
        return (usage?.GetValueOrDefault("input_tokens"), usage?.GetValueOrDefault("output_tokens"));
    }

    // A tool message of LangChain.
    private static IReadOnlyDictionary<string, object?>? ToolMessage(Span span) =>
        span.Attributes.Structure(OutputsName) is IReadOnlyDictionary<string, object?> map && map.ContainsKey("tool_call_id") ? map : null;

    private static object? Value(Span span, string name) => span.Attributes.Structure(name) ?? Plain(span, name);

    private static string? Plain(Span span, string name) =>
        span.Attributes.Text(name) is { } written && written != "null" ? Json.TryParse(written) as string ?? written : null;
}
