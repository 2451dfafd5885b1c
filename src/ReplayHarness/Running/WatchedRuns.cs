using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <summary>Runs schedules that are watched for races, as long as they cost no more than they may: by counts, and never by time.</summary>
/// <param name="beside">Runs them.</param>
internal sealed class WatchedRuns(Beside beside)
{
    // A loop of millions is watched in the captured schedule, and hardly in others.
    private const long MostMeetings = 100_000_000;

    // Who waits in a loop for code that is stopped waits for ever: that is the stop's doing, and costs seconds each time.
    private const int MostStuck = 2;

    private long _meetings;
    private int _stuck;

    /// <summary>True where no more is run, for agents waited in loops for code that was stopped.</summary>
    public bool WasStuck => _stuck >= MostStuck;

    /// <summary>True where no more is run.</summary>
    public bool IsSpent => _meetings > MostMeetings * 2 || WasStuck;

    /// <summary>True for a schedule that had no end, or that the kernel did not control.</summary>
    public static bool IsStuck(ScheduleResult result) => result.Endless is not null || result.Uncontrolled.Count > 0;

    /// <summary>Runs one; null where no more is run.</summary>
    public ScheduleResult? Run(IStrategy strategy)
    {
        var result = IsSpent ? null : beside.Run(strategy);
        if (result is not null)
            Note(result);
        return result;
    }

    /// <summary>Runs those of a strategy, until they cost too much.</summary>
    public IEnumerable<ScheduleResult> RunAll(IStrategy strategy)
    {
        foreach (var result in beside.RunAll(strategy))
        {
            Note(result);
            yield return result;
            if (_meetings > MostMeetings)
                yield break;
        }
    }

    private void Note(ScheduleResult result)
    {
        _meetings += result.Races?.Meetings ?? 0;
        if (result.Races is { HasPreempted: true } && IsStuck(result))
            _stuck++;
    }
}
