namespace ReplayHarness.Shapes.Rules;

/// <summary>A tool failed and said so only in its result.</summary>
internal sealed class SoftError : Rule
{
    public override string Name => "soft-error";

    public override FindingKind Kind => FindingKind.Cause;

    // An agent that now gives the model the error as a result has become better, not worse.
    public override bool IsError => false;

    public override string Summary => "A tool's result tells an error although its span has none.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) =>
        from call in run.ToolCalls
        where call.Error is null
        let error = SoftErrors.In(call.Result)
        where error is not null
        select new Finding(this, call.Name, ErrorClass.Of(error), $"{call.Name} returned an error as its result: {error}", [call.Span]);
}
