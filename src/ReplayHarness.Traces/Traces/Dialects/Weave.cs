using System.Text.RegularExpressions;

namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Calls of W&amp;B Weave. What an op is stands on it only where its author said so (<c>kind</c>); the ops of its own integrations are told
/// by their names. Every other op is code of the agent.
/// </summary>
internal sealed partial class Weave : Dialect
{
    public const string OpName = "weave.op";
    public const string KindName = "weave.kind";
    public const string InputsName = "weave.inputs";
    public const string OutputName = "weave.output";

    public override string Name => "weave";

    public override string? Marks => "kind = llm or tool on an op, or the op of an integration (openai.chat.completions.create, …)";

    public override IReadOnlyList<string> Prefixes => ["weave."];

    public override IReadOnlyList<string> NotOfTheTask => ["weave.op", "weave.kind", "weave.output"];

    public override bool Recognises(Span span) => span.Attributes.Has(OpName);

    public override SpanRole RoleOf(Span span) =>
        (span.Attributes.Text(KindName), span.Attributes.Text(OpName)!) switch
        {
            ("llm", _) => SpanRole.Model,
            ("tool", _) => SpanRole.Tool,
            ("agent", _) => SpanRole.Agent,
            (_, var op) when OfTool().IsMatch(op) => SpanRole.Tool,
            (_, var op) when OfModel().IsMatch(op) => SpanRole.Model,
            // What searches, scores or embeds is no agent; nor is what LangChain runs beside its chains.
            (not null, _) => SpanRole.Other,
            (_, var op)
                when op.StartsWith("langchain.", StringComparison.Ordinal)
                    && !op.StartsWith("langchain.Chain.", StringComparison.Ordinal) => SpanRole.Other,
            _ => SpanRole.Agent,
        };

    // An op's name is cut and bent to one that Python takes; LangChain's tool has its own in what is displayed.
    public override string ToolName(Span span) =>
        OfTool().IsMatch(span.Name) ? OfTool().Replace(span.Name, "") : OfTool().Replace(span.Attributes.Text(OpName)!, "");

    public override string? CallId(Span span) =>
        (
            Member(span, InputsName, "tool_call_id")
            ?? ToolMessage(span)?.GetValueOrDefault("tool_call_id")
            ?? ToolBlock(span)?.GetValueOrDefault("tool_use_id")
        ) as string;

    // A method's object is no argument. LangChain's tools get the text of what Python prints, the Agent SDK's the whole message.
    public override string? Arguments(Span span)
    {
        if (ToolBlock(span) is { } block)
            return AskedFor(span, block["tool_use_id"] as string);
        if (Member(span, InputsName, "input") is string text && OfTool().IsMatch(span.Attributes.Text(OpName)!))
            return text.StartsWith("{'", StringComparison.Ordinal) && CallId(span) is not null ? null : text;
        return Inputs(span) is { } inputs ? Json.Write(inputs) : span.Attributes.Text(InputsName);
    }

    public override string? Result(Span span)
    {
        var content = ToolMessage(span)?.GetValueOrDefault("content") ?? ToolBlock(span)?.GetValueOrDefault("content");
        return content switch
        {
            string text => text,
            null => Of(span) as string ?? (Of(span) is { } other ? Json.Write(other) : span.Attributes.Text(OutputName)),
            _ => Json.Write(content),
        };
    }

    public override bool MarksFailure(Span span) => Recognises(span) && ToolBlock(span)?.GetValueOrDefault("is_error") is true;

    public override string? ErrorMessage(Span span) => MarksFailure(span) ? ToolBlock(span)!.GetValueOrDefault("content") as string : null;

    public override string? Model(Span span) => (Member(span, InputsName, "model") ?? Member(span, OutputName, "model")) as string;

    public override string? FinishReason(Span span) => Bodies.FinishReason(Of(span));

    public override IReadOnlyList<Message>? Input(Span span) => Bodies.Request(Inputs(span));

    public override IReadOnlyList<Message>? Output(Span span) => Bodies.Answer(Of(span) ?? span.Attributes.Text(OutputName));

    private static Dictionary<string, object?>? Inputs(Span span) =>
        (span.Attributes.Structure(InputsName) as IReadOnlyDictionary<string, object?>)
            ?.Where(i => i.Key != "self")
            .ToDictionary(i => i.Key, i => i.Value);

    // The integration of LangChain keeps the whole run, and its outputs as the only item of a list.
    private static object? Of(Span span) =>
        span.Attributes.Structure(OutputName) is not { } output ? null
        : output is IReadOnlyDictionary<string, object?> run && run.GetValueOrDefault("outputs") is IReadOnlyList<object?> { Count: 1 } only
            ? only[0] is IReadOnlyDictionary<string, object?> { Count: 1 } map && map.TryGetValue("output", out var inner) ? inner
                : only[0]
        : output;

    private static IReadOnlyDictionary<string, object?>? ToolMessage(Span span) =>
        Of(span) is IReadOnlyDictionary<string, object?> map
        && (map.GetValueOrDefault("kwargs") as IReadOnlyDictionary<string, object?> ?? map) is var message
        && message.ContainsKey("tool_call_id")
            ? message
            : null;

    private static string? AskedFor(Span span, string? id) =>
        (Member(span, InputsName, "message") as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("content")
            is IReadOnlyList<object?> blocks
        && blocks.OfType<IReadOnlyDictionary<string, object?>>().FirstOrDefault(b => b.GetValueOrDefault("id") as string == id) is { } asked
        && asked.GetValueOrDefault("input") is { } input
            ? Json.Write(input)
            : null;

    // What the Agent SDK's integration keeps of a tool: the block that the model was told.
    private static IReadOnlyDictionary<string, object?>? ToolBlock(Span span) =>
        Of(span) is IReadOnlyDictionary<string, object?> map && map.ContainsKey("tool_use_id") ? map : null;

    /// <summary>The name of an op: <c>weave:///team/project/op/NAME:HASH</c>.</summary>
    public static string OpOf(string reference)
    {
        var op = reference[(reference.LastIndexOf("/op/", StringComparison.Ordinal) is >= 0 and var at ? at + "/op/".Length : 0)..];
        return op.LastIndexOf(':') is > 0 and var hash ? op[..hash] : op;
    }

    [GeneratedRegex(@"\A(?:langchain\.Tool|claude_agent_sdk\.tool_use)\.")]
    private static partial Regex OfTool();

    [GeneratedRegex(
        @"\A(?:langchain\.(?:Llm|ChatModel)\.|(?:openai|anthropic|mistralai|mistral|litellm|groq|cohere|cerebras|google|vertexai"
            + @"|together|huggingface_hub|bedrock|BedrockRuntime)\."
            + @".*(?:create|parse|stream|complete|completion|chat|generate_content\w*|converse\w*|invoke\w*)\z)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex OfModel();
}
