using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>One attempt of an incident: its run, what the rules found, and its shape.</summary>
/// <param name="Run">The run.</param>
/// <param name="Findings">All findings, observations too.</param>
/// <param name="Shape">Its shape.</param>
public sealed record InspectedRun(AgentRun Run, IReadOnlyList<Finding> Findings, FailureShape Shape)
{
    /// <summary>Applies every rule to a run.</summary>
    public static InspectedRun Of(AgentRun run, IReadOnlyDictionary<(string Tool, string Arguments), string>? expectedResults = null) =>
        Of(run, expectedResults is null ? RunKnowledge.None : new RunKnowledge { ExpectedResults = expectedResults });

    /// <summary>Applies every rule to a run, with what is known beside it.</summary>
    internal static InspectedRun Of(AgentRun run, RunKnowledge known)
    {
        var view = new RunView(run, known);
        var findings = RuleTable.Apply(view);
        return new(run, findings, FailureShape.Of(view, findings)) { Known = known };
    }

    /// <summary><c>failed</c>, <c>ok</c>, or <c>unfinished</c> for a run whose end is not in its trace.</summary>
    internal string Outcome =>
        Run.Failed ? "failed"
        : Findings.Any(f => f.Rule is Rules.UnfinishedRun) ? "unfinished"
        : "ok";

    /// <summary>The findings that count.</summary>
    internal IEnumerable<Finding> Counting => Findings.Where(Known.Counts);

    private RunKnowledge Known { get; init; } = RunKnowledge.None;
}

/// <summary>All attempts of one task, in order of time.</summary>
/// <param name="Attempts">The attempts.</param>
public sealed record Incident(IReadOnlyList<InspectedRun> Attempts)
{
    /// <summary>How many attempts show the shape that the first failed attempt has.</summary>
    public int SameShape => FirstFailed is { } first ? Attempts.Count(a => a.Shape.Fingerprint == first.Shape.Fingerprint) : 0;

    /// <summary>
    /// The rule <c>deterministic-retry</c>, which belongs to an incident and never to one attempt: at least two attempts, and every one
    /// fails with the same shape.
    /// </summary>
    public bool IsDeterministicRetry => Attempts.Count > 1 && FirstFailed is not null && SameShape == Attempts.Count;

    /// <summary>The union of the shapes of all attempts.</summary>
    public FailureShape Shape => FailureShape.Union(Attempts.Select(a => a.Shape));

    private InspectedRun? FirstFailed => Attempts.FirstOrDefault(a => !a.Shape.IsHealthy);
}
