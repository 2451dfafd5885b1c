namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Laminar's SDK (OpenHands and others): <c>lmnr.span.type</c> LLM, TOOL or DEFAULT, input and output as JSON. Its callback of LiteLLM
/// writes no type; spans of other instrumentations that pass through it are their own dialects'.
/// </summary>
internal sealed class Laminar : GenAi
{
    private const string TypeName = "lmnr.span.type";
    private const string InputName = "lmnr.span.input";
    private const string OutputName = "lmnr.span.output";

    public override string Name => "laminar";

    public override string? Marks => "lmnr.span.type = LLM or TOOL";

    public override IReadOnlyList<string> Prefixes => ["lmnr."];

    public override IReadOnlyList<string> NotOfTheTask =>
        ["lmnr.span.type", "lmnr.span.path", "lmnr.span.ids_path", "lmnr.span.sdk", "lmnr.span.lang", "lmnr.span.instr", "lmnr.internal."];

    public override IReadOnlyList<string> Sessions => ["lmnr.association.properties.session_id"];

    public override bool Recognises(Span span) => span.Attributes.Has(TypeName) || IsObserved(span) || IsOfLiteLlm(span);

    // The SDK of JavaScript notes what was thrown, and leaves the status as it is.
    public override bool MarksFailure(Span span) => span.Events.Any(e => e.Name == "exception") && span.Attributes.Has("lmnr.span.path");

    // What is observed and neither a model nor a tool is a part of the agent; the topmost stands for the run.
    public override SpanRole RoleOf(Span span) =>
        (
            span.Attributes.Text(TypeName) is "CACHED" ? span.Attributes.Text("lmnr.span.original_type") : span.Attributes.Text(TypeName)
        ) switch
        {
            "LLM" => SpanRole.Model,
            "TOOL" => SpanRole.Tool,
            _ when base.RoleOf(span) is var role && role != SpanRole.Other => role,
            null when IsOfLiteLlm(span) => SpanRole.Model,
            "DEFAULT" => SpanRole.Agent,
            // The SDK of JavaScript writes the type only where it says more.
            null when IsObserved(span) => SpanRole.Agent,
            _ => SpanRole.Other,
        };

    public override string? Arguments(Span span) => base.Arguments(span) ?? span.Attributes.Text(InputName);

    public override string? Result(Span span) => base.Result(span) ?? Plain(span.Attributes.Text(OutputName));

    public override IReadOnlyList<Message>? Input(Span span) =>
        base.Input(span) ?? Bodies.Request(span.Attributes.Structure(InputName) ?? Plain(span.Attributes.Text(InputName)));

    public override IReadOnlyList<Message>? Output(Span span) =>
        base.Output(span) ?? Bodies.Answer(span.Attributes.Structure(OutputName) ?? Plain(span.Attributes.Text(OutputName)));

    private static bool IsObserved(Span span) => span.Attributes.Has(InputName) || span.Attributes.Has(OutputName);

    private static bool IsOfLiteLlm(Span span) =>
        span.Attributes.Text("lmnr.internal.provider") == "litellm" && span.Name is "litellm.completion" or "litellm.responses";

    // A text stands there as JSON, too.
    private static string? Plain(string? written) => written is null ? null : Json.TryParse(written) as string ?? written;
}
