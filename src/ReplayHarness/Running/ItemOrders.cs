using System.Globalization;
using System.Numerics;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <summary>
/// Where no order of answers and timers fails, the order of work items that are ready at once is tried too: every one while they are few,
/// else some.
/// </summary>
/// <param name="beside">Runs schedules.</param>
internal sealed class ItemOrders(Beside beside)
{
    /// <summary>As many schedules are all that are tried.</summary>
    public const int Most = 300;

    // Where so many schedules had no two items ready at once, others hardly do.
    private const int Unmet = 10;

    private int _failed;

    /// <summary>Tries them.</summary>
    /// <param name="coverage">What was covered before.</param>
    /// <returns>The same, with what came of it.</returns>
    public Coverage Try(Coverage coverage)
    {
        var strategy = new DepthFirst { InterleavesItems = true };
        var (tried, more, all) = (0, true, true);
        List<ScheduleResult> results = [];
        while (more && tried < (strategy.HasMetItems ? Most : Unmet) && beside.Run(strategy) is { } result)
        {
            tried++;
            if (result.End == KernelEnd.LeftSchedule)
                all = false;
            else
                results.Add(result);
            more = strategy.Next(result.Outcome);
        }
        if (!strategy.HasMetItems)
            return coverage;
        foreach (var result in results)
            Count(result);
        return coverage.With(Told(results.Count, all && !more));
    }

    private void Count(ScheduleResult result)
    {
        beside.Note(result);
        if (!beside.ShowsSomething(result))
            return;
        _failed++;
        beside.Tally.Add(result, BigInteger.One);
    }

    private string Told(int tried, bool all)
    {
        var which = string.Create(CultureInfo.InvariantCulture, $"{(all ? "all" : "some")} {tried} orders of ready work items tried too");
        return _failed == 0 ? which : string.Create(CultureInfo.InvariantCulture, $"{which}, of which {_failed} show a failure");
    }
}
