using System.Globalization;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <summary>
/// Where no order fails, the captured one and some others are run with whatever goes on after an await on another thread than before, as a
/// thread pool may have it: what belongs to a thread is then lost, or left by a stranger.
/// </summary>
/// <param name="beside">Runs schedules.</param>
internal sealed class OtherThreads(Beside beside)
{
    private const int Tried = 30;

    private const string Told = "the agent, with what goes on after an await on another thread than before";

    private static readonly Machine s_machine = new() { ChangesThreads = true };

    private int _failed;

    /// <summary>Tries them.</summary>
    /// <param name="coverage">What was covered before.</param>
    /// <returns>The same, with what came of it.</returns>
    public Coverage Try(Coverage coverage)
    {
        // Each of these orders was right on the threads as they came; so what is different now, the threads made different.
        if (beside.Run(new CapturedOrder()) is not { } before || beside.Run(new CapturedOrder { Machine = s_machine }) is not { } captured)
            return coverage;
        if (!Look(captured) && captured.LogHash != before.LogHash)
            beside.Tally.Note(new($"{Told}, does something else: it depends on the thread"));
        foreach (var result in beside.RunAll(new WeightedWalk(seed: 1, Tried) { Machine = s_machine }))
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
            beside.Tally.Note(new($"{Told}, contradicts the fixture: it depends on the thread ({divergence})"));
        else if (beside.ShowsSomething(result))
        {
            _failed++;
            beside.Add(result);
        }
        else
            return false;
        return true;
    }
}
