using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Judging;

/// <summary>What a hypothesis judges: neither what a mock imposed, nor what could not have shown under it.</summary>
public sealed class TallyTests
{
    private static readonly FindingIdentity s_died = new("agent-error", "run", "other:Broken");
    private static readonly FindingIdentity s_down = new("unhandled-tool-error", "shelf", "connection");
    private static readonly FindingIdentity s_late = new("late-crash", "run", "other:Broken");
    private static readonly CapturedAtTool s_captured = new()
    {
        Claim = "",
        Judges = [s_died, s_down],
        Contending = [],
        Healthy = [],
    };
    private static readonly HealthyAtHttp s_healthy = new()
    {
        Claim = "",
        Judges = [s_died, s_down],
        Contending = [],
        Healthy = [],
    };

    // A backend that is healthy is never down.
    [Test]
    public void What_cannot_show_is_named_and_not_judged()
    {
        Assert.That(Judge(s_healthy, Schedule([s_died])).Verdict, Is.EqualTo(VerdictKind.Reproduced));
        var verdict = Judge(s_healthy, Schedule([]));
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Removed));
        Assert.That(States(verdict), Is.EqualTo(new[] { (s_died, FindingState.Removed), (s_down, FindingState.Unjudged) }));
    }

    [Test]
    public void What_was_imposed_is_not_judged()
    {
        Assert.That(Judge(s_captured, Schedule([s_died]) with { Imposed = [s_down] }).Verdict, Is.EqualTo(VerdictKind.Reproduced));
        var verdict = Judge(s_captured, Schedule([]) with { Imposed = [s_down] });
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Removed));
        Assert.That(States(verdict), Is.EqualTo(new[] { (s_died, FindingState.Removed), (s_down, FindingState.Imposed) }));
    }

    [Test]
    public void Where_something_is_missing_nothing_is_shown_by_what_is_new() =>
        Assert.That(
            Judge(s_captured, Schedule([s_late]) with { Exercise = Missing("the agent never asked the model") }).Verdict,
            Is.EqualTo(VerdictKind.NotEstablished)
        );

    // Part of the schedules fail: they are no proof either way for the others, but need none.
    [Test]
    public void What_is_missing_where_the_failure_shows_is_not_needed() =>
        Assert.That(
            Judge(s_captured, Schedule([s_died, s_down]) with { Exercise = Missing("the agent never asked the model") }).Verdict,
            Is.EqualTo(VerdictKind.Reproduced)
        );

    private static Exercise Missing(string what) => new([what], [], false, [], [], false);

    private static HypothesisVerdict Judge(Hypothesis hypothesis, ScheduleResult schedule)
    {
        var tally = new Tally(hypothesis);
        tally.Add(schedule, 1);
        return tally.Judge(new(1, true, "captured"));
    }

    private static IEnumerable<(FindingIdentity, FindingState)> States(HypothesisVerdict verdict) =>
        verdict.Findings.Select(f => (f.Identity, f.State));

    private static ScheduleResult Schedule(FindingIdentity[] shown)
    {
        var run = InspectedRun.Of(AgentRuns.Read(new RunBuilder().Model(0, 1).Build()).Single());
        Finding[] findings = [.. shown.Select(i => new Finding(RuleTable.Find(i.Rule)!, i.Role, i.ErrorClass, "", []))];
        return EmptySchedule.Of(KernelEnd.Finished) with { Judged = new(run.Run.Trace, [run with { Findings = findings }]) };
    }
}
