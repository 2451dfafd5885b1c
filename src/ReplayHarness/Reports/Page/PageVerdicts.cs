using System.Globalization;
using System.Numerics;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Judging;
using ReplayHarness.Shapes;

namespace ReplayHarness.Reports.Page;

/// <summary>What each agent's replays showed of each hypothesis.</summary>
internal sealed class PageVerdicts(Fixture fixture, IReadOnlyList<ReplayedAgent> agents, PageRuns runs)
{
    /// <summary>The hypotheses that were replayed with any agent, in the fixture's order.</summary>
    public IReadOnlyList<PageHypothesis> All() =>
        [
            .. fixture
                .Hypotheses.Where(h => agents.Any(a => VerdictOf(a, h) is not null))
                .Select(h => new PageHypothesis(h.Name, h.Claim, Findings(h), [.. agents.Select(a => Of(a, h)).OfType<PageVerdict>()])),
        ];

    private static HypothesisVerdict? VerdictOf(ReplayedAgent agent, Hypothesis hypothesis) =>
        agent.Report.Hypotheses.FirstOrDefault(v => v.Name == hypothesis.Name);

    private PageFinding[] Findings(Hypothesis hypothesis)
    {
        HypothesisVerdict?[] verdicts = [.. agents.Select(a => VerdictOf(a, hypothesis))];
        var seen = verdicts
            .OfType<HypothesisVerdict>()
            .SelectMany(v => v.Appeared.Concat(v.Imposed))
            .Select(f => f.Identity)
            .Where(i => !hypothesis.Judges.Contains(i))
            .Distinct()
            .Order();
        return
        [
            .. hypothesis
                .Judges.Concat(seen)
                .Select(identity => new PageFinding(
                    identity.Rule,
                    identity.Role,
                    identity.ErrorClass,
                    Tally.KindOf(identity) == FindingKind.Cause ? "cause" : "symptom",
                    fixture.Shape.Identity.Contains(identity),
                    [.. verdicts.Select(v => Cell(v, identity))]
                )),
        ];
    }

    private static PageCell Cell(HypothesisVerdict? verdict, FindingIdentity identity)
    {
        if (verdict is null)
            return new("none", "");
        // What is not established or has diverged shows nothing of what is gone.
        var established = verdict.Verdict is not (VerdictKind.NotEstablished or VerdictKind.Diverged);
        if (In(verdict.Remaining) is { } left)
            return new("remaining", Of(left.Schedules, verdict));
        if (In(verdict.Appeared) is { } appeared)
            return new("appeared", Of(appeared.Schedules, verdict));
        if (In(verdict.Imposed) is { } imposed)
            return new("imposed", Of(imposed.Schedules, verdict));
        return In(verdict.Removed) is not null && established ? new("removed", Of(BigInteger.Zero, verdict)) : new("none", "");

        JudgedFinding? In(IReadOnlyList<JudgedFinding> findings) => findings.FirstOrDefault(f => f.Identity == identity);
    }

    private static string Of(BigInteger schedules, HypothesisVerdict verdict) =>
        $"{Sentences.Text(schedules)} of {Sentences.Text(verdict.Schedules.Represented)}";

    private PageVerdict? Of(ReplayedAgent agent, Hypothesis hypothesis)
    {
        if (VerdictOf(agent, hypothesis) is not { } verdict)
            return null;
        var captured = runs.Replayed(
            verdict.Trace,
            [.. JudgedRace.Told(verdict.Races).Where(r => r.IsInCapturedOrder).Select(r => r.Race)]
        );
        // Where the captured order does not fail, the schedule next to it that does is what is to be seen.
        var failing = runs.Replayed(verdict.Explanation?.Trace, verdict.Explanation?.Races ?? []);
        List<PagePanel> panels = [];
        if (captured.Count > 0)
            panels.Add(
                new($"{agent.Label}, replayed {(verdict.Steps is null ? "in the captured order" : "step by step, as chosen")}", captured)
            );
        if (failing.Count > 0)
            panels.Add(new($"{agent.Label}, replayed in the nearest order that fails", failing));
        foreach (var race in verdict.Races.Where(r => r.Trace is not null))
            panels.Add(new($"{agent.Label}, replayed in an order that shows a race", runs.Replayed(race.Trace, [race.Race])));
        return new(
            agent.Label,
            verdict.Verdict.Text(),
            verdict.Counts,
            verdict.Sentence,
            ReportText.Schedules(verdict.Schedules),
            [.. verdict.Shapes.Select(s => Of(s, verdict))],
            Of(verdict.Explanation),
            [.. JudgedRace.Lines(verdict.Races)],
            verdict.Reasons,
            verdict.Drift,
            panels
        );
    }

    private static PageShape Of(CountedShape shape, HypothesisVerdict verdict) =>
        new(
            shape.Fingerprint,
            shape.Text,
            Sentences.Text(shape.Count),
            verdict.Schedules.Represented.IsZero ? 0 : Math.Round((double)shape.Count / (double)verdict.Schedules.Represented, 4)
        );

    private static PageWhy? Of(FailureExplanation? why) =>
        why is null
            ? null
            : new(
                why.Constraint,
                Explainer.Departures(why),
                why.Inevitable?.Step,
                [.. why.Example.Steps.Select(s => new PageStep(s.Step, s.Seconds, s.Chosen, [.. s.Enabled.Where(e => e != s.Chosen)]))]
            );
}
