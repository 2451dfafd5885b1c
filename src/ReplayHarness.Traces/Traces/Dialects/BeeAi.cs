namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// OpenInference's instrumentations of BeeAI. That of TypeScript writes a span for each event of a call (<c>target</c> is
/// <c>backend.openai.chat.start</c>, then <c>.success</c>, then <c>.finish</c>), that of Python spans within a call for its errors.
/// </summary>
internal sealed class BeeAi : OpenInference
{
    private const string Target = "target";

    public override string Name => "beeai";

    public override IReadOnlyList<string> Prefixes => ["beeai.", "beeai-framework"];

    public override bool Recognises(Span span) =>
        base.Recognises(span)
        && (span.Scope.Contains("beeai", StringComparison.Ordinal) || span.Name == "beeai-framework-main" || EventOf(span) is not null);

    // Agents say "toolStart" of a call of which the tool itself says "start".
    public override CallEvent? EventOf(Span span)
    {
        if (span.Attributes.Text(Target) is not { } target || target.LastIndexOf('.') is not (> 0 and var dot))
            return null;
        var of = target[..dot];
        return target[(dot + 1)..] switch
        {
            "start" => new(of, CallEventKind.Start),
            "success" or "error" or "retry" => new(of, CallEventKind.Outcome),
            "finish" => new(of, CallEventKind.Finish),
            "toolStart" => new(of + ".tool", CallEventKind.Start),
            "toolSuccess" or "toolError" => new(of + ".tool", CallEventKind.Outcome),
            _ => null,
        };
    }

    public override bool IsNameless(Span span) => !span.Attributes.Has("tool.name");

    // A path holds the tool's name in camel case.
    public override bool LeavesOutPlugins => true;

    public override bool IsNameOf(string asked, string written) =>
        asked == written || string.Equals(Bare(asked), Bare(written), StringComparison.OrdinalIgnoreCase);

    public override string ToolName(Span span) =>
        span.Attributes.Text("tool.name")
        ?? (span.Attributes.Text(Target)?.Split('.') is { Length: > 1 } path ? path[^2] : base.ToolName(span));

    public override string? Arguments(Span span) => span.Attributes.Text("tool.parameters") ?? base.Arguments(span);

    // Numbered messages hold the texts only.
    public override IReadOnlyList<Message>? Input(Span span) =>
        (IsEvent(span) ? Messages.Parse(span.Attributes.Structure("input.value")) : null) ?? base.Input(span);

    public override IReadOnlyList<Message>? Output(Span span) =>
        (IsEvent(span) ? Messages.Parse(span.Attributes.Structure("output.value")) : null) ?? base.Output(span);

    private static string Bare(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit));

    private static bool IsEvent(Span span) => span.Attributes.Has(Target);
}
