namespace ReplayHarness.Replays;

/// <content>What agent code draws: ids that count, and numbers that are seeded, so that a schedule repeats exactly.</content>
internal sealed partial class Kernel
{
    private long _lastId;

    /// <summary>What seeds the random numbers of this schedule; 0 where the job has no seed of its own.</summary>
    public ulong RandomSeed { get; init; }

    /// <summary>How many ids and seeds were drawn.</summary>
    public ulong Drawn => (ulong)Volatile.Read(ref _lastId);

    /// <summary>The next number of those that stand for ids.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>The next seed of a generator.</summary>
    public int NextSeed() => (int)NextId() ^ (int)RandomSeed ^ (int)(RandomSeed >> 32);
}
