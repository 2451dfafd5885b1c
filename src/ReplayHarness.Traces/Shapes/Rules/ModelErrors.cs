using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>The model failed to answer, after all retries of the client.</summary>
internal sealed class ModelError : Rule
{
    public override string Name => "model-error";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary => "A model call failed after all attempts of its client.";

    internal override RuleMemory Memory => RuleMemories.OrderOfFailures;

    internal override IEnumerable<Finding> Find(RunView run) =>
        run
            .Run.ModelCalls.Where(m => m is { Error: not null, CoversTools: false } && !run.IsGivenUp(m))
            .Select(m => new Finding(
                this,
                "model",
                ClassOf(m),
                $"the model call failed after {ModelRetries.AttemptsOf(run, m).Count} attempt(s): {m.Error}",
                m.Attempts
            ));

    /// <summary>An error of a model call that is of no known class is the model's.</summary>
    internal static string ClassOf(ModelCall call) =>
        ErrorClass.Of(call.Error!) is var known && known.StartsWith("other:", StringComparison.Ordinal) ? ErrorClass.Model : known;
}

/// <summary>A model call failed, was not tried again by the agent, and the run died of it.</summary>
internal sealed class UnhandledModelError : Rule
{
    public override string Name => "unhandled-model-error";

    public override FindingKind Kind => FindingKind.Symptom;

    public override string Summary => "A model call failed, the agent did not ask again, and the run ended with an error.";

    internal override RuleMemory Memory => RuleMemories.OrderOfFailures;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        if (!run.Run.Failed)
            yield break;
        foreach (
            var call in run.Run.ModelCalls.Where(m =>
                m is { Error: not null, CoversTools: false } && !run.IsGivenUp(m) && !run.ModelWasAskedAfter(m)
            )
        )
            yield return new(this, "model", ModelError.ClassOf(call), $"the run ended with the model's error {call.Error}", [call.Span]);
    }
}
