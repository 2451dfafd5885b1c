namespace ReplayHarness.Fixtures.Hypotheses;

/// <summary>Every tool call behaves as captured: does the run survive it?</summary>
internal sealed record CapturedAtTool() : Hypothesis(Called)
{
    public const string Called = "captured@tool";

    internal override bool ImposesOnHttp => true;

    internal override bool NeedsOnlyTheCapture => true;

    // It refuses a mended request as it refused the broken one. Where that is told apart, with the tools as here, this says no more.
    internal override bool CountsBeside(bool calibrated, IEnumerable<(Hypothesis Hypothesis, bool Calibrated)> others) =>
        !others.Any(o => o.Hypothesis.ShowsThatRefusalsAreDeserved);

    public static new CapturedAtTool Of(CapturedIncident incident) =>
        new()
        {
            Claim = "Every tool call behaves as it did when captured. Judges whether the run survives it.",
            Judges = incident.Emergent,
            Contending = [],
            Healthy = [],
        };
}
