namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Microsoft.Extensions.AI and Microsoft Agent Framework: gen_ai, in sources that the application names. A tool's result stands there as
/// JSON, a text too; <c>orchestrate_tools</c> and <c>invoke_agent</c> hold one question's calls.
/// </summary>
internal sealed class ExtensionsAi : GenAi
{
    /// <summary>The span around the model's calls and the tools' of one question, where no agent is around them.</summary>
    private const string Loop = "orchestrate_tools";

    private static readonly string[] s_scopes =
    [
        "Experimental.Microsoft.Extensions.AI",
        "Experimental.Microsoft.Agents.AI",
        "Microsoft.Extensions.AI",
        "Microsoft.Agents.AI",
    ];

    private static readonly string[] s_written =
    [
        "gen_ai.tool.call.arguments",
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "gen_ai.system_instructions",
        "gen_ai.tool.definitions",
    ];

    public override string Name => "extensions-ai";

    // Telemetry may stand around the invocation of functions and within it.
    public override bool InnermostModelIsTheCall => true;

    public override bool HasSeveralAgents => true;

    public override bool Recognises(Span span) =>
        IsLoop(span)
        || (
            base.Recognises(span)
            && (
                Array.Exists(s_scopes, s => span.Scope.StartsWith(s, StringComparison.Ordinal))
                || (IsOfDotNet(span) && s_written.Any(name => Indented.Is(span.Attributes.Text(name))))
            )
        );

    /// <summary>Whether what wrote a span may be of .NET: its resource says so, or nothing.</summary>
    public static bool IsOfDotNet(Span span) => span.Resource.Text("telemetry.sdk.language") is null or "dotnet";

    private static bool IsLoop(Span span) => span.Name == Loop && !span.Attributes.Has("gen_ai.operation.name");

    public override bool HoldsOneQuestion(Span span) => span.Name == Loop || RoleOf(span) == SpanRole.Agent;

    public override string? Arguments(Span span) => Indented.Compact(base.Arguments(span));

    // A text is written as JSON, too: once more than the tool gave it.
    public override string? Result(Span span) =>
        base.Result(span) is { } written ? Json.TryParse(written) as string ?? Indented.Compact(written) : null;

    public override string? ResultAsWritten(Span span) => base.Result(span);
}
