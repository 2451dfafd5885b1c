namespace ReplayHarness.Shapes.Rules;

/// <summary>A call was in flight when the run ended, nobody was told of it, and it never answered.</summary>
internal sealed class AbandonedCall : Rule
{
    /// <summary>The class of what was given up.</summary>
    private const string Abandoned = "other:Abandoned";

    public override string Name => "abandoned-call";

    public override FindingKind Kind => FindingKind.Symptom;

    public override string Summary => "In a replay: a call was in flight when the run ended, and did not answer afterwards either.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) =>
        run
            .ToolCalls.Where(c => c.IsAbandoned)
            .Select(c => new Finding(
                this,
                c.Name,
                Abandoned,
                $"the run ended while {c.Name} was in flight, and it never answered",
                [c.Span]
            ));
}

/// <summary>Something that the run had left running failed after its end, and nobody caught that.</summary>
internal sealed class LateCrash : Rule
{
    public override string Name => "late-crash";

    public override FindingKind Kind => FindingKind.Symptom;

    public override string Summary =>
        "In a replay: after the run had ended, what it had left running failed, and no code caught that: the process would "
        + "have ended.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        if (run.Run is { LateCrash: { } crash, Root: { } root })
            yield return new(this, "run", ErrorClass.Of(crash), $"after the run had ended, nobody caught {crash}", [root]);
    }
}

/// <summary>A call went on when its run had ended.</summary>
internal sealed class OutlivingCall : Rule
{
    // Exporters round, and a root span may close a little early.
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(10);

    public override string Name => "outliving-call";

    // A tool may be meant to go on in the background.
    public override FindingKind Kind => FindingKind.Observation;

    public override bool IsError => false;

    public override string Summary => "A call of a tool went on after the run had ended: nobody waited for it.";

    internal override string? NotJudged => "no replay is green in which a call is in flight when the run ends; it need not be named";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        if (run.Run.Root is not { } root)
            yield break;
        foreach (var call in run.ToolCalls)
            if (!call.IsAbandoned && TimeSpan.FromTicks((call.Span.EndNanos - root.EndNanos) / 100) is var late && late >= s_least)
                yield return new(
                    this,
                    call.Name,
                    run.ClassOf(call) ?? "other:Outliving",
                    $"{call.Name} ended {Durations.Text(late)} after the run",
                    [call.Span, root]
                );
    }
}
