namespace ReplayHarness.Replays.Strategies;

/// <summary>A given number of schedules, each decision drawn from a seeded generator (xorshift64; Marsaglia, 2003).</summary>
internal sealed class RandomWalk(ulong seed, int schedules) : IStrategy
{
    private int _run;
    private ulong _state;

    public void Begin() => _state = ((seed * 1_000_003) + (ulong)_run + 1) * 0x9E3779B97F4A7C15UL;

    public int Choose(Decision decision)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)(_state % (ulong)decision.Enabled.Count);
    }

    public bool Next(string? outcome) => ++_run < schedules;
}
