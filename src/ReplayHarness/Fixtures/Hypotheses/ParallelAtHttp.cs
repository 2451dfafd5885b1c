namespace ReplayHarness.Fixtures.Hypotheses;

/// <summary>
/// Nothing went wrong: does it stay so over a healthy backend, however the calls of one turn run? No fixture of an incident holds it, and
/// so its schema does not name it.
/// </summary>
internal sealed record ParallelAtHttp() : Hypothesis(Called)
{
    public const string Called = "parallel@http";

    internal override bool MocksTools => false;

    internal override bool NeedsCalibration => true;

    internal override bool IsCalibratedInTurn => true;

    internal override bool IsOfHealthyRun => true;

    public static new ParallelAtHttp? Of(CapturedIncident incident) =>
        incident is { Identity.Count: 0, HasCalls: true }
            ? new()
            {
                Claim =
                    "Nothing went wrong. The agent's own tool code runs over a backend that is healthy, the calls of one turn at once or "
                    + "one after the other. Judges everything that goes wrong now.",
                Judges = [],
                Contending = [],
                Healthy = [],
            }
            : null;
}
