using System.Numerics;

namespace ReplayHarness.Replays.Strategies;

/// <summary>A decision that was explored, with what followed from each of its choices.</summary>
/// <param name="state">The state there; null where it cannot be told.</param>
/// <param name="choices">How many choices there were.</param>
internal sealed class Explored(UInt128? state, int choices)
{
    private readonly Next[] _after = new Next[choices];
    private BigInteger? _schedules;

    /// <summary>What follows from a choice: the next decision, or the end with what it showed; neither before it was explored.</summary>
    public readonly record struct Next(Explored? Decision, string? Outcome)
    {
        /// <summary>How many schedules there are from here on.</summary>
        public BigInteger Schedules => Decision?.Schedules ?? BigInteger.One;
    }

    /// <summary>The state there; null where it cannot be told.</summary>
    public UInt128? State => state;

    /// <summary>What follows from each choice.</summary>
    public IReadOnlyList<Next> After => _after;

    /// <summary>How many schedules show each outcome from here on.</summary>
    public OutcomeCounts Outcomes { get; } = [];

    /// <summary>How many schedules there are from here on; asked once all of them were explored.</summary>
    public BigInteger Schedules => _schedules ??= Outcomes.Values.Aggregate(BigInteger.Zero, static (sum, n) => sum + n);

    /// <summary>Notes what follows from a choice.</summary>
    public void Note(int choice, Next after) => _after[choice] = after;
}
