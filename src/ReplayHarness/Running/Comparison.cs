using System.Globalization;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <summary>
/// Finds what separates the failing schedules from the others, and tries it before it is said: on all schedules where these are few, else
/// on random ones, drawn over the whole space, that it was not found on.
/// </summary>
internal sealed class Comparison(
    IScheduleRunner runner,
    Spending spending,
    Func<ScheduleResult, bool> fails,
    ulong seed,
    IReadOnlyDictionary<string, int> left
)
{
    private const int MostTried = 1_000;

    // Up to here all of them are run, which costs no more than to draw, find and try.
    private const int MostRun = 2_000;

    // Fewer say nothing of a space that was not seen whole.
    private const int LeastTried = 100;

    // As often a sentence that did not hold is sought again, with what it did not hold for.
    private const int Rounds = 2;

    // Of the schedules that fail or are said to, as many must be both.
    private const double LeastTrue = 0.95;

    private readonly List<IReadOnlyList<KernelEvent>> _failing = [];
    private readonly List<IReadOnlyList<KernelEvent>> _passing = [];
    private int _runs;

    /// <summary>True where the schedules that are explained drew other random numbers each.</summary>
    public bool DrawsAnew { get; init; }

    private readonly record struct Trial(int Tried, int Right, int Both, int Either);

    /// <summary>The sentence that separates them; null where none of few constraints does.</summary>
    public string? Explain(Exploration exploration, ScheduleCount schedules)
    {
        _runs = exploration.Runs;
        if (exploration.KeptAll)
            return Exactly(Separation.Find(exploration.FailingRuns, exploration.PassingRuns));
        if (schedules.Exhaustive && schedules.Represented <= MostRun && RunAll())
            return Exactly(Separation.Find(_failing, _passing));
        _failing.AddRange(exploration.FailingRuns.Take(MostTried));
        _passing.AddRange(exploration.PassingRuns.Take(MostTried));
        // What was explored in order, or merged, is no fair sample: first some of all.
        Draw(0, (result, failed) => (failed ? _failing : _passing).Add(result.Events));
        string? told = null;
        for (var round = 1; round <= Rounds && Separation.Find(_failing, _passing) is { } found; round++)
        {
            var trial = Try(found, round);
            told = Told(found, trial) ?? told;
            if (trial.Right == trial.Tried)
                break;
        }
        return told;
    }

    private Trial Try(Separator found, int round)
    {
        var trial = new Trial();
        Draw(
            round,
            (result, failed) =>
            {
                var said = found.Holds(result.Events);
                trial = new(
                    trial.Tried + 1,
                    trial.Right + (said == failed ? 1 : 0),
                    trial.Both + (said && failed ? 1 : 0),
                    trial.Either + (said || failed ? 1 : 0)
                );
                if (said != failed)
                    (failed ? _failing : _passing).Add(result.Events);
            }
        );
        return trial;
    }

    private static string? Told(Separator found, Trial trial)
    {
        // A sample that holds no failing schedule, or only such, tries nothing.
        if (trial.Tried < LeastTried || trial.Both == 0 || trial.Either == trial.Tried || trial.Both < LeastTrue * trial.Either)
            return null;
        return trial is { Tried: MostTried, Right: MostTried }
            ? Exactly(found)
            : $"fails when {found.Text}: so in {Sentences.Text(trial.Right)} of {Sentences.Text(trial.Tried)} random schedules tried";
    }

    private static string? Exactly(Separator? found) => found is null ? null : $"fails exactly when {found.Text}";

    private bool RunAll()
    {
        var strategy = new DepthFirst();
        do
        {
            if (spending.IsSpent(_runs))
                return false;
            var result = Run(strategy);
            (fails(result) ? _failing : _passing).Add(result.Events);
            if (!strategy.Next(result.Outcome))
                return true;
        } while (_failing.Count + _passing.Count <= MostRun);
        return false;
    }

    // Other schedules in each round, and other ones than a job draws with its seed.
    private void Draw(int round, Action<ScheduleResult, bool> onRun)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"comparison {round}");
        var strategy = new WeightedWalk(seed ^ Replays.States.StateHash.WordOf(words), MostTried, left) { DrawsAnew = DrawsAnew };
        for (var more = true; more && !spending.IsSpent(_runs); )
        {
            var result = Run(strategy);
            onRun(result, fails(result));
            more = strategy.Next(result.Outcome);
        }
    }

    private ScheduleResult Run(IStrategy strategy)
    {
        _runs++;
        return runner.Run(strategy);
    }
}
