namespace ReplayHarness.Diagnosis.Rules;

/// <summary>An answer of the model was cut off.</summary>
internal sealed class CutOffAnswer : DiagnosticRule
{
    public override string Name => "cut-off-answer";

    public override string Summary => "A model's answer ended at its limit on tokens, so that what follows rests on half of it.";

    internal override string Phrase => "model answer cut off";

    internal override Suspicion? Find(DiagnosticCase run) =>
        Simple.Of(run, "truncated-output", "The model's answer was cut off at its limit on tokens.", "agent-error", "invalid-arguments");
}

/// <summary>A tool that the agent does not have.</summary>
internal sealed class ToolThatIsNotThere : DiagnosticRule
{
    public override string Name => "missing-tool";

    public override string Summary =>
        "The model called a tool that the agent does not have: the prompt, the tool list and the model disagree.";

    internal override string Phrase => "unknown tool called";

    internal override Suspicion? Find(DiagnosticCase run) =>
        Simple.Of(run, "unknown-tool", "The model asks for a tool that the agent does not have.", "unhandled-tool-error");
}

/// <summary>Arguments that a tool does not take.</summary>
internal sealed class ArgumentsRefused : DiagnosticRule
{
    public override string Name => "arguments-refused";

    public override string Summary =>
        "The model called a tool with arguments that it does not take: the schema, its description and the model disagree.";

    internal override string Phrase => "invalid tool arguments";

    internal override Suspicion? Find(DiagnosticCase run) =>
        Simple.Of(run, "invalid-arguments", "The model calls a tool with arguments that it does not take.", "unhandled-tool-error");
}

/// <summary>A tool that failed and said so only in its result.</summary>
internal sealed class HiddenToolError : DiagnosticRule
{
    public override string Name => "hidden-tool-error";

    public override string Summary => "A tool told an error in its result while its span has none: dashboards do not see it.";

    internal override string Phrase => "tool failed softly";

    internal override Suspicion? Find(DiagnosticCase run) =>
        Simple.Of(run, "soft-error", "A tool failed and said so only in its result, so that its span counts as well.");
}

/// <summary>A final answer that hides an error.</summary>
internal sealed class ErrorSwallowed : DiagnosticRule
{
    public override string Name => "error-swallowed";

    public override string Summary => "A tool failed for good and the final answer does not say so.";

    internal override string Phrase => "error swallowed by the final answer";

    internal override string? Qualifier(DiagnosticCase run) => "+ error swallowed by the final answer";

    // It rests on words.
    internal override Confidence AtMost => Confidence.Weak;

    internal override Suspicion? Find(DiagnosticCase run) =>
        !run.Has("swallowed-error")
            ? null
            : new(
                "The final answer hides from the user that a tool failed.",
                [.. run.Say("swallowed-error")],
                null,
                run.Input.Commands.Io(run.Findings("swallowed-error")[0].Evidence[0].TraceId)
            );
}

/// <summary>A provider that refused or was slow.</summary>
internal sealed class ProviderRefusals : DiagnosticRule
{
    public override string Name => "provider-refusals";

    public override string Summary =>
        "A model call took its client several attempts: limits of the provider, hidden in the call's latency.";

    internal override string Phrase => "the model's provider refused calls";

    internal override string? Qualifier(DiagnosticCase run) => "+ refusals of the model's provider";

    internal override Suspicion? Find(DiagnosticCase run) =>
        !run.Has("model-retries")
            ? null
            : new(
                "The model's provider refused calls; the client's retries hide it.",
                [.. run.Say("model-retries")],
                null,
                run.Input.Commands.Tree(run.Findings("model-retries")[0].Evidence[0].TraceId)
            );
}

/// <summary>A hypothesis that one rule of failure shapes gives.</summary>
internal static class Simple
{
    public static Suspicion? Of(DiagnosticCase run, string rule, string claim, params string[] alsoJudged) =>
        !run.Has(rule) ? null : new(claim, [.. run.Say(rule), .. run.InAttempts(rule)], new(["captured@tool"], [rule, .. alsoJudged]));

    /// <summary>The same of rules that mean the same.</summary>
    public static Suspicion? OfAny(DiagnosticCase run, string[] rules, string claim, string[] hypotheses, params string[] alsoJudged) =>
        !rules.Any(run.Has) ? null : new(claim, [.. rules.SelectMany(run.Say)], new(hypotheses, [.. rules, .. alsoJudged]));
}
