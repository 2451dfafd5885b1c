using ReplayHarness.Shapes;

namespace ReplayHarness.Fixtures.Hypotheses;

/// <summary>A call hangs only while its sibling is in flight. Counts only where no calibrated healthy backend could be replayed.</summary>
internal sealed record ContentionAtTool() : Hypothesis(Called)
{
    public const string Called = "contention@tool";

    internal override bool NeedsToolsInProcess => true;

    internal override bool CountsBeside(bool calibrated, IEnumerable<(Hypothesis Hypothesis, bool Calibrated)> others) =>
        !others.Any(o => o.Hypothesis.NeedsCalibration && o.Calibrated);

    /// <summary>Where siblings differed, and it is known how those calls go when nothing disturbs them.</summary>
    public static new ContentionAtTool? Of(CapturedIncident incident)
    {
        string[] contending =
        [
            .. incident
                .Identity.Where(i => i.Rule == "sibling-mismatch" && incident.Healthy.Any(h => h.Tool == i.Role))
                .Select(i => i.Role),
        ];
        if (contending.Length == 0)
            return null;
        var claimed = contending.Select(tool => new FindingIdentity("overlapping-siblings", tool, ErrorClass.Timeout));
        return new()
        {
            Claim = "A call hangs only while its sibling is in flight. For agents whose own tool code cannot run in a replay.",
            Judges = [.. incident.Emergent.Concat(claimed).Order()],
            Contending = contending,
            Healthy = incident.Healthy,
        };
    }
}
