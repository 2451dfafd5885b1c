namespace ReplayHarness.Running.Ranges;

/// <summary>What the schedules of a range showed under one hypothesis: enough to judge it where all ranges are put together.</summary>
/// <remarks>
/// A schedule is told by its key, from which it can be run again: its number among the random ones, or else the choices that make it.
/// </remarks>
internal sealed record RangeShown
{
    /// <summary>As many failing and as many other schedules are told by their keys.</summary>
    public const int MostTold = 1_500;

    /// <summary>As many are told with the hashes of their logs.</summary>
    public const int MostChecks = 100;

    /// <summary>How many schedules ran.</summary>
    public required int Runs { get; init; }

    /// <summary>Virtual time that passed in them.</summary>
    public required TimeSpan VirtualTime { get; init; }

    /// <summary>The hash over their logs.</summary>
    public required ulong Log { get; init; }

    /// <summary>True where all of them ran.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>True where a schedule had no end, so that the rest was not run.</summary>
    public bool IsEndless { get; init; }

    /// <summary>How many failed.</summary>
    public required int Failed { get; init; }

    /// <summary>The first that failed.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Failing { get; init; }

    /// <summary>The first that did not.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Passing { get; init; }

    /// <summary>The different outcomes.</summary>
    public required IReadOnlyList<RangeOutcome> Outcomes { get; init; }

    /// <summary>The first schedules, with the hashes of their logs.</summary>
    public required IReadOnlyList<RangeCheck> Checks { get; init; }

    /// <summary>The hash of the captured schedule's log.</summary>
    public ulong Captured { get; init; }

    /// <summary>Why nothing can be established by what ran here, as sentences without their full stops.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];
}

/// <summary>An outcome, and how many schedules of a range had it.</summary>
/// <param name="Hash">A hash of it.</param>
/// <param name="Count">How many had it.</param>
/// <param name="First">The first of them.</param>
/// <param name="Log">The hash of that one's log.</param>
internal sealed record RangeOutcome(string Hash, int Count, IReadOnlyList<int> First, ulong Log);

/// <summary>A schedule, and the hash of its log.</summary>
/// <param name="Key">The schedule.</param>
/// <param name="Log">The hash.</param>
internal sealed record RangeCheck(IReadOnlyList<int> Key, ulong Log);

/// <summary>What a range showed under a hypothesis.</summary>
/// <param name="Hypothesis">The hypothesis.</param>
/// <param name="Shown">What it showed; null where nothing was divided, so that whoever merges explores it.</param>
internal sealed record HypothesisRange(string Hypothesis, RangeShown? Shown = null);
