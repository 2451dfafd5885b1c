using ReplayHarness.Replays;

namespace ReplayHarness.Judging;

/// <summary>
/// What separates the schedules that fail from those that do not: the smallest set of constraints of the form "this happens before that",
/// over the starts and completions of operations, that holds in every failing schedule and in no other.
/// </summary>
internal sealed class Separation
{
    private const int MostConstraints = 3;
    private const int MostEvents = 120;

    private static readonly bool[] s_firstAndLast = [false, true];

    private readonly List<KernelEvent> _events = [];
    private readonly List<int[]> _batches;
    private readonly List<int[]> _failing;
    private readonly List<int[]> _passing;

    private Separation(IReadOnlyList<IReadOnlyList<KernelEvent>> failing, IReadOnlyList<IReadOnlyList<KernelEvent>> passing)
    {
        // Shorter schedules first, so that constraints speak of what happens early.
        foreach (var e in failing.Concat(passing).OrderBy(r => r.Count).SelectMany(r => r).Distinct().Take(MostEvents))
            _events.Add(e);
        _batches = [.. Batches(failing[0])];
        _failing = [.. failing.Select(Positions)];
        _passing = [.. passing.Select(Positions)];
    }

    // One event before another; or, with a batch, a completion before or after those of all its siblings.
    private readonly record struct Constraint(int First, int Then, int[]? Batch = null, bool Last = false);

    /// <summary>What separates the two; null where nothing of at most three constraints does.</summary>
    public static Separator? Find(IReadOnlyList<IReadOnlyList<KernelEvent>> failing, IReadOnlyList<IReadOnlyList<KernelEvent>> passing)
    {
        if (failing.Count == 0 || passing.Count == 0)
            return null;
        var separation = new Separation(failing, passing);
        return separation.All() ?? separation.Any() ?? separation.Several();
    }

    // Constraints that hold in every failing schedule, few enough that every other schedule breaks one.
    private Separator? All()
    {
        var necessary = Candidates().Where(c => _failing.TrueForAll(r => Holds(c, r))).ToList();
        return Cover(necessary, _passing, (c, r) => !Holds(c, r)) is { } chosen ? Of([chosen]) : null;
    }

    // Constraints that hold in no other schedule, few enough that every failing one meets one.
    private Separator? Any()
    {
        var sufficient = Candidates().Where(c => _passing.TrueForAll(r => !Holds(c, r))).ToList();
        return Cover(sufficient, _failing, Holds) is { } chosen ? Of([.. chosen.Select(c => new List<Constraint> { c })]) : null;
    }

    // Several ways to fail, each with constraints of its own.
    private Separator? Several()
    {
        var left = _failing;
        List<List<Constraint>> ways = [];
        while (left.Count > 0 && ways.Count < MostConstraints)
        {
            var common = Candidates().Where(c => Holds(c, left[0])).OrderByDescending(c => left.Count(r => Holds(c, r))).ToList();
            if (Cover(common, _passing, (c, r) => !Holds(c, r)) is not { } way)
                return null;
            ways.Add(way);
            left = left.FindAll(r => !way.TrueForAll(c => Holds(c, r)));
        }
        return left.Count > 0 ? null : Of(ways);
    }

    private Separator Of(List<List<Constraint>> ways) =>
        new(
            string.Join(", or when ", ways.Select(way => string.Join(" and ", way.Select(Text)))),
            run => Positions(run) is var positions && ways.Exists(way => way.TrueForAll(c => Holds(c, positions)))
        );

    // Greedy: the constraint that accounts for most of what is left; of equals the first, which is the simplest.
    private static List<Constraint>? Cover(List<Constraint> candidates, List<int[]> runs, Func<Constraint, int[], bool> accounts)
    {
        var left = runs;
        List<Constraint> chosen = [];
        while (left.Count > 0 && chosen.Count < MostConstraints && candidates.Count > 0)
        {
            var best = candidates.MaxBy(c => left.Count(r => accounts(c, r)));
            var rest = left.FindAll(r => !accounts(best, r));
            if (rest.Count == left.Count)
                return null;
            chosen.Add(best);
            left = rest;
        }
        return left.Count == 0 ? chosen : null;
    }

    private IEnumerable<Constraint> Candidates() => Pairs().Concat(Extremes());

    // A start before a completion says that two operations overlap, which people understand best; then two starts, two completions, the
    // rest.
    private IEnumerable<Constraint> Pairs() =>
        from first in Enumerable.Range(0, _events.Count)
        from then in Enumerable.Range(0, _events.Count)
        where first != then && _events[first].Label != _events[then].Label
        orderby (_events[first].Starts, _events[then].Starts) switch
        {
            (true, false) => 0,
            (false, false) => 1,
            (true, true) => 2,
            _ => 3,
        }
        select new Constraint(first, then);

    private IEnumerable<Constraint> Extremes() =>
        from batch in _batches
        from one in batch
        from last in s_firstAndLast
        select new Constraint(one, one, batch, last);

    // The completions of operations that were issued together.
    private IEnumerable<int[]> Batches(IReadOnlyList<KernelEvent> run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            var labels = run.Skip(i).TakeWhile(e => e.Starts).Select(e => e.Label).ToArray();
            i += labels.Length;
            int[] ends = [.. labels.Select(l => _events.IndexOf(new(l, Starts: false))).Where(e => e >= 0)];
            if (ends.Length > 2)
                yield return ends;
        }
    }

    private static bool Holds(Constraint constraint, int[] positions)
    {
        if (constraint.Batch is not { } batch)
            return positions[constraint.First] < positions[constraint.Then];
        var own = positions[constraint.First];
        return batch.All(e => e == constraint.First || (constraint.Last ? positions[e] < own : own < positions[e]));
    }

    private int[] Positions(IReadOnlyList<KernelEvent> run)
    {
        var index = new Dictionary<KernelEvent, int>();
        for (var i = 0; i < run.Count; i++)
            index.TryAdd(run[i], i);
        return [.. _events.Select(e => index.GetValueOrDefault(e, int.MaxValue))];
    }

    private string Text(Constraint constraint) =>
        constraint.Batch is { } batch
            ? $"{Text(_events[constraint.First])} {(constraint.Last ? "last" : "first")} of its {batch.Length}"
            : $"{Text(_events[constraint.First])} before {Text(_events[constraint.Then])}";

    private static string Text(KernelEvent e) =>
        $"{e.Label} {(e.Label.StartsWith("timer", StringComparison.Ordinal) ? "fires" : e.Starts ? "starts" : "completes")}";
}

/// <summary>What separates the schedules that fail from the others.</summary>
/// <param name="Text">In words, to stand after <c>when</c>.</param>
/// <param name="Holds">Whether it says that a schedule fails.</param>
internal sealed record Separator(string Text, Func<IReadOnlyList<KernelEvent>, bool> Holds);
