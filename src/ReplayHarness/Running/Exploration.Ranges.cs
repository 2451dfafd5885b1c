using System.Globalization;
using System.Numerics;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Running.Ranges;

namespace ReplayHarness.Running;

/// <content>Schedules that several machines divide among them.</content>
internal sealed partial class Exploration
{
    // So many subtrees for each range: no range then has much more than another.
    private const int SubtreesEach = 8;

    private RangeRecorder? _recorder;

    // How a schedule that ran elsewhere is run again; null before that is asked for.
    private Func<IReadOnlyList<int>, IStrategy>? _again;

    /// <summary>The range that runs here; null for all.</summary>
    public ScheduleRange? Range { get; init; }

    /// <summary>What the ranges showed that others ran; null where all run here.</summary>
    public RangesTogether? Others { get; init; }

    /// <summary>What the range that ran here showed; null where there is none, and where there is nothing to divide.</summary>
    public RangeShown? Shown { get; private set; }

    /// <summary>True where schedules were divided elsewhere that cannot be divided here.</summary>
    public bool LeftOthers => Others is not null && _again is null;

    private Coverage DrawRange(ScheduleRange range, Func<int, int, IStrategy> drawn, int count)
    {
        var (first, length) = range.Of(count);
        _recorder = new((_, before) => [first + before]);
        var isWhole = length == 0 || Draw(drawn(first, length)).All;
        Shown = _recorder.Shown(this, isWhole, _endless is not null);
        return Coverage.None;
    }

    // Every so many-th of the subtrees is of this range.
    private Coverage ExploreRange(ScheduleRange range, bool items)
    {
        Forget();
        _recorder = new((result, _) => result.Choices);
        var isWhole = true;
        foreach (var (i, prefix) in Subtrees(range.Count * SubtreesEach, items).Index())
            if (i % range.Count == range.Index - 1)
                isWhole &= Run(new DepthFirst(prefix: prefix) { InterleavesItems = items }, int.MaxValue);
        // Whether all was controlled is told with the range.
        foreach (var (outcome, _) in _examples.OrderBy(e => e.Key, StringComparer.Ordinal))
            tally.Add(_examples[outcome], BigInteger.One);
        Shown = _recorder.Shown(this, isWhole, _endless is not null);
        return Coverage.None;
    }

    // The choices with which the schedules of each begin, level by level until there are enough: the same for every range.
    private IReadOnlyList<int>[] Subtrees(int least, bool items)
    {
        List<int[]> whole = [],
            open =

            [
                [],
            ];
        while (open.Count > 0 && whole.Count + open.Count < least && !IsOver)
        {
            List<int[]> next = [];
            foreach (var prefix in open)
            {
                var probe = new Probe(prefix) { InterleavesItems = items };
                RunAlone(probe);
                if (probe.Choices == 0)
                    whole.Add(prefix);
                for (var choice = 0; choice < probe.Choices; choice++)
                    next.Add([.. prefix, choice]);
            }
            open = next;
        }
        return [.. whole.Concat(open).Order(RangesTogether.InOrder)];
    }

    private Coverage Merge(RangesTogether others, bool items, string? note)
    {
        Forget();
        Recall(others, choices => new DepthFirst(prefix: choices) { InterleavesItems = items });
        if (_endless is not null)
            tally.Note(new(_endless));
        KeptAll = others is { IsWhole: true, Failed: < MostKept } && others.Runs - others.Failed < MostKept;
        return new(Runs, others.IsWhole, "any-order", note);
    }

    // Of each outcome one schedule is run again, so that it is judged as if all had run here.
    private (int Failed, bool All) Recall(RangesTogether others, Func<IReadOnlyList<int>, IStrategy> again)
    {
        _again = again;
        (Runs, VirtualTime) = (others.Runs, others.VirtualTime);
        _log.Add(others.Log);
        var outcomes = new OutcomeCounts();
        foreach (var check in others.Checks)
            if (RunAgain(check.Key) is { } result && result.LogHash != check.Log)
                NoteAnother(check.Key);
        foreach (var outcome in others.Outcomes)
        {
            if (RunAgain(outcome.First) is not { } result)
                break;
            if (RangeRecorder.HashOf(result) != outcome.Hash || result.LogHash != outcome.Log)
                NoteAnother(outcome.First);
            _examples.TryAdd(result.Outcome, result);
            _endless ??= result.Endless;
            outcomes[result.Outcome] = outcomes.GetValueOrDefault(result.Outcome) + outcome.Count;
        }
        Count(outcomes);
        if (others.Failing is [var first, ..])
            Failing = RunAgain(first);
        return (others.Failed, others.IsWhole);
    }

    private void NoteAnother(IReadOnlyList<int> key) =>
        tally.Note(
            new(
                $"uncontrolled: schedule {string.Join(' ', key.Select(k => k.ToString(CultureInfo.InvariantCulture)))}, run again where "
                    + "the ranges were merged, was another replay than where its range ran"
            )
        );

    // One that is cut shows nothing, and then nothing is established.
    private ScheduleResult? RunAgain(IReadOnlyList<int> key)
    {
        var result = spending.IsOver ? null : RunAlone(_again!(key));
        if (result is null)
            tally.Note(new(spending.WhySpent));
        return result;
    }

    private List<IReadOnlyList<KernelEvent>> Recalled(
        List<IReadOnlyList<KernelEvent>> runs,
        Func<RangesTogether, IReadOnlyList<IReadOnlyList<int>>> told
    )
    {
        if (_again is not null && runs.Count == 0)
            runs.AddRange(told(Others!).Select(RunAgain).OfType<ScheduleResult>().Select(r => r.Events));
        return runs;
    }

    // What was run to find out how many there are is run again, in its range.
    private void Forget()
    {
        (Runs, VirtualTime, _log, Failing) = (0, TimeSpan.Zero, default, null);
        _examples.Clear();
        _failing.Clear();
        _passing.Clear();
    }
}
