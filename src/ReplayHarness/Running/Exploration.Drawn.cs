using System.Globalization;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <content>Schedules that a strategy draws or places.</content>
internal sealed partial class Exploration
{
    private const int MostFaults = 12;

    private readonly List<string> _faults = [];

    /// <summary>A given number of schedules, each drawn by a strategy.</summary>
    /// <param name="drawn">Draws those from a number on, as many as are asked for.</param>
    /// <param name="count">How many.</param>
    /// <param name="latencyModel">The latency model.</param>
    /// <param name="uniform">Whether every order is equally likely.</param>
    public Coverage Sample(Func<int, int, IStrategy> drawn, int count, string latencyModel, bool uniform = false)
    {
        if (Range is { } range)
            return DrawRange(range, drawn, count);
        var (failed, all) = Others is { } others ? Recall(others, key => drawn(key[0], 1)) : Draw(drawn(0, count));
        // Those that were drawn and did not run might be those that fail.
        if (Runs == 0 || (!all && failed == 0))
            tally.Note(new(spending.WhySpent));
        var note =
            Runs == 0 ? null
            : failed == Runs ? "fails in all: no flake"
            : failed > 0 ? string.Create(CultureInfo.InvariantCulture, $"fails in {failed} of {Runs}: it depends on the schedule")
            : uniform && KnowsChains
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"fails in none: at 95% confidence less than {300.0 / Runs:0.###}% of all schedules fail (p < 3/N)"
                )
            : "fails in none";
        var coverage = new Coverage(Runs, false, latencyModel, note);
        return uniform && Runs > 0 && KnowsItems ? NewBeside().TryRaces(coverage, failed > 0) : coverage;
    }

    /// <summary>Every placement of up to so many faults.</summary>
    public Coverage WithFaults(int most)
    {
        var strategy = new Faults(most);
        var (failed, all) = Draw(strategy);
        if (!all)
            tally.Note(new(spending.WhySpent));
        var note =
            string.Create(CultureInfo.InvariantCulture, $"every placement of up to {most} fault(s); {failed} of {Runs} fail")
            + (_faults.Count == 0 ? "" : $": {string.Join("; ", _faults.Take(MostFaults))}{(_faults.Count > MostFaults ? "; …" : "")}");
        return new(Runs, all, string.Create(CultureInfo.InvariantCulture, $"captured, faults {most}"), note);
    }

    // How many failed, and whether the strategy has no more.
    private (int Failed, bool All) Draw(IStrategy strategy)
    {
        var outcomes = new OutcomeCounts();
        var failed = 0;
        var more = true;
        do
        {
            if (RunOne(strategy) is not { } result)
                break;
            outcomes[result.Outcome] = outcomes.GetValueOrDefault(result.Outcome) + 1;
            if (fails(result))
            {
                failed++;
                if (result.Faults.Count > 0)
                    _faults.Add(string.Join(" and ", result.Faults));
            }
            more = strategy.Next(result.Outcome);
        } while (more && !IsOver);
        Count(outcomes);
        return (failed, !more);
    }
}
