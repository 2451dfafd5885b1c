namespace ReplayHarness.Shapes.Rules;

/// <summary>A call succeeded beside one that failed, and its result never reached the model.</summary>
internal sealed class LostSiblingResult : Rule
{
    public override string Name => "lost-sibling-result";

    public override FindingKind Kind => FindingKind.Symptom;

    public override string Summary => "A call succeeded beside a sibling that failed, and its result never reached the model.";

    public override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var turn in run.Run.Turns)
        {
            var failed = turn.Calls.FirstOrDefault(c => c.Error is not null && !run.IsVictim(c));
            if (failed is null)
                continue;
            foreach (var call in turn.Calls.Where(c => c.Error is null && !run.ReachedModel(c)))
                yield return new(
                    this,
                    call.Name,
                    run.ClassOf(failed)!,
                    $"the result of {call.Name} was lost when {failed.Name} failed",
                    [call.Span, failed.Span]
                );
        }
    }
}
