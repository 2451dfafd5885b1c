namespace ReplayHarness.Replays;

/// <summary>The steps of one replay as a 64-bit FNV-1a hash. Written by the kernel, and by whatever thread cancels an operation.</summary>
internal sealed class KernelLog
{
    private const ulong Prime = 1099511628211UL;

    private readonly Lock _gate = new();

    public ulong Hash { get; private set; } = 14695981039346656037UL;

    public void Add(string what, string label, long ticks)
    {
        lock (_gate)
        {
            Mix(what);
            Mix(label);
            Hash = (Hash ^ (ulong)ticks) * Prime;
        }
    }

    private void Mix(string text)
    {
        foreach (var c in text) Hash = (Hash ^ c) * Prime;
    }
}
