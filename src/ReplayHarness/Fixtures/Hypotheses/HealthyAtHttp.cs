using ReplayHarness.Shapes;

namespace ReplayHarness.Fixtures.Hypotheses;

/// <summary>The agent's own tool code runs over an http boundary that answers as a healthy backend does.</summary>
internal sealed record HealthyAtHttp() : Hypothesis(Called)
{
    public const string Called = "healthy@http";

    internal override bool MocksTools => false;

    internal override bool NeedsCalibration => true;

    internal override bool RefusesWhatDeservesIt => true;

    internal override bool CanShow(FindingIdentity finding, OutsideCause outside) => finding.Role == "model" || !outside.Refuses(finding);

    // What is not calibrated leaves its place to a hypothesis that stands in for it.
    internal override bool CountsBeside(bool calibrated, IEnumerable<(Hypothesis Hypothesis, bool Calibrated)> others) =>
        calibrated || !others.Any(o => o.Hypothesis.Contending.Count > 0 || JudgesAsMuch(o.Hypothesis));

    private bool JudgesAsMuch(Hypothesis other) => other.ShowsThatRefusalsAreDeserved && Judges.All(other.Judges.Contains);

    public static new HealthyAtHttp? Of(CapturedIncident incident) =>
        incident.HasCalls
            ? new()
            {
                Claim =
                    "The agent's own tool code runs over a backend that is healthy. Judges everything: what goes wrong now, the "
                    + "agent does by itself.",
                Judges = incident.Identity,
                Contending = [],
                Healthy = incident.Healthy,
            }
            : null;
}
