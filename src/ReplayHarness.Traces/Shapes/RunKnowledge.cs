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

    /// <summary>Whether each call of which the result is known was shown to answer so when it runs alone.</summary>
    public bool AnswersAlone { get; init; }

    /// <summary>Rules whose findings count here although they are observations elsewhere.</summary>
    public IReadOnlyList<string> Promoted { get; init; } = [];

    /// <summary>Whether a finding is part of a failure's identity.</summary>
    public bool Counts(Finding finding) => finding.Rule.Kind != FindingKind.Observation || Promoted.Contains(finding.Rule.Name);
}
