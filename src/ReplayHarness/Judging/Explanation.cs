using System.Globalization;
using System.Text.Json.Serialization;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Races;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Traces;

namespace ReplayHarness.Judging;

/// <summary>Why some schedules fail.</summary>
/// <param name="Constraint">
/// What separates them from the others, as a sentence; null where all fail, or where no small set of constraints does.
/// </param>
/// <param name="Departures">In how many decisions the example departs from the captured order.</param>
/// <param name="Inevitable">The step of the example after which failure was inevitable; null where that was not found out.</param>
/// <param name="Example">The failing schedule with the fewest departures that was found.</param>
public sealed record FailureExplanation(string? Constraint, int Departures, ScheduleStep? Inevitable, ScheduleFile Example)
{
    /// <summary>The trace of <see cref="Example"/>; null where that is the captured order itself.</summary>
    public Trace? Trace { get; init; }

    /// <summary>The races that <see cref="Trace"/> shows, of those that the verdict names.</summary>
    [JsonInclude]
    internal IReadOnlyList<Race> Races
    {
        // Evidence of before holds none.
        get => field ?? [];
        init;
    }

    /// <summary>The number of that step, from 1; null where it was not found out.</summary>
    public int? InevitableAfterStep => Inevitable?.Step;

    /// <summary>How many steps the example has.</summary>
    public int Steps => Example.Steps.Count;
}

/// <summary>
/// Explains the failing schedules of one hypothesis: by what they have in common, and by an example that departs least from the captured
/// order.
/// </summary>
internal sealed class Explainer(IScheduleRunner runner, Fixture fixture, Hypothesis hypothesis, Func<ScheduleResult, bool> fails)
{
    private const string AllFailText = "fails in every schedule";
    private const int MostDepartures = 4;
    private const int MostRuns = 3_000;

    /// <summary>The explanation.</summary>
    /// <param name="constraint">What separates the failing schedules from the others.</param>
    /// <param name="known">A schedule that fails, where none that departs less is found.</param>
    /// <param name="others">Whether other schedules do not fail.</param>
    /// <param name="races">The races that are to be seen in the example too; empty for none.</param>
    public FailureExplanation Explain(string? constraint, ScheduleResult known, bool others, IReadOnlyList<JudgedRace> races)
    {
        (Recorded, ScheduleResult)? found = null;
        for (var departures = 0; found is null && departures <= MostDepartures; departures++)
            found = Find(departures, known.RandomSeed);
        var (example, result) = found ?? Again(known);
        var file = new ScheduleFile(ScheduleFile.CurrentVersion, fixture.Incident, hypothesis.Name, [.. example.Steps])
        {
            RandomSeed = known.RandomSeed,
        };
        return new(others ? constraint : AllFailText, example.Departures, others ? Inevitable(example, known.RandomSeed) : null, file)
        {
            Trace = example.Departures == 0 ? null : result.Trace,
            Races =
                example.Departures == 0 || races.Count == 0
                    ? []
                    : Of(runner.Run(new Guided(example.Choices) { RandomSeed = known.RandomSeed, Races = new() }), races),
        };
    }

    /// <summary>The explanation of a race: the schedule in which it goes wrong, as one that can be replayed.</summary>
    /// <param name="race">The race.</param>
    /// <param name="races">The races that are to be seen in it.</param>
    public FailureExplanation Explain(JudgedRace race, IReadOnlyList<JudgedRace> races)
    {
        var example = new Recorded(new Guided(race.Choices) { Races = new(race.Preemption) });
        var result = runner.Run(example);
        var file = new ScheduleFile(ScheduleFile.CurrentVersion, fixture.Incident, hypothesis.Name, [.. example.Steps])
        {
            RandomSeed = result.RandomSeed,
            Preemption = race.Preemption,
        };
        return new($"fails with the code stopped at {race.Preemption}", example.Departures, null, file)
        {
            Trace = result.Trace,
            Races = Of(result, races),
        };
    }

    // Of one variable, one pair of accesses is enough.
    private static Race[] Of(ScheduleResult result, IReadOnlyList<JudgedRace> races) =>
        [
            .. JudgedRace
                .Told(races)
                .Select(judged => result.Races?.Found.FirstOrDefault(judged.Race.IsAlike))
                .OfType<Race>()
                .Select(race => race.Quoted()),
        ];

    private (Recorded, ScheduleResult) Again(ScheduleResult known)
    {
        var strategy = new Recorded(new DepthFirst(prefix: known.Choices) { RandomSeed = known.RandomSeed });
        return (strategy, runner.Run(strategy));
    }

    private (Recorded, ScheduleResult)? Find(int departures, ulong randomSeed)
    {
        var strategy = new Recorded(new FewDepartures(departures) { RandomSeed = randomSeed });
        for (var runs = 0; runs < MostRuns; runs++)
        {
            var result = runner.Run(strategy);
            if (fails(result))
                return (strategy, result);
            if (!strategy.Next(result.Outcome))
                return null;
        }
        return null;
    }

    // Once inevitable, always inevitable: the first such decision is found by halving.
    private ScheduleStep? Inevitable(Recorded example, ulong randomSeed)
    {
        var (low, high) = (0, example.Choices.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (AllFail([.. example.Choices.Take(middle)], randomSeed) is not { } all)
                return null;
            if (all)
                high = middle;
            else
                low = middle + 1;
        }
        if (low == 0)
            return null;
        return example.Steps.Where(s => s.Enabled.Count > 1).ElementAt(low - 1);
    }

    // Null where the budget does not tell.
    private bool? AllFail(IReadOnlyList<int> prefix, ulong randomSeed)
    {
        var strategy = new DepthFirst(merge: runner.Hasher is not null, prefix) { RandomSeed = randomSeed };
        for (var runs = 0; runs < MostRuns; runs++)
        {
            var result = runner.Run(strategy);
            var merged = result.End == KernelEnd.Merged;
            if (!merged && !fails(result))
                return false;
            if (!strategy.Next(merged ? null : result.Outcome))
                return true;
        }
        return null;
    }

    /// <summary>The explanation as lines for people.</summary>
    public static IEnumerable<string> Lines(FailureExplanation explanation)
    {
        // The verdict's sentence has said so already.
        if (explanation.Constraint == AllFailText)
            yield break;
        if (explanation.Constraint is { } constraint)
            yield return $"why: {constraint}";
        var inevitable = explanation.Inevitable is { } step
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"; inevitable after step {step.Step} of {explanation.Example.Steps.Count}, at {step.Seconds:0.###} s, where "
                    + $"{step.Chosen} comes before {string.Join(", ", step.Enabled.Where(e => e != step.Chosen))}"
            )
            : "";
        yield return $"nearest failing schedule: {Departures(explanation)}{inevitable}";
    }

    /// <summary>How far the example is from the captured order, in words.</summary>
    public static string Departures(FailureExplanation explanation) =>
        explanation.Departures switch
        {
            0 => "the captured order itself",
            1 => "one decision other than captured",
            var n => string.Create(CultureInfo.InvariantCulture, $"{n} decisions other than captured"),
        } + (explanation.Example.Preemption is null ? "" : ", with the code stopped once");
}
