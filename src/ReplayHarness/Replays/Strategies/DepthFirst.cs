using System.Numerics;
using ReplayHarness.Replays.Races;

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
internal sealed class DepthFirst(bool merge = false, IReadOnlyList<int>? prefix = null) : IStrategy
{
    private readonly List<Node> _path = [.. (prefix ?? []).Select(taken => new Node(new(null, taken + 1)) { Taken = taken })];
    private readonly Dictionary<UInt128, Explored> _known = [];
    private readonly Dictionary<string, string> _outcomes = new(StringComparer.Ordinal);
    private readonly int _fixed = prefix?.Count ?? 0;
    private Explored? _merged;
    private int _depth;

    private sealed class Node(Explored decision)
    {
        public Explored Decision => decision;
        public int Count => decision.After.Count;
        public int Taken { get; set; }
    }

    /// <inheritdoc/>
    public ulong? RandomSeed { get; init; }

    /// <inheritdoc/>
    public bool InterleavesItems { get; init; }

    /// <inheritdoc/>
    public RaceWatch? Races { get; init; }

    /// <summary>True once the order of work items was a choice.</summary>
    public bool HasMetItems { get; private set; }

    /// <summary>The outcomes of all schedules that are finished, or known from an equal state.</summary>
    public OutcomeCounts Total { get; } = [];

    /// <summary>Whether equal states are merged.</summary>
    public bool Merges => merge;

    /// <summary>True once there is no more to explore.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>What every schedule begins with; with merging, all that was found can be reached from here.</summary>
    public Explored.Next First { get; private set; }

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
            sum.Add(node.Decision.Outcomes);
        return sum;
    }

    public void Begin() => _depth = 0;

    public int Choose(Decision decision)
    {
        if (_depth < _path.Count)
            return _path[_depth++].Taken;
        HasMetItems |= decision.IsOfItems;
        var state = merge && !InterleavesItems ? decision.State() : null;
        if (state is { } known && _known.TryGetValue(known, out _merged))
        {
            Follows(new(_merged, null));
            return Decision.Prune;
        }
        var node = new Node(new(state, decision.Enabled.Count));
        Follows(new(node.Decision, null));
        _path.Add(node);
        _depth++;
        return 0;
    }

    public bool Next(string? outcome)
    {
        _path.RemoveRange(_depth, _path.Count - _depth);
        if (outcome is null)
        {
            Credit(_merged!.Outcomes);
        }
        else
        {
            Follows(new(null, One(outcome)));
            Credit(new OutcomeCounts { [One(outcome)] = BigInteger.One });
        }
        while (_path.Count > _fixed)
        {
            var node = _path[^1];
            if (++node.Taken < node.Count)
                return true;
            _path.RemoveAt(_path.Count - 1);
            if (node.Decision.State is { } state)
                _known[state] = node.Decision;
            Credit(node.Decision.Outcomes);
        }
        IsFinished = true;
        return false;
    }

    // Only where states are merged somebody asks; all decisions of a large space are too many to keep.
    private void Follows(Explored.Next next)
    {
        if (!merge)
            return;
        if (_path.Count > 0)
            _path[^1].Decision.Note(_path[^1].Taken, next);
        else
            First = next;
    }

    // One text for all that are equal: there are millions.
    private string One(string outcome) => _outcomes.TryGetValue(outcome, out var known) ? known : _outcomes[outcome] = outcome;

    private void Credit(OutcomeCounts outcomes) => (_path.Count > _fixed ? _path[^1].Decision.Outcomes : Total).Add(outcomes);
}
