namespace ReplayHarness.Shapes.Rules;

/// <summary>The agent's own code failed.</summary>
internal sealed class AgentError : Rule
{
    public override string Name => "agent-error";

    public override FindingKind Kind => FindingKind.Symptom;

    public override string Summary => "The run ended with an error that neither a tool nor the model nor a step limit accounts for.";

    internal override RuleMemory Memory => RuleMemories.OrderOfFailures;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        if (run.Run is not { Failed: true, Error: { } error })
            yield break;
        var errorClass = ErrorClass.Of(error);
        var accounted =
            errorClass == ErrorClass.StepLimit
            || PendingCalls.AtACancellation(run).Any()
            || run.ToolCalls.Any(c => c.Error is not null && !run.ModelWasAskedAfter(c))
            || run.Run.ModelCalls.Any(m => m is { Error: not null, CoversTools: false } && !run.IsGivenUp(m) && !run.ModelWasAskedAfter(m));
        if (!accounted)
            yield return new(this, "run", errorClass, $"the run ended with {error}", run.Run.Root is { } root ? [root] : []);
    }
}
