namespace ReplayHarness.Fixtures.Hypotheses;

/// <summary>Every tool call behaves as captured: does the run survive it?</summary>
internal sealed record CapturedAtTool() : Hypothesis(Called)
{
    public const string Called = "captured@tool";

    internal override bool ImposesOnHttp => true;

    internal override bool NeedsOnlyTheCapture => true;

    public static new CapturedAtTool Of(CapturedIncident incident) =>
        new()
        {
            Claim = "Every tool call behaves as it did when captured. Judges whether the run survives it.",
            Judges = incident.Emergent,
            Contending = [],
            Healthy = [],
        };
}
