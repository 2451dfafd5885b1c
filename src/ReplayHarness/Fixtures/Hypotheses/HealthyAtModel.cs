namespace ReplayHarness.Fixtures.Hypotheses;

/// <summary>
/// Every tool call behaves as captured; the model's API checks requests as the real one does, and refuses only what deserves it.
/// </summary>
internal sealed record HealthyAtModel() : Hypothesis(Called)
{
    public const string Called = "healthy@model";

    internal override bool ImposesOnHttp => true;

    internal override bool RefusesWhatDeservesIt => true;

    internal override bool ShowsThatRefusalsAreDeserved => true;

    /// <summary>Where a provider refused what the agent did, and one that checks requests would have refused the same.</summary>
    public static new HealthyAtModel? Of(CapturedIncident incident) =>
        incident.RefusalsAreDeserved
            ? new()
            {
                Claim =
                    "Every tool call behaves as it did when captured; the model's API checks requests as the real one does, and refuses "
                    + "only what deserves it. Judges whether the agent still earns a refusal.",
                Judges = [.. incident.Emergent.Concat(incident.Identity.Where(i => i.Role == "model")).Distinct().Order()],
                Contending = [],
                Healthy = [],
            }
            : null;
}
