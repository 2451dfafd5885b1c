namespace ReplayHarness.Replays.Strategies;

/// <summary>A seeded generator (xorshift64; Marsaglia, 2003), the same in every process and on every machine.</summary>
internal struct Xorshift
{
    private ulong _state;

    /// <summary>The generator of one run of a seed.</summary>
    public static Xorshift Of(ulong seed, int run) => new() { _state = ((seed * 1_000_003) + (ulong)run + 1) * 0x9E3779B97F4A7C15UL };

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)(_state % (ulong)bound);
    }
}
