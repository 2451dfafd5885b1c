namespace ReplayHarness.Replays.Strategies;

/// <summary>A seeded generator (xorshift64; Marsaglia, 2003), the same in every process and on every machine.</summary>
internal struct Xorshift
{
    private ulong _state;

    /// <summary>The generator of one run of a seed.</summary>
    public static Xorshift Of(ulong seed, int run) => new() { _state = Mix(seed, run) is var state and not 0 ? state : Golden };

    /// <summary>What seeds the agent's random numbers in one run of a seed; 0 for the first run of seed 0.</summary>
    public static ulong Word(ulong seed, int run) => seed == 0 && run == 0 ? 0 : Mix(~seed, run);

    private static ulong Mix(ulong seed, int run) => Mixed(Mixed(seed + Golden) ^ (ulong)run);

    private const ulong Golden = 0x9E3779B97F4A7C15UL;

    // SplitMix64's finaliser (Steele, Lea and Flood, 2014): runs of one seed, and of neighbouring seeds, have nothing in common.
    private static ulong Mixed(ulong word)
    {
        word += Golden;
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9UL;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EBUL;
        return word ^ (word >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)(_state % (ulong)bound);
    }
}
