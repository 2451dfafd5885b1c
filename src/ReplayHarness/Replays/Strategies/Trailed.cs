using ReplayHarness.Replays.Races;

namespace ReplayHarness.Replays.Strategies;

/// <summary>Follows another strategy and notes, step by step, what stood to choose.</summary>
/// <param name="inner">The strategy.</param>
internal sealed class Trailed(IStrategy inner) : IStrategy
{
    // What an agent repeats without end is seen in its beginning.
    private const int MostSteps = 5_000;

    private readonly List<TrailStep> _steps = [];
    private int _taken;
    private readonly CapturedOrder _captured = new();

    public bool SeesForcedSteps => true;

    public ulong? RandomSeed => inner.RandomSeed;

    public RaceWatch? Races => inner.Races;

    public void Begin()
    {
        _steps.Clear();
        _taken = 0;
        inner.Begin();
    }

    public int Choose(Decision decision)
    {
        var chosen = inner.Choose(decision);
        if (chosen >= 0 && ++_taken <= MostSteps)
            _steps.Add(
                new(
                    _steps.Count + 1,
                    ScheduleStep.SecondsOf(decision.NowTicks),
                    chosen + 1,
                    _captured.Choose(decision) + 1,
                    decision.InFlight(),
                    decision.WaitChains()
                )
            );
        return chosen;
    }

    public bool Next(string? outcome) => inner.Next(outcome);

    /// <summary>The schedule that ran.</summary>
    /// <param name="result">What it showed.</param>
    /// <param name="fails">Whether that is the failure, or another.</param>
    public Trail Of(ScheduleResult result, bool fails)
    {
        var told = _steps.Count < _taken ? "; only the first steps are told" : "";
        return new([.. _steps], ScheduleStep.SecondsOf(result.VirtualTime.Ticks), End(result) + told, fails);
    }

    private static string End(ScheduleResult result) =>
        result.Endless
        ?? result.Deadlock
        ?? result.End switch
        {
            KernelEnd.LeftSchedule => "it cannot go on as was chosen",
            KernelEnd.Finished => "the run has ended",
            KernelEnd.Stopped => "the run was stopped where it left the recording",
            var other => $"{other}",
        };
}
