using ReplayHarness.Replays.Races;

namespace ReplayHarness.Replays.Strategies;

/// <summary>Follows another strategy and writes down every step.</summary>
internal sealed class Recorded(IStrategy inner) : IStrategy
{
    private readonly List<ScheduleStep> _steps = [];
    private readonly List<int> _choices = [];
    private readonly CapturedOrder _captured = new();

    public bool SeesForcedSteps => true;

    public ulong? RandomSeed => inner.RandomSeed;

    public RaceWatch? Races => inner.Races;

    /// <summary>The steps of the last schedule.</summary>
    public IReadOnlyList<ScheduleStep> Steps => _steps;

    /// <summary>In how many decisions the captured order was left.</summary>
    public int Departures { get; private set; }

    /// <summary>The decisions among them: the index that was chosen where there was a choice.</summary>
    public IReadOnlyList<int> Choices => _choices;

    public void Begin()
    {
        _steps.Clear();
        _choices.Clear();
        Departures = 0;
        inner.Begin();
    }

    public int Choose(Decision decision)
    {
        var chosen = decision.Enabled.Count == 1 && !inner.SeesForcedSteps ? 0 : inner.Choose(decision);
        if (chosen < 0)
            return chosen;
        if (decision.Enabled.Count > 1)
            _choices.Add(chosen);
        if (_captured.Choose(decision) != chosen)
            Departures++;
        _steps.Add(
            new(
                _steps.Count + 1,
                ScheduleStep.SecondsOf(decision.NowTicks),
                [.. decision.Enabled.Select(c => c.Label)],
                decision.Enabled[chosen].Label
            )
        );
        return chosen;
    }

    public bool Next(string? outcome) => inner.Next(outcome);
}
