namespace ReplayHarness.Shapes.Rules;

/// <summary>A call succeeded beside one that failed, and its result never reached the model.</summary>
internal sealed class LostSiblingResult : Rule
{
    public override string Name => "lost-sibling-result";

    public override FindingKind Kind => FindingKind.Symptom;

    public override string Summary => "A call succeeded beside a sibling that failed, and its result never reached the model.";

    internal override RuleMemory Memory { get; } =
        static (run, memory) =>
        {
            Remember(run, memory);
            RuleMemories.Victims(run, memory);
        };

    internal override IEnumerable<Finding> Find(RunView run)
    {
        // Where no call of a model was traced, nobody knows what one was told.
        if (!run.Run.ModelCalls.Any())
            yield break;
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

    // The first failure of a turn, by start, then by end, gives the class: so it, and what may still come before it.
    private static void Remember(RunSoFar run, IMemory memory)
    {
        foreach (var turn in run.Turns)
        {
            var first = turn.Where(FailedOfItself).OrderBy(c => c.Start).ThenBy(c => c.End).Take(1).ToArray();
            CallSoFar[] listed = [.. turn.Where(c => c.End is null || first.Contains(c)).OrderBy(c => c.Start)];
            if (listed.Length == 0)
                continue;
            memory.Add(turn.Key.Attempt);
            memory.Add(turn.Key.Turn);
            foreach (var call in listed)
                memory.Add(call.End is null ? $"{call.Facts}" : ErrorClass.Of(call.Error!));
        }
    }

    // Where a call was cancelled, the times of all are remembered beside this.
    private static bool FailedOfItself(CallSoFar call) => call.Error is { } error && ErrorClass.Of(error) != ErrorClass.Cancelled;
}
