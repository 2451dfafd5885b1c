using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Judging;
using ReplayHarness.Shapes;

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

    // All that it could have judged was imposed: others speak.
    [Test]
    public void What_judges_nothing_counts_only_where_all_do()
    {
        JudgedFinding[] imposed = [Finding("unhandled-tool-error", FindingState.Imposed), Finding("agent-error", FindingState.Unjudged)];
        var nothing = VerdictOf(s_captured, false) with { Findings = imposed };
        Assert.That(Counting((s_captured, nothing), (s_healthy, VerdictOf(s_healthy, true))), Is.EqualTo(new[] { "healthy@http" }));
        Assert.That(Counting((s_captured, nothing)), Is.EqualTo(new[] { "captured@tool" }));
    }

    // Where siblings are said to contend, that they no longer overlap is all that can be shown.
    [TestCase("overlapping-siblings", VerdictKind.Removed)]
    [TestCase("lost-sibling-result", VerdictKind.SymptomRemoved)]
    public void That_siblings_no_longer_overlap_stands_for_the_cause(string removed, VerdictKind expected) =>
        Assert.That(
            Judge(
                [new("timeout-constant", "run", "timeout")],
                (VerdictKind.Removed, [Finding("unhandled-tool-error", FindingState.Removed), Finding(removed, FindingState.Removed)])
            ).Kind,
            Is.EqualTo(expected)
        );

    // What the provider does is outside, but for what it refuses because the agent sent it.
    [TestCase("http-5xx", VerdictKind.Survives)]
    [TestCase("timeout", VerdictKind.Survives)]
    [TestCase("http-4xx", VerdictKind.SymptomRemoved)]
    public void An_error_of_the_model_that_nothing_judged(string error, VerdictKind expected) =>
        Assert.That(
            Judge(
                [new("unhandled-model-error", "model", error)],
                (VerdictKind.Removed, [Finding("unhandled-tool-error", FindingState.Removed)])
            ).Kind,
            Is.EqualTo(expected)
        );

    // That an API answered in a replay is no merit of the agent.
    [TestCase("http-5xx", VerdictKind.Survives)]
    [TestCase("http-4xx", VerdictKind.Removed)]
    public void An_error_of_the_model_that_is_gone(string error, VerdictKind expected)
    {
        var gone = new JudgedFinding("unhandled-model-error", "model", error, FindingKind.Symptom, FindingState.Removed, 0);
        Assert.That(Judge([gone.Identity], (VerdictKind.Removed, [gone])).Kind, Is.EqualTo(expected));
    }

    [TestCase("agent-error")]
    [TestCase("late-crash")]
    public void A_crash_heads_what_is_left_of_the_captured_failure(string crash)
    {
        var (kind, sentence) = Judge(
            [],
            (VerdictKind.PartlyRemoved, [Finding("unhandled-tool-error", FindingState.Remaining)]),
            (VerdictKind.Changed, [Finding("cancelled-sibling", FindingState.Removed), Finding(crash, FindingState.Appeared)])
        );
        Assert.That(
            (kind, sentence),
            Is.EqualTo(
                (
                    VerdictKind.Changed,
                    $"The run ends with another failure ({crash}: other:Broken), and part of the captured one remains: "
                        + "unhandled-tool-error."
                )
            )
        );
    }

    [Test]
    public void A_crash_is_no_news_where_the_incident_happens_again_or_was_that_crash()
    {
        var changed = (VerdictKind.Changed, (JudgedFinding[])[Finding("agent-error", FindingState.Appeared)]);
        var remains = (JudgedFinding[])[Finding("unhandled-tool-error", FindingState.Remaining)];
        Assert.That(Judge([], (VerdictKind.Reproduced, remains), changed).Kind, Is.EqualTo(VerdictKind.Reproduced));
        Assert.That(
            Judge([new("agent-error", "run", "other:Broken")], (VerdictKind.PartlyRemoved, remains), changed).Kind,
            Is.EqualTo(VerdictKind.PartlyRemoved)
        );
    }

    // What is less than a crash leaves the words of the rest.
    [Test]
    public void Another_finding_heads_nothing() =>
        Assert.That(
            Judge(
                [],
                (VerdictKind.PartlyRemoved, [Finding("unhandled-tool-error", FindingState.Remaining)]),
                (VerdictKind.Changed, [Finding("swallowed-error", FindingState.Appeared)])
            ).Kind,
            Is.EqualTo(VerdictKind.PartlyRemoved)
        );

    private static JudgedFinding Finding(string rule, FindingState state) =>
        new(rule, "run", "other:Broken", rule == "cancelled-sibling" ? FindingKind.Cause : FindingKind.Symptom, state, 1);

    private static (VerdictKind Kind, string Sentence) Judge(
        IReadOnlyList<FindingIdentity> captured,
        params (VerdictKind Kind, JudgedFinding[] Findings)[] judged
    ) =>
        Overall.Judge(
            [.. judged.Select(j => VerdictOf(s_captured, true) with { Verdict = j.Kind, Findings = j.Findings, Counts = true })],
            captured
        );

    private static IEnumerable<string> Counting(params (Hypothesis Hypothesis, bool Calibrated)[] replayed) =>
        Counting([.. replayed.Select(r => (r.Hypothesis, VerdictOf(r.Hypothesis, r.Calibrated)))]);

    private static IEnumerable<string> Counting(params (Hypothesis, HypothesisVerdict)[] replayed) =>
        Overall.Weigh(replayed).Where(v => v.Counts).Select(v => v.Name);

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
