using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>The run ended while the model waited for the result of a call.</summary>
internal sealed class PendingToolCall : Rule
{
    public override string Name => "pending-tool-call";

    public override FindingKind Kind => FindingKind.Symptom;

    // A mended agent may stop of its own before the recording ends.
    public override bool IsError => false;

    public override string Summary =>
        "The run ended well although the model had asked for another call of a tool (a limit on iterations or on a budget, an approval "
        + "that is awaited), or it was cancelled while a call that was asked for had not returned.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var (model, call, waited) in PendingCalls.AtACancellation(run))
            yield return new(
                this,
                call.Name,
                ErrorClass.Timeout,
                $"{call.Name} was asked for and never returned: the run was cancelled {Durations.Text(waited)} later",
                [model.Span]
            );
        if (run.Run.Failed || StepLimit.Stopped(run.Run) || PendingCalls.IsWithoutRoot(run.Run))
            yield break;
        foreach (var (model, call) in PendingCalls.AtTheEnd(run))
            yield return new(
                this,
                call.Name,
                ErrorClass.StepLimit,
                $"the run ended although the model still asked for {call.Name} {call.Arguments}",
                [model.Span]
            );
    }
}

/// <summary>The run has no end: its process was killed, or is still busy.</summary>
internal sealed class UnfinishedRun : Rule
{
    public override string Name => "unfinished-run";

    public override FindingKind Kind => FindingKind.Symptom;

    public override string Summary =>
        "The run's root span is not in the trace, and neither is a call that the model had asked for: the run was killed, or has not "
        + "ended.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        if (!PendingCalls.IsWithoutRoot(run.Run))
            yield break;
        foreach (var (model, call) in PendingCalls.AtTheEnd(run))
            yield return new(
                this,
                call.Name,
                "other:Unfinished",
                $"the trace ends with {call.Name} {call.Arguments}, which was asked for and is not in it; nor is the end of the run",
                [model.Span]
            );
    }
}
