using System.Globalization;
using System.Numerics;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <summary>
/// Where no order fails, some are tried with other random numbers than the seed gives: what an agent draws may decide as much as who
/// answers first, and all orders say nothing of it.
/// </summary>
/// <param name="run">Runs a schedule; null where it was cut.</param>
/// <param name="note">Notes a schedule that counts.</param>
/// <param name="tally">Hears of those that fail.</param>
/// <param name="fails">Whether a schedule shows the failure.</param>
internal sealed class OtherNumbers(
    Func<IStrategy, ScheduleResult?> run,
    Action<ScheduleResult> note,
    Tally tally,
    Func<ScheduleResult, bool> fails
)
{
    // What happens with every tenth number is met with a chance of 95%.
    private const int Tried = 30;

    private static readonly Dictionary<string, int> s_noWeights = [];

    /// <summary>Tries them.</summary>
    /// <param name="coverage">What was covered before.</param>
    /// <returns>The same, with what came of it.</returns>
    public Coverage Try(Coverage coverage)
    {
        var strategy = new WeightedWalk(seed: 1, Tried, s_noWeights) { DrawsAnew = true };
        var failed = 0;
        for (var more = true; more && run(strategy) is { } result; )
        {
            more = strategy.Next(result.Outcome);
            // Other numbers may be other arguments, of which the recording knows nothing.
            if (result.Divergence is not null || !fails(result))
                continue;
            failed++;
            note(result);
            tally.Add(result, BigInteger.One);
        }
        if (failed == 0)
            return coverage;
        var told = string.Create(
            CultureInfo.InvariantCulture,
            $"fails in {failed} of {Tried} with other random numbers: it depends on chance"
        );
        return coverage.With(told);
    }
}
