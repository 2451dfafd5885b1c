namespace ReplayHarness.Diagnosis.Rules;

/// <summary>The agent goes round in a circle.</summary>
internal sealed class StuckInLoop : DiagnosticRule
{
    public override string Name => "stuck-in-loop";

    public override string Summary => "Tool calls were repeated, and the run was stopped by its limit on steps.";

    internal override string Phrase => "loop without explicit error";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (run.Signals.RepeatedToolCalls.Count == 0 || !run.StoppedByLimit || run.Signals.FirstErrorSpan?.Kind == StepKind.Tool)
            return null;
        return new(
            "The agent is stuck in a loop: it asks for what it already has.",
            [
                .. RepeatedCalls.Say(run),
                $"stop_reason is {run.Signals.StopReason?.Value ?? "a step limit"}",
                .. run.Signals.FirstErrorSpan?.Kind == StepKind.Model ? Array.Empty<string>() : ["no call failed"],
            ],
            new(["captured@tool"], ["step-limit", "repeated-tool-calls"])
        );
    }
}

/// <summary>The same call again and again.</summary>
internal sealed class RepeatedCalls : DiagnosticRule
{
    public override string Name => "repeated-calls";

    public override string Summary => "One tool was called again with the same arguments: retries, or no cache and no condition to stop.";

    internal override string Phrase => "repeated tool calls";

    internal override string? Qualifier(DiagnosticCase run) =>
        run.Signals.RepeatedToolCalls.Any(r => r.Failed > 0) ? "+ retries" : "+ repeated calls";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (run.Signals.RepeatedToolCalls is not [var first, ..] || new StuckInLoop().Find(run) is not null)
            return null;
        var failed = run.Signals.RepeatedToolCalls.Any(r => r.Failed > 0);
        return new(
            failed
                ? $"{first.Tool} is retried at once and in vain: back off, or stop after the first error."
                : $"{first.Tool} is called again for what is known already: cache, or a condition to stop.",
            [.. Say(run), .. first.Origin == "logs" ? run.Say("repeated-tool-calls").Select(m => $"the spans agree: {m}") : []],
            new(["captured@tool"], ["repeated-tool-calls", "unhandled-tool-error"])
        );
    }

    internal static IEnumerable<string> Say(DiagnosticCase run) =>
        run.Signals.RepeatedToolCalls.Select(r =>
            $"{r.Tool} was called {r.Calls} times with the arguments "
            + $"{r.ArgumentsKey}{(r.Failed > 0 ? $", {r.Failed} failed" : "")} ({r.Origin})"
        );
}
