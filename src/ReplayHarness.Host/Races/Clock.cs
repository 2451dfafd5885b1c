namespace ReplayHarness.Host.Races;

/// <summary>
/// What a segment knew at a moment, as two vector clocks (Fidge 1988, Mattern 1989): for each slot, the epoch up to which everything
/// happened before. Never changed once made.
/// </summary>
/// <param name="full">By every edge, locks and atomics too: what this run put in order.</param>
/// <param name="must">By edges of queues and tasks only: what every run puts in order.</param>
internal sealed class Clock(int[] full, int[] must)
{
    /// <summary>Of one that knows of nothing.</summary>
    public static Clock Empty { get; } = new([], []);

    /// <summary>True where this run put an epoch before.</summary>
    public bool Knows(Stamp stamp) => At(full, stamp.Slot) >= stamp.Epoch;

    /// <summary>True where every run puts an epoch before.</summary>
    public bool MustKnow(Stamp stamp) => At(must, stamp.Slot) >= stamp.Epoch;

    /// <summary>The same, with an epoch of its own.</summary>
    public Clock With(Stamp stamp)
    {
        var copy = With(full, stamp);
        return new(copy, IsOne ? copy : With(must, stamp));
    }

    /// <summary>What both know.</summary>
    /// <param name="other">The other.</param>
    /// <param name="always">Whether the edge between them holds in every run.</param>
    public Clock Join(Clock other, bool always)
    {
        var joined = Join(full, other.Full);
        var sure =
            !always ? must
            : IsOne && other.IsOne ? joined
            : Join(must, other.Must);
        return ReferenceEquals(joined, full) && ReferenceEquals(sure, must) ? this : new(joined, sure);
    }

    /// <summary>By every edge.</summary>
    public int[] Full => full;

    /// <summary>By edges of queues and tasks only.</summary>
    public int[] Must => must;

    // As long as nothing but queues and tasks orders anything, both are one array.
    private bool IsOne => ReferenceEquals(full, must);

    private static int At(int[] clock, int slot) => (uint)slot < (uint)clock.Length ? clock[slot] : 0;

    private static int[] With(int[] clock, Stamp stamp)
    {
        var copy = new int[Math.Max(clock.Length, stamp.Slot + 1)];
        clock.AsSpan().CopyTo(copy);
        copy[stamp.Slot] = stamp.Epoch;
        return copy;
    }

    private static int[] Join(int[] a, int[] b)
    {
        if (ReferenceEquals(a, b) || b.Length == 0)
            return a;
        if (a.Length == 0)
            return b;
        var grows = b.Length > a.Length;
        for (var i = 0; !grows && i < b.Length; i++)
            grows = b[i] > a[i];
        if (!grows)
            return a;
        var sum = new int[Math.Max(a.Length, b.Length)];
        for (var i = 0; i < sum.Length; i++)
            sum[i] = Math.Max(At(a, i), At(b, i));
        return sum;
    }
}

/// <summary>A moment of a slot.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Epoch">The epoch, from 1; 0 for never.</param>
internal readonly record struct Stamp(int Slot, int Epoch);

/// <summary>What was known where a work item was queued, an operation issued or a timer armed.</summary>
/// <param name="Clock">What had happened before.</param>
/// <param name="Serves">The answer or timer after which that was; null at the start of the run.</param>
internal sealed record Origin(Clock Clock, string? Serves)
{
    /// <summary>Of what nobody of the replay queued.</summary>
    public static Origin Unknown { get; } = new(Clock.Empty, null);
}
