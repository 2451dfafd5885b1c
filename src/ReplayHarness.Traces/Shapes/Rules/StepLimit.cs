using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>The agent was stopped by its own limit on turns or steps.</summary>
internal sealed class StepLimit : Rule
{
    public override string Name => "step-limit";

    public override FindingKind Kind => FindingKind.Symptom;

    public override string Summary => "The run was stopped by a limit on turns, steps or iterations.";

    internal override RuleMemory Memory => RuleMemories.OrderOfFailures;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        var stopped = Stopped(run.Run);
        var failed = run.Run.Error is { } error && ErrorClass.Of(error) == ErrorClass.StepLimit;
        if (stopped || failed)
            yield return new(
                this,
                "run",
                ErrorClass.StepLimit,
                $"the run was stopped after {run.Run.ModelCalls.Count()} model calls: {run.Run.StopReason ?? run.Run.Error!.Message}",
                run.Run.Root is { } root ? [root] : []
            );
    }

    /// <summary>Whether a run says itself that a limit stopped it.</summary>
    internal static bool Stopped(AgentRun run) => run.StopReason is { } reason && ErrorClass.Of(new("", reason)) == ErrorClass.StepLimit;
}
