namespace ReplayHarness.Diagnosis.Rules;

/// <summary>Messages that do not fit together.</summary>
internal sealed class BrokenHistory : DiagnosticRule
{
    private static readonly string[] s_rules = ["orphan-tool-result", "unanswered-tool-call"];

    public override string Name => "broken-history";

    public override string Summary =>
        "A request to the model held a tool's result without its call, or a call without its result: the history was cut or put together "
        + "wrongly.";

    internal override string Phrase => "broken message history";

    internal override Suspicion? Find(DiagnosticCase run) =>
        Simple.OfAny(
            run,
            s_rules,
            "The agent sends a history in which calls and results do not fit together.",
            ["healthy@model", "captured@tool"],
            "model-error",
            "unhandled-model-error"
        );
}

/// <summary>Results that the model was not told as they were.</summary>
internal sealed class ResultsMixedUp : DiagnosticRule
{
    private static readonly string[] s_rules = ["wrong-result", "lost-result", "altered-result"];

    public override string Name => "results-mixed-up";

    public override string Summary =>
        "A call gave another call's result, or the model was told another result than its call gave, or none.";

    internal override string Phrase => "results were lost or mixed up";

    internal override Suspicion? Find(DiagnosticCase run) =>
        Simple.OfAny(run, s_rules, "What the model was told is not what its calls gave.", ["healthy@http", "captured@tool"]);
}

/// <summary>A client that asks again too soon.</summary>
internal sealed class AskedTooSoon : DiagnosticRule
{
    public override string Name => "asked-too-soon";

    public override string Summary => "The model's API had said how long to wait, and the client asked again sooner.";

    internal override string Phrase => "the client did not wait as it was told";

    internal override Suspicion? Find(DiagnosticCase run) =>
        !run.Has("retry-after-ignored")
            ? null
            : new(
                "The client asks again before the wait is over that the model's API asked for (Retry-After), and gives up in vain.",
                [.. run.Say("retry-after-ignored"), .. run.InAttempts("retry-after-ignored")],
                new(["healthy@model", "captured@tool"], ["retry-after-ignored", "model-error", "unhandled-model-error"])
            );
}

/// <summary>A tool that hides what happened within it.</summary>
internal sealed class HiddenInTool : DiagnosticRule
{
    public override string Name => "hidden-in-tool";

    public override string Summary => "The last request of a tool to one place failed, and its call answered as if it had not.";

    internal override string Phrase => "a tool hid a failed request";

    internal override string? Qualifier(DiagnosticCase run) => "+ a failed request hidden by its tool";

    // What the tool made of it may be right.
    internal override Confidence AtMost => Confidence.Weak;

    internal override Suspicion? Find(DiagnosticCase run) =>
        run.Findings("swallowed-in-tool") is not [var finding, ..]
            ? null
            : new(
                $"{finding.Role} does not tell that a request of its own failed.",
                [.. run.Say("swallowed-in-tool")],
                null,
                run.Input.Commands.Io(finding.Evidence[0].TraceId)
            );
}
