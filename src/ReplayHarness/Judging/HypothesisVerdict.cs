using System.Numerics;
using System.Text.Json.Serialization;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Judging;

/// <summary>What became of a finding.</summary>
public enum FindingState
{
    /// <summary>It was captured, and no schedule shows it.</summary>
    Removed,

    /// <summary>It was captured, and some schedule shows it.</summary>
    Remaining,

    /// <summary>It is new, and an error.</summary>
    Appeared,

    /// <summary>The mock imposed it: no evidence about the agent.</summary>
    Imposed,

    /// <summary>It was captured, and could not have shown under this hypothesis, whatever the agent does: no evidence either way.</summary>
    Unjudged,
}

/// <summary>A finding in a verdict.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Role">The tool's name, or <c>model</c>, or <c>run</c>.</param>
/// <param name="ErrorClass">The error class.</param>
/// <param name="Kind">Whether it speaks of the cause or of the symptom.</param>
/// <param name="State">What became of it.</param>
/// <param name="Schedules">In how many schedules it showed.</param>
public sealed record JudgedFinding(string Rule, string Role, string ErrorClass, FindingKind Kind, FindingState State, BigInteger Schedules)
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
/// <param name="LatencyModel"><c>captured</c>, <c>any-order</c>, <c>jitter 20%</c>, …</param>
/// <param name="Note">What else is to be said of the exploration, or null.</param>
public sealed record ScheduleCount(
    int Explored,
    [property: JsonConverter(typeof(CountAsText))] BigInteger Represented,
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

    /// <summary>
    /// False where the verdict does not enter the overall one: it stands in for another hypothesis, which could be judged.
    /// </summary>
    public bool Counts { get; init; } = true;

    /// <summary>False where the fixture's responses were not shown to be right, so that nothing could be judged by them.</summary>
    public bool Calibrated { get; init; } = true;

    /// <summary>A sentence for a person.</summary>
    public required string Sentence { get; init; }

    /// <summary>How many schedules, and how they went.</summary>
    public required ScheduleCount Schedules { get; init; }

    /// <summary>The shapes seen, most frequent first.</summary>
    public IReadOnlyList<CountedShape> Shapes { get; init; } = [];

    /// <summary>Every finding that was judged, appeared, or was imposed.</summary>
    public required IReadOnlyList<JudgedFinding> Findings { get; init; }

    /// <summary>Captured findings that no schedule shows.</summary>
    [JsonConverter(typeof(RuleNames))]
    public IReadOnlyList<JudgedFinding> Removed => In(FindingState.Removed);

    /// <summary>Captured findings that some schedule shows.</summary>
    [JsonConverter(typeof(RuleNames))]
    public IReadOnlyList<JudgedFinding> Remaining => In(FindingState.Remaining);

    /// <summary>Findings that are new, and errors.</summary>
    [JsonConverter(typeof(RuleNames))]
    public IReadOnlyList<JudgedFinding> Appeared => In(FindingState.Appeared);

    /// <summary>Findings that the mock imposed: no evidence about the agent.</summary>
    [JsonConverter(typeof(RuleNames))]
    public IReadOnlyList<JudgedFinding> Imposed => In(FindingState.Imposed);

    /// <summary>Why some schedules fail; null where none does.</summary>
    public FailureExplanation? Explanation { get; init; }

    /// <summary>Why it diverged or is not established.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>What to do where it diverged or is not established.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    /// <summary>
    /// How the agent left the recording in a way that is known, or how it survived what went wrong: a guard stopped a loop, it answered of
    /// itself.
    /// </summary>
    public IReadOnlyList<string> Departures { get; init; } = [];

    /// <summary>Races between two awaits, the worst first; empty where none was found, and where none was looked for.</summary>
    [JsonInclude]
    internal IReadOnlyList<JudgedRace> Races
    {
        // Evidence of before holds none.
        get => field ?? [];
        init;
    }

    /// <summary>True where every refusal was given as captured, whether the agent still earned it or not.</summary>
    [JsonIgnore]
    internal bool IsOfTheCapture { get; init; }

    /// <summary>True where the model asked for several calls at once.</summary>
    [JsonIgnore]
    internal bool HasSiblings { get; init; }

    /// <summary>True where a schedule ended well with nothing to show after the model had failed.</summary>
    [JsonIgnore]
    internal bool Swallows { get; init; }

    /// <summary>Whether the model's API still refuses what the agent asks, and it goes on all the same.</summary>
    internal bool IsStillRefused { get; init; }

    /// <summary>What was accepted although it is not exactly as captured.</summary>
    public IReadOnlyList<string> Drift { get; init; } = [];

    /// <summary>Its one schedule, step by step, where that was asked for; else null.</summary>
    [JsonInclude]
    internal Trail? Steps { get; init; }

    /// <summary>The trace of its captured schedule, or of the one that was followed step by step; null where none ran.</summary>
    public Trace? Trace { get; init; }

    private JudgedFinding[] In(FindingState state) => [.. Findings.Where(f => f.State == state)];
}
