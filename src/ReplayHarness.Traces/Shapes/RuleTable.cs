using ReplayHarness.Shapes.Rules;

namespace ReplayHarness.Shapes;

/// <summary>Every rule, in the order in which findings are listed.</summary>
internal static class RuleTable
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new UnhandledToolError(),
        new LostSiblingResult(),
        new UnhandledModelError(),
        new AgentError(),
        new StepLimit(),
        new CancelledSibling(),
        new UnansweredToolCall(),
        new PendingToolCall(),
        new UnfinishedRun(),
        new AbandonedCall(),
        new LateCrash(),
        new SiblingMismatch(),
        new TimeoutConstant(),
        new OverlappingSiblings(),
        new WrongResult(),
        new LostResult(),
        new AlteredResult(),
        new HealthyCallFailed(),
        new DuplicatedEffect(),
        new RepeatedToolCalls(),
        new OrphanToolResult(),
        RaceRule.UnsafeSharing,
        RaceRule.LockOrder,
        new RetryAfterIgnored(),
        new ModelError(),
        new TruncatedOutput(),
        new BlockedAnswer(),
        new MalformedCall(),
        new UnknownTool(),
        new InvalidArguments(),
        new SoftError(),
        new HandledToolError(),
        new RepeatedCall(),
        new SwallowedError(),
        new SwallowedInTool(),
        new OutlivingCall(),
        new InnerError(),
        new EmptyAnswer(),
        new ModelRetries(),
        new NoiseError(),
        new MissingRoot(),
    ];

    private static readonly Dictionary<string, Rule> s_byName = All.ToDictionary(r => r.Name, StringComparer.Ordinal);

    /// <summary>What the rules together must remember of a run that may still go on, each memory once.</summary>
    internal static IReadOnlyList<RuleMemory> Memories { get; } =
    [OwnDeadlines.Memory, .. All.Select(r => r.Memory).Where(m => m != RuleMemories.None && m != RuleMemories.Unbounded).Distinct()];

    /// <summary>The rule of a name, or null: a fixture may hold one that is gone.</summary>
    internal static Rule? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>Whether states may be merged where the rules of these names are judged beyond the usual.</summary>
    internal static bool MayMerge(IEnumerable<string> promoted) => promoted.All(r => Find(r)?.Memory != RuleMemories.Unbounded);

    /// <summary>The findings of every rule on a run.</summary>
    public static IReadOnlyList<Finding> Apply(RunView run) => [.. All.SelectMany(rule => rule.Find(run))];
}
