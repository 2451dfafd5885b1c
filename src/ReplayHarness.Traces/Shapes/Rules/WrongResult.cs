using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>A call returned something else than the same call returned when it was captured.</summary>
internal sealed class WrongResult : Rule
{
    public override string Name => "wrong-result";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary =>
        "A call returned another result than the same call (tool and canonical arguments) did when it was captured.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var call in run.ToolCalls.Where(c => c is { Error: null, Result: not null }))
            if (run.ExpectedResult(call) is { } expected && Json.Canonical(call.Result) != expected)
                yield return new(
                    this,
                    call.Name,
                    ErrorClass.WrongResult,
                    $"{call.Name} {call.Arguments} returned another result than when it was captured",
                    [call.Span]
                );
    }
}
