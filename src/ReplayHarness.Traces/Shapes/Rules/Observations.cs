namespace ReplayHarness.Shapes.Rules;

/// <summary>The run's root span was never exported.</summary>
internal sealed class MissingRoot : Rule
{
    public override string Name => "missing-root";

    public override FindingKind Kind => FindingKind.Observation;

    public override bool IsError => false;

    public override string Summary => "The run's root span is not in the trace: it was never exported, or not yet.";

    internal override string? NotJudged => "it speaks of the trace, not of the agent";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        var top = run.Run.Root ?? run.Run.Spans[0];
        if (PendingCalls.IsWithoutRoot(run.Run))
            yield return new(
                this,
                "run",
                "other:MissingRoot",
                $"{top.Name} names a parent {top.ParentSpanId} that is not in the trace",
                [top]
            );
    }
}

/// <summary>A tool failed and the agent gave the error to the model, as it should.</summary>
internal sealed class HandledToolError : Rule
{
    public override string Name => "handled-tool-error";

    public override FindingKind Kind => FindingKind.Observation;

    public override bool IsError => false;

    public override string Summary => "A tool call failed and its error was given back to the model.";

    internal override RuleMemory Memory => RuleMemories.Victims;

    internal override IEnumerable<Finding> Find(RunView run) =>
        run
            .Culprits.Where(c => run.ModelWasAskedAfter(c))
            .Select(c => new Finding(this, c.Name, run.ClassOf(c)!, $"{c.Name} failed ({c.Error}) and the model was told", [c.Span]));
}
