using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Judging;

namespace ReplayHarness.Tests.Judging;

/// <summary>Which verdicts enter the overall one.</summary>
public sealed class OverallTests
{
    private static readonly CapturedAtTool s_captured = new()
    {
        Claim = "",
        Judges = [],
        Contending = [],
        Healthy = [],
    };
    private static readonly HealthyAtHttp s_healthy = new()
    {
        Claim = "",
        Judges = [],
        Contending = [],
        Healthy = [],
    };
    private static readonly ContentionAtTool s_contention = new()
    {
        Claim = "",
        Judges = [],
        Contending = ["read"],
        Healthy = [],
    };

    [Test]
    public void Contention_stands_in_only_for_a_backend_that_is_not_calibrated()
    {
        Assert.That(
            Counting((s_captured, true), (s_healthy, true), (s_contention, true)),
            Is.EqualTo(new[] { "captured@tool", "healthy@http" })
        );
        Assert.That(
            Counting((s_captured, true), (s_healthy, false), (s_contention, true)),
            Is.EqualTo(new[] { "captured@tool", "contention@tool" })
        );
    }

    // Else an incident would be closed by what was never replayed.
    [Test]
    public void An_uncalibrated_backend_counts_where_nothing_stands_in_for_it() =>
        Assert.That(Counting((s_captured, true), (s_healthy, false)), Is.EqualTo(new[] { "captured@tool", "healthy@http" }));

    private static IEnumerable<string> Counting(params (Hypothesis Hypothesis, bool Calibrated)[] replayed) =>
        Overall
            .Weigh([.. replayed.Select(r => (r.Hypothesis, VerdictOf(r.Hypothesis, r.Calibrated)))])
            .Where(v => v.Counts)
            .Select(v => v.Name);

    private static HypothesisVerdict VerdictOf(Hypothesis hypothesis, bool calibrated) =>
        new()
        {
            Name = hypothesis.Name,
            Verdict = calibrated ? VerdictKind.Removed : VerdictKind.NotEstablished,
            Calibrated = calibrated,
            Sentence = "",
            Schedules = new(1, 1, true, 0, 0, "captured"),
            Findings = [],
        };
}
