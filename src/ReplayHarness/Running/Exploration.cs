using System.Globalization;
using System.Numerics;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Running.Ranges;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>
/// Runs the schedules of one hypothesis. All of them, where asked for: one by one while they are few; else with equal states merged, and
/// then some that are drawn at random from all of them, which must go as that says.
/// </summary>
internal sealed partial class Exploration(IScheduleRunner runner, Tally tally, Spending spending, Func<ScheduleResult, bool> fails)
{
    // One by one up to here.
    private const int Few = 500;

    // Where 5% of all schedules go otherwise than merging says, one of so many is among them with a chance of 99% (0.95^90 < 1%).
    private const int Audited = 90;

    // As many failing and as many other schedules are compared when the failure is explained.
    private const int MostKept = RangeShown.MostTold;

    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMilliseconds(250);

    private TimeSpan _reported;

    private readonly Dictionary<string, ScheduleResult> _examples = new(StringComparer.Ordinal);

    private readonly List<IReadOnlyList<KernelEvent>> _failing = [];
    private readonly List<IReadOnlyList<KernelEvent>> _passing = [];

    /// <summary>The failing schedules that were kept to be compared with the others.</summary>
    public IReadOnlyList<IReadOnlyList<KernelEvent>> FailingRuns => Recalled(_failing, o => o.Failing);

    /// <summary>The others that were kept.</summary>
    public IReadOnlyList<IReadOnlyList<KernelEvent>> PassingRuns => Recalled(_passing, o => o.Passing);

    /// <summary>True where these are all schedules there are: each ran, none was merged, and each was kept.</summary>
    public bool KeptAll { get; private set; }

    /// <summary>A schedule that fails; null where none does.</summary>
    public ScheduleResult? Failing { get; private set; }

    /// <summary>True where some schedule does not fail.</summary>
    public bool SomePass => _passing.Count > 0 || (_again is not null && Others!.Passing.Count > 0);

    /// <summary>The one schedule that was followed step by step, and its trace; null where none was.</summary>
    public (Trail Trail, Trace Trace)? StepByStep { get; private set; }

    /// <summary>How many schedules ran.</summary>
    public int Runs { get; private set; }

    /// <summary>Virtual time that passed in them.</summary>
    public TimeSpan VirtualTime { get; private set; }

    /// <summary>Hears how many schedules ran, for how many seconds, and which part of the space that is, where that is known.</summary>
    public Action<int, double, double?>? OnProgress { get; init; }

    /// <summary>
    /// True where it is known which operations follow from each other, so that random schedules can be drawn with equal chances.
    /// </summary>
    public bool KnowsChains { get; init; } = true;

    /// <summary>What the fixture takes as ordered between two awaits; null where no races are looked for.</summary>
    public IReadOnlyDictionary<string, string>? Ordered { get; init; }

    /// <summary>True where the order of ready work items can be chosen.</summary>
    public bool KnowsItems { get; init; } = true;

    /// <summary>The hash over the logs of all schedules that ran.</summary>
    public ref LogSum Log => ref _log;

    private LogSum _log;

    // What a schedule showed that merging had not foreseen.
    private string? _unforeseen;

    // Why a schedule had no end: nothing is established then, so no others are run.
    private string? _endless;

    private bool IsOver => _endless is not null || spending.IsSpent(Runs);

    /// <summary>The captured schedule, which has run already.</summary>
    public Coverage Captured(ScheduleResult captured)
    {
        VirtualTime += captured.VirtualTime;
        tally.Add(captured, BigInteger.One);
        return new(1, false, "captured");
    }

    /// <summary>All schedules.</summary>
    /// <param name="items">
    /// Whether the order of ready work items is explored too; states are then not merged, for the queue is no part of the heap that is
    /// hashed.
    /// </param>
    public Coverage All(bool items = false)
    {
        var oneByOne = new DepthFirst { InterleavesItems = items };
        if (items)
            return Rest(oneByOne, "orders of ready work items explored too, without merging");
        var coverage =
            Run(oneByOne, Few) || IsOver ? Finish(oneByOne, null)
            : runner.Hasher is null ? Rest(oneByOne, null)
            // What is merged cannot be divided.
            : Range is not null ? Coverage.None
            : Merged() ?? Refused(oneByOne);
        if (!coverage.Exhaustive || !KnowsItems || Range is not null)
            return coverage;
        return Failing is null ? NewBeside().TryAll(coverage) : NewBeside().TryRaces(coverage, failed: true);
    }

    /// <summary>The captured schedule, and what races between its awaits show.</summary>
    public Coverage Races(ScheduleResult captured)
    {
        var coverage = Captured(captured);
        return KnowsItems ? NewBeside().TryRaces(coverage, fails(captured)) : coverage;
    }

    private Beside NewBeside() => new(RunBeside, Note, tally, fails, Ordered);

    /// <summary>One schedule, exactly as it was written down, or a divergence.</summary>
    public Coverage Follow(ScheduleFile schedule, string name)
    {
        var strategy = Followed.Of(schedule);
        return One(strategy, "schedule file", () => strategy.Difference is { } at ? $"the replay leaves {name} at {at}" : null);
    }

    /// <summary>One schedule, as somebody chooses step by step, or a divergence.</summary>
    public Coverage Step(Stepped strategy) => One(strategy, "captured, steps as chosen", () => strategy.Difference);

    private Coverage One(IStrategy strategy, string latencyModel, Func<string?> difference)
    {
        var trailed = new Trailed(strategy);
        if (RunOne(trailed) is not { } result)
        {
            tally.Note(new(spending.WhySpent));
            return Coverage.None;
        }
        strategy.Next(result.Outcome);
        if (difference() is { } left)
            tally.Diverge(left);
        else
            tally.Add(result, BigInteger.One);
        // Whoever chooses a schedule by hand may have chosen the one that goes well.
        var failed = fails(result);
        if (!failed)
            tally.Note(new("one schedule was followed and does not fail, which says nothing about the others", Remedy.ExploreAllSchedules));
        StepByStep = (trailed.Of(result, failed), result.Trace);
        return new(1, false, latencyModel);
    }

    private Coverage Rest(DepthFirst oneByOne, string? note)
    {
        if (Range is { } range)
            return ExploreRange(range, oneByOne.InterleavesItems);
        if (Others is { } others)
            return Merge(others, oneByOne.InterleavesItems, note);
        Run(oneByOne, int.MaxValue);
        return Finish(oneByOne, note);
    }

    // Null where the audit shows that states were merged that are not equal.
    private Coverage? Merged()
    {
        var merged = new DepthFirst(merge: true);
        var before = Runs;
        Run(merged, int.MaxValue);
        var runs = Runs - before;
        if (merged.IsFinished && !IsAsSaid(merged))
            return null;
        var audit = merged.IsFinished ? $"; {Audited} drawn from all of them went as that says" : "";
        return Finish(merged, $"equal states merged{audit}{Unread()}") with { Runs = runs };
    }

    private string Unread() =>
        string.Concat(runner.Hasher!.Unknown.Select(u => $"; states that hold a {u.Key} are not merged ({u.Value})"));

    private bool IsAsSaid(DepthFirst merged)
    {
        var strategy = new Predicted(merged.First, seed: 0, Audited);
        for (var more = true; more && !IsOver; )
        {
            if (RunOne(strategy) is not { } result)
                break;
            more = strategy.Next(result.Outcome);
            if (strategy.IsWrong)
                _unforeseen = result.Outcome;
        }
        return !strategy.IsWrong;
    }

    private Coverage Refused(DepthFirst oneByOne)
    {
        var coverage = Rest(
            oneByOne,
            "merging refused: a schedule went another way than an equal state says (there is state that the hash cannot see)"
        );
        // Where not all could be run, what the audit met counts too.
        if (_unforeseen is { } met && !oneByOne.SoFar().ContainsKey(met))
            tally.Add(_examples[met], BigInteger.One);
        return coverage;
    }

    private Coverage Finish(DepthFirst strategy, string? note)
    {
        if (_endless is not null)
            tally.Note(new(_endless));
        else if (!strategy.IsFinished)
            tally.Note(new(spending.WhySpent, Remedy.SampleSchedules));
        Count(strategy.SoFar());
        KeptAll = strategy.IsFinished && !strategy.Merges && _failing.Count < MostKept && _passing.Count < MostKept;
        return new(Runs, strategy.IsFinished, "any-order", note);
    }

    private void Count(OutcomeCounts outcomes)
    {
        foreach (var (outcome, count) in outcomes.OrderBy(o => o.Key, StringComparer.Ordinal))
            tally.Add(_examples[outcome], count);
    }

    // True where the strategy has no more schedules.
    private bool Run(DepthFirst strategy, int most)
    {
        for (var i = 0; i < most && !IsOver; i++)
        {
            if (RunOne(strategy) is not { } result)
                return false;
            if (!strategy.Next(result.End == KernelEnd.Merged ? null : result.Outcome))
                return true;
        }
        return false;
    }

    // Null where it was cut: it shows nothing.
    private ScheduleResult? RunOne(IStrategy strategy)
    {
        if (RunAlone(strategy) is not { } result)
            return null;
        Note(result);
        if (result.End != KernelEnd.Merged)
            Keep(result);
        if (spending.Elapsed - _reported > s_reportEvery)
        {
            _reported = spending.Elapsed;
            OnProgress?.Invoke(Runs, _reported.TotalSeconds, (strategy as DepthFirst)?.Fraction);
        }
        return result;
    }

    private ScheduleResult? RunAlone(IStrategy strategy) => runner.Run(strategy) is { End: not KernelEnd.Cut } result ? result : null;

    // These are few, whatever the budget of schedules. Where time runs out on them, they may have shown what nothing else did.
    private ScheduleResult? RunBeside(IStrategy strategy)
    {
        var result = _endless is not null || spending.IsOver ? null : RunAlone(strategy);
        if (result is null && _endless is null && Failing is null)
            tally.Note(new(spending.WhySpent));
        return result;
    }

    private void Note(ScheduleResult result)
    {
        Runs++;
        _endless ??= result.Endless;
        VirtualTime += result.VirtualTime;
        _log.Add(result.Choices, result.LogHash);
    }

    private void Keep(ScheduleResult result)
    {
        _examples.TryAdd(result.Outcome, result);
        var failed = fails(result);
        if (failed)
            Failing ??= result;
        _recorder?.Add(result, failed);
        var kind = failed ? _failing : _passing;
        if (kind.Count < MostKept)
            kind.Add(result.Events);
    }
}
