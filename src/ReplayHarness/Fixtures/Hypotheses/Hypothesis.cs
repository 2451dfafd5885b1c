using System.Text.Json.Serialization;
using ReplayHarness.Shapes;

namespace ReplayHarness.Fixtures.Hypotheses;

/// <summary>
/// A boundary to mock at, with what a replay of it can judge. Each kind is a type of its own, which says what it mocks, what it needs
/// before it can judge, and
/// whether it counts beside others; a fixture names it by <see cref="Name"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(CapturedAtTool), CapturedAtTool.Called)]
[JsonDerivedType(typeof(HealthyAtModel), HealthyAtModel.Called)]
[JsonDerivedType(typeof(HealthyAtHttp), HealthyAtHttp.Called)]
[JsonDerivedType(typeof(ContentionAtTool), ContentionAtTool.Called)]
[JsonDerivedType(typeof(ParallelAtHttp), ParallelAtHttp.Called)]
internal abstract record Hypothesis
{
    // The order in which a fixture holds them.
    private static readonly Func<CapturedIncident, Hypothesis?>[] s_all =
    [
        CapturedAtTool.Of,
        HealthyAtModel.Of,
        HealthyAtHttp.Of,
        ContentionAtTool.Of,
        ParallelAtHttp.Of,
    ];

    private protected Hypothesis(string name) => Name = name;

    /// <summary>What it is called in files, on the command line and in reports: <c>captured@tool</c>.</summary>
    [JsonIgnore]
    public string Name { get; }

    /// <summary>What it says, for people.</summary>
    public required string Claim { get; init; }

    /// <summary>The captured findings that it judges.</summary>
    public required IReadOnlyList<FindingIdentity> Judges { get; init; }

    /// <summary>The tools whose calls contend for one resource.</summary>
    public required IReadOnlyList<string> Contending { get; init; }

    /// <summary>What the calls that failed return when they are healthy, as another source shows.</summary>
    public required IReadOnlyList<HealthyCall> Healthy { get; init; }

    /// <summary>True where the mock answers calls of tools; false where the agent's own tools run, over the http boundary.</summary>
    internal virtual bool MocksTools => true;

    /// <summary>
    /// True where a request of a tool's own code ends as the tool call did when captured, for a tool whose calls the mock does not see.
    /// </summary>
    internal virtual bool ImposesOnHttp => false;

    /// <summary>
    /// True where the fixture's responses must first be shown to be right: each captured call, run alone, returns its result.
    /// </summary>
    internal virtual bool NeedsCalibration => false;

    /// <summary>
    /// True where that is shown in the order of the recording: a call may need what one before it left behind.
    /// </summary>
    internal virtual bool IsCalibratedInTurn => false;

    /// <summary>True where nothing went wrong when it was captured: whatever goes wrong now is what it judges.</summary>
    internal virtual bool IsOfHealthyRun => false;

    /// <summary>True where the calls of tools must pass the mock in the agent's process.</summary>
    internal virtual bool NeedsToolsInProcess => false;

    /// <summary>True where it can be replayed with what was captured, and nothing else.</summary>
    internal virtual bool NeedsOnlyTheCapture => false;

    /// <summary>
    /// Whether a finding could show under it at all, if the agent has the fault: a backend that is healthy, for one, never refuses.
    /// </summary>
    internal virtual bool CanShow(FindingIdentity finding, OutsideCause outside) => true;

    /// <summary>
    /// True where the model's API refuses only what deserves it, if the fixture shows that the captured refusals were deserved; else the
    /// model answers as captured, whatever it is asked.
    /// </summary>
    internal virtual bool RefusesWhatDeservesIt => false;

    /// <summary>True where a fixture that holds it shows that the captured refusals of the model were deserved.</summary>
    internal virtual bool ShowsThatRefusalsAreDeserved => false;

    /// <summary>Whether its verdict enters the overall one.</summary>
    /// <param name="calibrated">Whether the responses that it needs were shown to be right.</param>
    /// <param name="others">The other hypotheses that were replayed, each with the same.</param>
    internal virtual bool CountsBeside(bool calibrated, IEnumerable<(Hypothesis Hypothesis, bool Calibrated)> others) => true;

    /// <summary>The hypotheses that an incident gives rise to.</summary>
    internal static Hypothesis[] Of(CapturedIncident incident) => [.. s_all.Select(of => of(incident)).OfType<Hypothesis>()];
}
