using ReplayHarness.Replays.Races;

namespace ReplayHarness.Replays.Strategies;

/// <summary>One schedule: everything happens when it is due; at the same time, operations before timers, older before newer.</summary>
internal sealed class CapturedOrder : IStrategy
{
    public bool KeepsPace => true;

    /// <inheritdoc/>
    public Machine Machine { get; init; } = Machine.Usual;

    /// <inheritdoc/>
    public RaceWatch? Races { get; init; }

    public void Begin() { }

    public int Choose(Decision decision)
    {
        var enabled = decision.Enabled;
        var best = 0;
        for (var i = 1; i < enabled.Count; i++)
            if (enabled[i].DueTicks < enabled[best].DueTicks)
                best = i;
        return best;
    }

    public bool Next(string? outcome) => false;
}
