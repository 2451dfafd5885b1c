using System.Numerics;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <summary>
/// Runs schedules beside those that were explored: where no order fails, with something else than the order changed. Only what fails there
/// counts.
/// </summary>
/// <param name="run">Runs a schedule; null where it was cut.</param>
/// <param name="note">Notes a schedule that counts.</param>
/// <param name="tally">Hears of those that fail.</param>
/// <param name="fails">Whether a schedule shows the failure.</param>
/// <param name="ordered">What the fixture takes as ordered between two awaits; null where no races are looked for.</param>
internal sealed class Beside(
    Func<IStrategy, ScheduleResult?> run,
    Action<ScheduleResult> note,
    Tally tally,
    Func<ScheduleResult, bool> fails,
    IReadOnlyDictionary<string, string>? ordered
)
{
    /// <summary>Tries everything that may be changed.</summary>
    /// <param name="coverage">What was covered before.</param>
    /// <returns>The same, with what came of it.</returns>
    public Coverage TryAll(Coverage coverage)
    {
        coverage = new ItemOrders(this).Try(coverage);
        coverage = new OtherNumbers(this).Try(coverage);
        coverage = new OtherMachines(this).Try(coverage);
        coverage = new OtherThreads(this).Try(coverage);
        return TryRaces(coverage, failed: false);
    }

    /// <summary>Looks for races between two awaits, where that is asked for.</summary>
    /// <param name="coverage">What was covered before.</param>
    /// <param name="failed">Whether an order of answers alone shows the failure.</param>
    /// <returns>The same, with what came of it.</returns>
    public Coverage TryRaces(Coverage coverage, bool failed) =>
        ordered is null ? coverage : new RacePass(this, ordered, failed).Try(coverage);

    /// <summary>Hears of the schedules that fail.</summary>
    public Tally Tally => tally;

    /// <summary>Runs a schedule; null where it was cut.</summary>
    public ScheduleResult? Run(IStrategy strategy) => run(strategy);

    /// <summary>Runs the schedules of a strategy, until one is cut.</summary>
    public IEnumerable<ScheduleResult> RunAll(IStrategy strategy)
    {
        for (var more = true; more && run(strategy) is { } result; )
        {
            more = strategy.Next(result.Outcome);
            yield return result;
        }
    }

    /// <summary>True for a schedule that shows the failure.</summary>
    public bool Fails(ScheduleResult result) => fails(result);

    /// <summary>True for one that shows the failure, or that shows less than it should.</summary>
    public bool ShowsSomething(ScheduleResult result) => fails(result) || result.Exercise is not { Missing.Count: 0, Unclear.Count: 0 };

    /// <summary>Notes a schedule, which then counts as one that was run.</summary>
    public void Note(ScheduleResult result) => note(result);

    /// <summary>Has a schedule count that fails.</summary>
    public void Add(ScheduleResult result)
    {
        note(result);
        tally.Add(result, BigInteger.One);
    }
}
