using System.Numerics;

namespace ReplayHarness.Replays.Strategies;

/// <summary>How many schedules show each outcome.</summary>
internal sealed class OutcomeCounts : Dictionary<string, BigInteger>
{
    public OutcomeCounts()
        : base(StringComparer.Ordinal) { }

    public void Add(OutcomeCounts other)
    {
        foreach (var (outcome, count) in other)
            this[outcome] = this.GetValueOrDefault(outcome) + count;
    }

    public bool IsSameAs(OutcomeCounts other) => Count == other.Count && this.All(o => other.GetValueOrDefault(o.Key) == o.Value);
}

/// <summary>
/// Every schedule, depth first: repeats the last one up to its deepest decision with an untried choice, and takes that. With merging, a
/// state that was reached before is not explored again: what followed from it then is counted again instead, so that the counts are those
/// of all schedules.
/// </summary>
/// <param name="merge">Whether states are merged.</param>
/// <param name="prefix">The choices of the first decisions, fixed: explores only below them.</param>
/// <param name="width">How many choices of the first free decision are explored; null for all.</param>
internal sealed class DepthFirst(bool merge = false, IReadOnlyList<int>? prefix = null, int? width = null) : IStrategy
{
    private readonly List<Node> _path = [.. (prefix ?? []).Select(taken => new Node(taken + 1, null) { Taken = taken })];
    private readonly Dictionary<UInt128, OutcomeCounts> _known = [];
    private readonly int _fixed = prefix?.Count ?? 0;
    private OutcomeCounts? _credit;
    private int _depth;

    private sealed class Node(int count, UInt128? state)
    {
        public int Count => count;
        public UInt128? State => state;
        public int Taken { get; set; }
        public OutcomeCounts Outcomes { get; } = [];
    }

    /// <inheritdoc/>
    public ulong? RandomSeed { get; init; }

    /// <inheritdoc/>
    public bool InterleavesItems { get; init; }

    /// <summary>The outcomes of all schedules that are finished, or known from an equal state.</summary>
    public OutcomeCounts Total { get; } = [];

    /// <summary>Whether equal states are merged.</summary>
    public bool Merges => merge;

    /// <summary>True once there is no more to explore.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>The part of the space that is explored, from 0 to 1, as if all branches were alike.</summary>
    public double Fraction
    {
        get
        {
            var (fraction, share) = (0.0, 1.0);
            foreach (var node in _path.Skip(_fixed))
            {
                fraction += share * node.Taken / node.Count;
                share /= node.Count;
            }
            return fraction;
        }
    }

    /// <summary>The outcomes of everything explored so far, of unfinished parts too.</summary>
    public OutcomeCounts SoFar()
    {
        var sum = new OutcomeCounts();
        sum.Add(Total);
        foreach (var node in _path.Skip(_fixed))
            sum.Add(node.Outcomes);
        return sum;
    }

    public void Begin() => _depth = 0;

    public int Choose(Decision decision)
    {
        if (_depth < _path.Count)
            return _path[_depth++].Taken;
        var state = merge && !InterleavesItems ? decision.State() : null;
        if (state is { } known && _known.TryGetValue(known, out _credit))
            return Decision.Prune;
        _path.Add(new Node(_depth == _fixed ? Math.Min(width ?? int.MaxValue, decision.Enabled.Count) : decision.Enabled.Count, state));
        _depth++;
        return 0;
    }

    public bool Next(string? outcome)
    {
        _path.RemoveRange(_depth, _path.Count - _depth);
        Credit(outcome is null ? _credit! : new OutcomeCounts { [outcome] = BigInteger.One });
        while (_path.Count > _fixed)
        {
            var node = _path[^1];
            if (++node.Taken < node.Count)
                return true;
            _path.RemoveAt(_path.Count - 1);
            if (node.State is { } state)
                _known[state] = node.Outcomes;
            Credit(node.Outcomes);
        }
        IsFinished = true;
        return false;
    }

    /// <summary>
    /// The largest part of an unfinished exploration that is finished: choices that lead to it, how many were tried there, and what they
    /// showed.
    /// </summary>
    public (IReadOnlyList<int> Prefix, int Width, OutcomeCounts Outcomes)? LargestFinishedPart()
    {
        var depth = _path.FindIndex(n => n.Taken > 0);
        return depth < 0 ? null : ([.. _path.Take(depth).Select(n => n.Taken)], _path[depth].Taken, _path[depth].Outcomes);
    }

    private void Credit(OutcomeCounts outcomes) => (_path.Count > _fixed ? _path[^1].Outcomes : Total).Add(outcomes);
}
