using System.Globalization;
using System.Numerics;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <summary>
/// Where no order fails, the captured one and some others are run with whatever goes on after an await on another thread than before, as a
/// thread pool may have it: what belongs to a thread is then lost, or left by a stranger.
/// </summary>
/// <param name="run">Runs a schedule; null where it was cut.</param>
/// <param name="note">Notes a schedule that counts.</param>
/// <param name="tally">Hears of those that fail.</param>
/// <param name="fails">Whether a schedule shows the failure.</param>
internal sealed class OtherThreads(
    Func<IStrategy, ScheduleResult?> run,
    Action<ScheduleResult> note,
    Tally tally,
    Func<ScheduleResult, bool> fails
)
{
    private const int Tried = 30;

    private const string Told = "the agent, with what goes on after an await on another thread than before";

    private static readonly Dictionary<string, int> s_noWeights = [];

    private int _failed;

    /// <summary>Tries them.</summary>
    /// <param name="coverage">What was covered before.</param>
    /// <returns>The same, with what came of it.</returns>
    public Coverage Try(Coverage coverage)
    {
        // Each of these orders was right on the threads as they came; so what is different now, the threads made different.
        if (run(new CapturedOrder()) is not { } before || run(new CapturedOrder { ChangesThreads = true }) is not { } captured)
            return coverage;
        if (!Look(captured) && captured.LogHash != before.LogHash)
            tally.Note(new($"{Told}, does something else: it depends on the thread"));
        var strategy = new WeightedWalk(seed: 1, Tried, s_noWeights) { ChangesThreads = true };
        for (var more = true; more && run(strategy) is { } result; more = strategy.Next(result.Outcome))
            Look(result);
        if (_failed == 0)
            return coverage;
        var told = string.Create(
            CultureInfo.InvariantCulture,
            $"fails in {_failed} of {Tried + 1} with what goes on after an await on other threads (thread-affine): it depends on the thread"
        );
        return coverage.With(told);
    }

    private bool Look(ScheduleResult result)
    {
        if (result.Divergence is { } divergence)
            tally.Note(new($"{Told}, contradicts the fixture: it depends on the thread ({divergence})"));
        else if (fails(result) || result.Exercise is not { Missing.Count: 0, Unclear.Count: 0 })
        {
            _failed++;
            note(result);
            tally.Add(result, BigInteger.One);
        }
        else
            return false;
        return true;
    }
}
