using System.Numerics;
using ReplayHarness.Shapes;

namespace ReplayHarness.Judging;

/// <summary>A finding in a verdict.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Role">The tool's name, or <c>model</c>, or <c>run</c>.</param>
/// <param name="ErrorClass">The error class.</param>
/// <param name="Kind"><c>symptom</c> or <c>cause</c>.</param>
/// <param name="Schedules">In how many schedules it showed.</param>
public sealed record JudgedFinding(string Rule, string Role, string ErrorClass, string Kind, BigInteger Schedules)
{
    internal FindingIdentity Identity => new(Rule, Role, ErrorClass);
}

/// <summary>A shape that schedules showed.</summary>
/// <param name="Fingerprint">Its fingerprint.</param>
/// <param name="Text">Identity and outline.</param>
/// <param name="Count">In how many schedules.</param>
public sealed record CountedShape(string Fingerprint, string Text, BigInteger Count);

/// <summary>How much of the space of schedules was seen.</summary>
/// <param name="Explored">Schedules that ran.</param>
/// <param name="Represented">Schedules that those stand for: more than ran where equal states were merged.</param>
/// <param name="Exhaustive">True where these are all.</param>
/// <param name="Overlapped">Schedules in which sibling calls were in flight at once.</param>
/// <param name="Failing">Schedules in which a judged finding showed.</param>
/// <param name="LatencyModel"><c>captured</c> or <c>any-order</c>.</param>
/// <param name="Note">What else is to be said of the exploration, or null.</param>
public sealed record ScheduleCount(
    int Explored,
    BigInteger Represented,
    bool Exhaustive,
    BigInteger Overlapped,
    BigInteger Failing,
    string LatencyModel,
    string? Note = null
);

/// <summary>The verdict of one hypothesis.</summary>
public sealed record HypothesisVerdict
{
    /// <summary>The hypothesis.</summary>
    public required string Name { get; init; }

    /// <summary>The verdict.</summary>
    public required VerdictKind Verdict { get; init; }

    /// <summary>A sentence for a person.</summary>
    public required string Sentence { get; init; }

    /// <summary>How many schedules, and how they went.</summary>
    public required ScheduleCount Schedules { get; init; }

    /// <summary>The shapes seen, most frequent first.</summary>
    public required IReadOnlyList<CountedShape> Shapes { get; init; }

    /// <summary>Captured findings that no schedule shows.</summary>
    public required IReadOnlyList<JudgedFinding> Removed { get; init; }

    /// <summary>Captured findings that some schedule shows.</summary>
    public required IReadOnlyList<JudgedFinding> Remaining { get; init; }

    /// <summary>Findings that are new, and errors.</summary>
    public required IReadOnlyList<JudgedFinding> Appeared { get; init; }

    /// <summary>Findings that the mock imposed: no evidence about the agent.</summary>
    public required IReadOnlyList<JudgedFinding> Imposed { get; init; }

    /// <summary>Why it diverged or is not established.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>What was accepted although it is not exactly as captured.</summary>
    public required IReadOnlyList<string> Drift { get; init; }

    /// <summary>False where the fixture's responses were not shown to be right, so that nothing could be judged by them.</summary>
    public bool Calibrated { get; init; } = true;

    /// <summary>False where the verdict does not enter the overall one: it stands in for another hypothesis, which could be judged.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>Why some schedules fail; null where none does.</summary>
    public FailureExplanation? Explanation { get; init; }

    /// <summary>The trace of its captured schedule, as OTLP/JSON; empty where none ran.</summary>
    public string Trace { get; init; } = "";
}
