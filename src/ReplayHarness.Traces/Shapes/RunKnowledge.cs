namespace ReplayHarness.Shapes;

/// <summary>What is known of a run beside its trace: from a fixture, or from who declares it.</summary>
internal sealed record RunKnowledge
{
    /// <summary>Nothing.</summary>
    public static RunKnowledge None { get; } = new();

    /// <summary>
    /// What each call (tool, canonical arguments) returned when it was captured, canonical; empty where nothing is known.
    /// </summary>
    public IReadOnlyDictionary<(string Tool, string Arguments), string> ExpectedResults { get; init; } =
        new Dictionary<(string, string), string>();

    /// <summary>Whether a call of a tool changes something each time it is made; a tool that is not here may or may not.</summary>
    public IReadOnlyDictionary<string, bool> Effects { get; init; } = new Dictionary<string, bool>();

    /// <summary>The same, as the HTTP methods of a tool's requests say it: nobody declared it, so it comes last.</summary>
    public IReadOnlyDictionary<string, bool> EffectsByMethod { get; init; } = new Dictionary<string, bool>();

    /// <summary>Tools of which it is declared that the agent tells its model less than they gave, or in other words.</summary>
    public IReadOnlySet<string> Shortened { get; init; } = new HashSet<string>();

    /// <summary>Whether each call of which the result is known was shown to answer so when it runs alone.</summary>
    public bool AnswersAlone { get; init; }

    /// <summary>Rules whose findings count here although they are observations elsewhere.</summary>
    public IReadOnlyList<string> Promoted { get; init; } = [];

    /// <summary>The same, with effects of tools of which nothing was declared.</summary>
    public RunKnowledge With(IReadOnlyDictionary<string, bool> effects) =>
        effects.Count == 0
            ? this
            : this with
            {
                Effects = effects.Concat(Effects).GroupBy(e => e.Key).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal),
            };

    /// <summary>Whether a finding is part of a failure's identity.</summary>
    public bool Counts(Finding finding) => finding.Rule.Kind != FindingKind.Observation || Promoted.Contains(finding.Rule.Name);
}
