using ReplayHarness.Shapes;

namespace ReplayHarness.Diagnosis.Rules;

/// <summary>A call that was asked for and never came back.</summary>
internal sealed class CallNeverReturned : DiagnosticRule
{
    public override string Name => "call-never-returned";

    public override string Summary => "The run was cancelled while a call that the model had asked for had not returned: the call hung.";

    internal override string Phrase => "a call never returned";

    internal override Suspicion? Find(DiagnosticCase run) =>
        run.Findings("pending-tool-call").FirstOrDefault(f => f.ErrorClass == ErrorClass.Timeout) is { } finding
            ? new(
                $"{finding.Role} hung, and nothing but the end of the run stopped it: give the call a deadline.",
                [.. run.Say("pending-tool-call"), .. run.InAttempts("pending-tool-call")],
                new(["captured@tool"], ["pending-tool-call", "agent-error"])
            )
            : null;
}

/// <summary>A run that stopped of its own while the model was not done.</summary>
internal sealed class StoppedWhileAsked : DiagnosticRule
{
    public override string Name => "stopped-while-asked";

    public override string Summary =>
        "The run ended well although the model still asked for a call: a limit on iterations or on a budget, or an approval that is "
        + "awaited.";

    internal override string Phrase => "stopped while the model asked for more";

    internal override Suspicion? Find(DiagnosticCase run) =>
        run.Findings("pending-tool-call").FirstOrDefault(f => f.ErrorClass == ErrorClass.StepLimit) is { } finding
            ? new(
                $"A limit of the agent's ended the run before {finding.Role} was called, and nobody was told that work was left.",
                [.. run.Say("pending-tool-call"), .. run.InAttempts("pending-tool-call")],
                new(["captured@tool"], ["pending-tool-call"])
            )
            : null;
}

/// <summary>A run without an end.</summary>
internal sealed class RunCutShort : DiagnosticRule
{
    public override string Name => "run-cut-short";

    public override string Summary => "The run's end is not in the trace, and neither is a call that the model had asked for.";

    internal override string Phrase => "the run has no end";

    internal override Suspicion? Find(DiagnosticCase run) =>
        run.Findings("unfinished-run") is [var finding, ..]
            ? new(
                $"The process was killed, or is still busy, while {finding.Role} ran: it hung, or it ended the process.",
                [.. run.Say("unfinished-run"), .. run.InAttempts("unfinished-run")],
                null,
                run.Input.Commands.Tree(finding.Evidence[0].TraceId)
            )
            : null;
}

/// <summary>A model that gave nothing to go on with.</summary>
internal sealed class NoUsableAnswer : DiagnosticRule
{
    private static readonly string[] s_rules = ["blocked-answer", "malformed-call", "empty-answer"];

    public override string Name => "no-usable-answer";

    public override string Summary => "A model's answer was blocked or refused, was empty, or asked for a call that could not be read.";

    internal override string Phrase => "the model gave no usable answer";

    internal override Suspicion? Find(DiagnosticCase run) =>
        Simple.OfAny(run, s_rules, "The model gave no answer to go on with, and the agent did not ask again.", ["captured@tool"]);
}

/// <summary>Something was done twice.</summary>
internal sealed class DoneTwice : DiagnosticRule
{
    public override string Name => "done-twice";

    public override string Summary => "A tool that changes something was called again after it had, or may have, acted.";

    internal override string Phrase => "something was done twice";

    internal override string? Qualifier(DiagnosticCase run) => "+ done twice";

    internal override Suspicion? Find(DiagnosticCase run) =>
        Simple.Of(run, "duplicated-effect", "A call that changes something was made again: give it a key by which the backend knows it.");
}

/// <summary>A run that its limit stopped, though nothing was repeated.</summary>
internal sealed class RanOutOfSteps : DiagnosticRule
{
    public override string Name => "ran-out-of-steps";

    public override string Summary => "The run was stopped by its limit on steps, and no call was repeated.";

    internal override string Phrase => "more steps than the limit allows";

    internal override Suspicion? Find(DiagnosticCase run) =>
        run.Signals.RepeatedToolCalls.Count > 0 || run.Has("repeated-tool-calls")
            ? null
            : Simple.Of(run, "step-limit", "The task takes more steps than the limit allows, or the model does not come to an end.");
}

/// <summary>A question that agents hand to each other.</summary>
internal sealed class HandedToAndFro : DiagnosticRule
{
    public override string Name => "handed-to-and-fro";

    public override string Summary => "Agents handed the question to each other again and again, without a call of a tool.";

    internal override string Phrase => "a question handed to and fro";

    internal override Suspicion? Find(DiagnosticCase run) =>
        run.Signals.RepeatedToolCalls.Count > 0
            ? null
            : Simple.Of(run, "repeated-tool-calls", "No agent takes the question: each hands it on.", "step-limit");
}
