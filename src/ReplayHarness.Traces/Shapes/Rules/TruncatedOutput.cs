namespace ReplayHarness.Shapes.Rules;

/// <summary>The model was cut off by its limit on tokens.</summary>
internal sealed class TruncatedOutput : Rule
{
    /// <summary>The finish reason of an answer that was cut off, in the one spelling that dialects are folded to.</summary>
    public const string Length = "length";

    public override string Name => "truncated-output";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary => "A model's answer ended at its limit on tokens (finish reason length).";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) =>
        run
            .Run.ModelCalls.Where(m => m.FinishReason == Length)
            .Select(m => new Finding(this, "model", ErrorClass.Model, "the model's answer ended at its limit on tokens", [m.Span]));
}
