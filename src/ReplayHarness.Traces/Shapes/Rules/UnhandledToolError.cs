namespace ReplayHarness.Shapes.Rules;

/// <summary>A tool failed, the error never reached the model, and the run died of it.</summary>
internal sealed class UnhandledToolError : Rule
{
    public override string Name => "unhandled-tool-error";

    public override FindingKind Kind => FindingKind.Symptom;

    public override string Summary => "A tool call failed, its error was never given back to the model, and the run ended with an error.";

    internal override RuleMemory Memory => RuleMemories.Victims;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        if (!run.Run.Failed)
            yield break;
        foreach (var call in run.Culprits.Where(c => !run.ModelWasAskedAfter(c)))
            yield return new(this, call.Name, run.ClassOf(call)!, $"{call.Name} failed ({call.Error}) and ended the run", [call.Span]);
    }
}
