using System.Globalization;
using ReplayHarness.Judging;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <summary>
/// Where no order fails, some are tried with other random numbers than the seed gives: what an agent draws may decide as much as who
/// answers first, and all orders say nothing of it.
/// </summary>
/// <param name="beside">Runs schedules.</param>
internal sealed class OtherNumbers(Beside beside)
{
    // What happens with every tenth number is met with a chance of 95%.
    private const int Tried = 30;

    /// <summary>Tries them.</summary>
    /// <param name="coverage">What was covered before.</param>
    /// <returns>The same, with what came of it.</returns>
    public Coverage Try(Coverage coverage)
    {
        var failed = 0;
        foreach (var result in beside.RunAll(new WeightedWalk(seed: 1, Tried) { DrawsAnew = true }))
        {
            // Other numbers may be other arguments, of which the recording knows nothing.
            if (result.Divergence is not null || !beside.Fails(result))
                continue;
            failed++;
            beside.Add(result);
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
