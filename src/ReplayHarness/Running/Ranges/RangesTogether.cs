namespace ReplayHarness.Running.Ranges;

/// <summary>What all ranges showed under one hypothesis, as if one machine had run them.</summary>
internal sealed class RangesTogether
{
    // As many are run again, of all ranges together.
    private const int Checked = 200;

    /// <summary>Schedules in the order of their keys.</summary>
    public static readonly Comparer<IReadOnlyList<int>> InOrder = Comparer<IReadOnlyList<int>>.Create(Compare);

    private readonly RangeShown[] _ranges;
    private readonly bool _someAreMissing;

    private RangesTogether(RangeShown[] ranges, bool someAreMissing)
    {
        _someAreMissing = someAreMissing;
        // One machine would have stopped at a schedule without end.
        var endless = ranges.TakeWhile(r => !r.IsEndless).Count();
        _ranges = [.. ranges.Take(endless + 1)];
        IsWhole = _ranges.Length == ranges.Length && _ranges.All(r => r.IsWhole);
        Checks = [.. _ranges.SelectMany(r => r.Checks.Take(Math.Max(1, Checked / ranges.Length)))];
        Outcomes =
        [
            .. _ranges
                .SelectMany(r => r.Outcomes)
                .GroupBy(o => o.Hash, StringComparer.Ordinal)
                .Select(same => same.MinBy(o => o.First, InOrder)! with { Count = same.Sum(o => o.Count) }),
        ];
        Failing = Told(r => r.Failing);
        Passing = Told(r => r.Passing);
    }

    /// <summary>Those of a hypothesis; null where nothing was divided.</summary>
    /// <param name="ranges">What each range showed, in their order.</param>
    /// <param name="hypothesis">The hypothesis.</param>
    public static RangesTogether? Of(IReadOnlyList<IReadOnlyList<HypothesisRange>> ranges, string hypothesis)
    {
        RangeShown[] shown = [.. ranges.Select(r => r.FirstOrDefault(h => h.Hypothesis == hypothesis)?.Shown).OfType<RangeShown>()];
        return shown.Length == 0 ? null : new(shown, shown.Length < ranges.Count);
    }

    /// <summary>How many schedules ran.</summary>
    public int Runs => _ranges.Sum(r => r.Runs);

    /// <summary>How many of them failed.</summary>
    public int Failed => _ranges.Sum(r => r.Failed);

    /// <summary>Virtual time that passed in them.</summary>
    public TimeSpan VirtualTime => new(_ranges.Sum(r => r.VirtualTime.Ticks));

    /// <summary>The hash over their logs.</summary>
    public ulong Log => _ranges.Aggregate(0UL, static (sum, r) => unchecked(sum + r.Log));

    /// <summary>True where all of them ran.</summary>
    public bool IsWhole { get; }

    /// <summary>The different outcomes, each with the first schedule of all that had it.</summary>
    public IReadOnlyList<RangeOutcome> Outcomes { get; }

    /// <summary>The first that failed.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Failing { get; }

    /// <summary>The first that did not.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Passing { get; }

    /// <summary>Schedules that are run again, to see whether they go as they went where their ranges ran.</summary>
    public IReadOnlyList<RangeCheck> Checks { get; }

    /// <summary>Why nothing can be established, given how the captured schedule went here.</summary>
    /// <param name="captured">The hash of its log.</param>
    public IEnumerable<string> Doubts(ulong captured)
    {
        foreach (var doubt in _ranges.SelectMany(r => r.Doubts))
            yield return doubt;
        if (_someAreMissing)
            yield return "uncontrolled: some of its ranges could be run, and some could not";
        if (_ranges.Any(r => r.Captured != captured))
            yield return "uncontrolled: the captured schedule was another replay where a range ran than where the ranges were merged";
    }

    private IReadOnlyList<int>[] Told(Func<RangeShown, IReadOnlyList<IReadOnlyList<int>>> told) =>
        [.. _ranges.SelectMany(told).Order(InOrder).Take(RangeShown.MostTold)];

    private static int Compare(IReadOnlyList<int> one, IReadOnlyList<int> other)
    {
        for (var i = 0; i < one.Count && i < other.Count; i++)
            if (one[i].CompareTo(other[i]) is var order and not 0)
                return order;
        return one.Count.CompareTo(other.Count);
    }
}
