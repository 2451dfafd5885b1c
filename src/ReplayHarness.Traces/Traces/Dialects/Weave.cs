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
            // What searches, scores or embeds is no agent.
            (not null, _) => SpanRole.Other,
            _ => SpanRole.Agent,
        };

    public override string ToolName(Span span) => OfTool().Replace(span.Attributes.Text(OpName)!, "");

    public override string? CallId(Span span) => Member(span, InputsName, "tool_call_id") as string;

    // A method's object is no argument.
    public override string? Arguments(Span span) =>
        span.Attributes.Structure(InputsName) is IReadOnlyDictionary<string, object?> inputs && inputs.ContainsKey("self")
            ? Json.Write(inputs.Where(i => i.Key != "self").ToDictionary(i => i.Key, i => i.Value))
            : span.Attributes.Text(InputsName);

    public override string? Result(Span span) => span.Attributes.Text(OutputName);

    public override string? Model(Span span) => (Member(span, InputsName, "model") ?? Member(span, OutputName, "model")) as string;

    public override string? FinishReason(Span span) => Bodies.FinishReason(span.Attributes.Structure(OutputName));

    public override IReadOnlyList<Message>? Input(Span span) =>
        Bodies.Request(
            span.Attributes.Structure(InputsName) is IReadOnlyDictionary<string, object?> inputs
                ? inputs.Where(i => i.Key != "self").ToDictionary(i => i.Key, i => i.Value)
                : null
        );

    public override IReadOnlyList<Message>? Output(Span span) =>
        Bodies.Answer(span.Attributes.Structure(OutputName) ?? span.Attributes.Text(OutputName));

    /// <summary>The name of an op: <c>weave:///team/project/op/NAME:HASH</c>.</summary>
    public static string OpOf(string reference)
    {
        var op = reference[(reference.LastIndexOf("/op/", StringComparison.Ordinal) is >= 0 and var at ? at + "/op/".Length : 0)..];
        return op.LastIndexOf(':') is > 0 and var hash ? op[..hash] : op;
    }

    [GeneratedRegex(@"\Alangchain\.Tool\.")]
    private static partial Regex OfTool();

    [GeneratedRegex(
        @"\A(?:langchain\.(?:Llm|ChatModel)\.|(?:openai|anthropic|mistralai|mistral|litellm|groq|cohere|cerebras|google|vertexai"
            + @"|together|huggingface_hub|bedrock|BedrockRuntime)\."
            + @".*(?:create|parse|stream|complete|completion|chat|generate_content\w*|converse\w*|invoke\w*)\z)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex OfModel();
}
