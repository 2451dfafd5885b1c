using System.Globalization;
using ReplayHarness.Evidence;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Reports.Page;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Ui;

/// <summary>Which schedule is asked for.</summary>
/// <param name="Agent">The agent's short name.</param>
/// <param name="Hypothesis">The hypothesis; empty for the first.</param>
/// <param name="Choices">What is chosen, each <c>step=number</c>.</param>
internal sealed record UiStepQuery(string Agent, string Hypothesis, IReadOnlyList<string> Choices);

/// <summary>The pages of an incident: its report with what replays it, and its schedules step by step.</summary>
/// <param name="replays">The replays that were started from pages.</param>
internal sealed class UiSteppers(UiReplays replays)
{
    /// <summary>The page of an incident.</summary>
    public string IncidentPage(UiFound incident)
    {
        var folder = Mending.Load(Readable(incident).FixturePath);
        var shown = replays.Of(incident);
        string[] hypotheses = [.. folder.Hypotheses];
        return UiPages.Incident(
            folder,
            shown,
            new(
                Unseen.Spelt(incident.Name),
                incident.Status?.State.Text() ?? "error",
                Unseen.Spelt(incident.Status?.Reason ?? incident.Problem ?? ""),
                [.. incident.Expectations!.Agents.Select(a => new UiAgent(a.Agent, a.Verdict.Text()))],
                hypotheses,
                [.. shown.SelectMany(s => Paths(incident.Name, s))],
                replays.RunningOf(incident.Name)?.Id
            )
        );
    }

    /// <summary>The page of a schedule; or the address of the same schedule that names only what departs from the captured order.</summary>
    public async Task<(string Page, string? Elsewhere)> StepsPageAsync(UiFound incident, UiStepQuery asked, CancellationToken token)
    {
        var folder = Mending.Load(Readable(incident).FixturePath);
        var hypothesis = asked.Hypothesis.Length > 0 ? asked.Hypothesis : folder.Hypotheses[0];
        var schedules = Schedules.Stepped([.. Choices(asked.Choices)]);
        var (agent, report) = await replays.StepAsync(incident, asked.Agent, hypothesis, schedules, token);
        var verdict = report.Hypotheses.Single();
        if (verdict.Steps is not { } trail)
            throw new BadInputException($"{hypothesis}: {verdict.Sentence}");
        string[] departures = [.. trail.Steps.Where(s => s.Chosen != s.Captured).Select(Choice)];
        if (verdict.Verdict != VerdictKind.Diverged && !departures.SequenceEqual(asked.Choices, StringComparer.Ordinal))
            return ("", UiPages.LinkToSteps(incident.Name, agent.Agent, hypothesis, departures));
        return (
            UiPages.Steps(
                folder,
                new(agent.Agent, report),
                new(
                    incident.Name,
                    agent.Agent,
                    hypothesis,
                    [.. folder.Hypotheses],
                    trail,
                    asked.Choices,
                    FailsOf(verdict, trail),
                    verdict.Verdict.Text(),
                    Unseen.Spelt(verdict.Sentence),
                    Unseen.Spelt(report.Rerun ?? "")
                )
            ),
            null
        );
    }

    // A schedule with code stopped between two awaits, or other random numbers, is none of the captured run's own.
    private static IEnumerable<UiPath> Paths(string incident, ReplayedAgent shown)
    {
        yield return new(
            $"{shown.Label}: the captured order",
            UiPages.LinkToSteps(incident, shown.Label, shown.Report.Hypotheses[0].Name, [])
        );
        foreach (var hypothesis in shown.Report.Hypotheses)
            if (hypothesis.Explanation is { Departures: > 0, Example: { Preemption: null, RandomSeed: 0 } example } why)
                yield return new(
                    $"{shown.Label}, {hypothesis.Name}: {Explainer.Departures(why)}, which fails",
                    UiPages.LinkToSteps(
                        incident,
                        shown.Label,
                        hypothesis.Name,
                        example.Steps.Where(s => s.Enabled.Count > 1).Select(Choice)
                    )
                );
    }

    // Where something is held against the replay itself, it says neither.
    private static bool? FailsOf(HypothesisVerdict verdict, Trail trail) =>
        trail.Fails ? true
        : verdict.Verdict == VerdictKind.NotEstablished && verdict.Reasons.Count == 1 ? false
        : null;

    private static string Choice(TrailStep step) => string.Create(CultureInfo.InvariantCulture, $"{step.Step}={step.Chosen}");

    private static string Choice(ScheduleStep step) =>
        string.Create(CultureInfo.InvariantCulture, $"{step.Step}={step.Enabled.ToList().IndexOf(step.Chosen) + 1}");

    private static IEnumerable<StepChoice> Choices(IReadOnlyList<string> texts)
    {
        var steps = new HashSet<int>();
        foreach (var text in texts)
            yield return StepsText.Parse(text) is { } choice && steps.Add(choice.Step)
                ? choice
                : throw new BadInputException($"choose={text}: expected STEP=N, two numbers above 0 (3=2), once for a step");
    }

    private static Expectations Readable(UiFound incident) =>
        incident.Expectations ?? throw new BadInputException(incident.Problem ?? $"{incident.Name}: cannot be read");
}
