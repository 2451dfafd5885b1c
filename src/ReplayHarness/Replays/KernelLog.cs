namespace ReplayHarness.Replays;

/// <summary>The steps of one replay as a 64-bit FNV-1a hash. Written by the kernel, and by whatever thread cancels an operation.</summary>
internal sealed class KernelLog
{
    /// <summary>The hash of nothing.</summary>
    public const ulong Empty = 14695981039346656037UL;

    private const ulong Prime = 1099511628211UL;

    private readonly Lock _gate = new();

    public ulong Hash { get; private set; } = Empty;

    /// <summary>A hash with one more word.</summary>
    public static ulong Mix(ulong hash, ulong word) => (hash ^ word) * Prime;

    public void Add(string what, string label, long ticks)
    {
        lock (_gate)
        {
            Mix(what);
            Mix(label);
            Hash = Mix(Hash, (ulong)ticks);
        }
    }

    private void Mix(string text)
    {
        foreach (var c in text)
            Hash = Mix(Hash, c);
    }
}
