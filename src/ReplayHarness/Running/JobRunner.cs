using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Running.Ranges;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>Replays a fixture against an agent, hypothesis by hypothesis, and judges: the same for every carrier.</summary>
/// <param name="folder">The fixture.</param>
/// <param name="options">How to replay it.</param>
/// <param name="carrier">Delivers the answers.</param>
/// <param name="onProgress">Hears how far it is; null for nobody.</param>
/// <param name="stop">Stops the exploration: what was explored so far is judged.</param>
internal sealed class JobRunner(
    FixtureFolder folder,
    ReplayOptions options,
    ICarrier carrier,
    Action<ReplayProgress>? onProgress,
    CancellationToken stop
)
{
    private readonly SortedSet<string> _uncontrolled = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);
    private readonly ScheduleFile? _written = options.Schedules is WrittenSchedule { Path: var file } ? ScheduleFile.Load(file) : null;
    private readonly List<(Hypothesis Hypothesis, HypothesisVerdict Verdict)> _verdicts = [];
    private readonly OutsideCause _outside = OutsideCause.Of(folder.Fixture);
    private readonly List<HypothesisRange> _ranges = [];
    private Hypothesis? _current;
    private Spending? _spending;
    private TimeSpan _virtual;
    private LogSum _log;

    /// <summary>Runs the job to its end.</summary>
    /// <exception cref="BadInputException">The fixture holds no such hypothesis, or the schedule file is of another incident.</exception>
    public ReplayReport Run()
    {
        foreach (var hypothesis in Selected())
        {
            _current = hypothesis;
            _verdicts.Add((hypothesis, Judge(hypothesis)));
        }
        return Report();
    }

    /// <summary>
    /// The report of a job whose replay never came back: what was judged before stands, the rest is not established. Called from another
    /// thread.
    /// </summary>
    /// <param name="when">After what it did not come back.</param>
    /// <param name="how">What it did instead, and what would be right.</param>
    public ReplayReport Stuck(string when, string how)
    {
        var tally = new Tally(_current!, _outside);
        var what = $"{when}, the agent's code {how}";
        tally.Note(new($"uncontrolled: {what}"));
        // So no other job is given to this process, which ends.
        _uncontrolled.Add(what);
        _verdicts.Add((_current!, tally.Judge(Coverage.None)));
        return Report();
    }

    private ReplayReport Report()
    {
        var weighed = Overall.Weigh(_verdicts);
        var shape = folder.Fixture.Shape;
        var (kind, sentence) = Overall.Judge(weighed, shape.Identity, _outside);
        return new ReplayReport
        {
            Captured = new(folder.Fixture.Incident, shape.Fingerprint),
            Verdict = kind,
            Sentence = sentence,
            Hypotheses = weighed,
            AllMeans = weighed.Any(h => h.Schedules.Exhaustive) ? AllMeans() : null,
            Uncontrolled = [.. _uncontrolled, .. carrier.Unguaranteed],
            Notes = _notes.Count > 0 ? [.. _notes] : null,
            Ranges = options.Range is null ? null : _ranges,
            Seed = options.Seed,
            LogHash = _log.Value.ToString("x16", CultureInfo.InvariantCulture),
            VirtualSeconds = _virtual.TotalSeconds,
            Runtime = carrier.Runtime ?? "",
            AtOnce = carrier.AtOnce,
        };
    }

    private string? AllMeans() =>
        options.Schedules.AllMeans(carrier.IsRealTime) is { } means
            ? means + (options is { Races: true, Schedules: AllSchedules } && !carrier.IsRealTime ? ", except to try races" : "")
            : null;

    private IEnumerable<Hypothesis> Selected()
    {
        if (_written is not { } schedule)
            return folder.HypothesesNamed(options.Hypotheses);
        if (schedule.Incident != folder.Fixture.Incident)
            throw new BadInputException(
                $"{((WrittenSchedule)options.Schedules).Path}: is a schedule of {schedule.Incident}; the fixture is "
                    + $"{folder.Fixture.Incident}"
            );
        return folder.HypothesesNamed([schedule.Hypothesis]);
    }

    private HypothesisVerdict Judge(Hypothesis hypothesis)
    {
        var tally = new Tally(hypothesis, _outside);
        var runner = carrier.RunnerOf(hypothesis, () => _spending?.IsOver == true);
        if (Debugging.IsOn)
            return JudgeOne(tally, runner);
        _spending = new(options.Budget, stop);
        if (carrier.WhyNot(hypothesis, runner) is { } doubt)
            return NotRun(tally, _spending.IsOver ? new(_spending.WhySpent) : doubt);
        _notes.UnionWith(carrier.Assumed);
        var captured = runner.Run(new CapturedOrder());
        if (captured.End == KernelEnd.Cut)
            return NotRun(tally, new($"{_spending.WhySpent} before the captured schedule had ended"));
        _notes.UnionWith(captured.Replaced);
        if (captured.Endless is null)
            _uncontrolled.UnionWith(carrier.Check(runner, captured, tally));
        string[] doubts = [.. tally.Doubts];
        var others = options.Others is { } ranges ? RangesTogether.Of(ranges, hypothesis.Name) : null;
        foreach (var reason in others?.Doubts(captured.LogHash) ?? [])
            tally.Note(new(reason));
        var spending = _spending = new(options.Budget, stop);
        var exploration = new Exploration(runner, tally, spending, hypothesis.Fails)
        {
            OnProgress = (runs, seconds, fraction) => onProgress?.Invoke(new(hypothesis.Name, runs, seconds, fraction)),
            Ordered = options.Races ? folder.Fixture.Ordered ?? ImmutableDictionary<string, string>.Empty : null,
            KnowsChains = !carrier.IsRealTime,
            KnowsItems = !carrier.IsRealTime,
            Range = options.Range,
            Others = others,
        };
        var coverage = carrier.IsRealTime ? PacedFirst(exploration, captured, hypothesis) : Explore(exploration, captured);
        _spending = null;
        if (options.Range is { } range)
            return OfRange(
                range,
                hypothesis,
                tally,
                exploration.Shown is { } shown ? shown with { Captured = captured.LogHash, Doubts = doubts } : null
            );
        if (exploration.LeftOthers)
            tally.Note(new("uncontrolled: where its ranges ran there were more schedules than where they were merged"));
        exploration.Log.Add(captured.Choices, captured.LogHash);
        _log.Add(hypothesis.Name, exploration.Log);
        _virtual += exploration.VirtualTime;
        _uncontrolled.UnionWith(tally.Uncontrolled);
        var verdict = tally.Judge(coverage) with
        {
            Trace = exploration.StepByStep?.Trace ?? captured.Trace,
            Steps = exploration.StepByStep?.Trail,
        };
        var comparison = new Comparison(runner, spending, hypothesis.Fails, options.Seed, captured.Left)
        {
            DrawsAnew = options.Schedules is DrawnSchedules,
        };
        verdict = Explained(verdict, exploration, comparison, runner, hypothesis);
        return verdict with { Races = JudgedRace.Shown(verdict.Races, verdict.Explanation?.Races ?? []) };
    }

    // It is judged where all ranges are.
    private HypothesisVerdict OfRange(ScheduleRange range, Hypothesis hypothesis, Tally tally, RangeShown? shown)
    {
        _uncontrolled.UnionWith(tally.Uncontrolled);
        _ranges.Add(new(hypothesis.Name, shown));
        return NotRun(tally, new($"only range {range} of its schedules ran"));
    }

    private static HypothesisVerdict NotRun(Tally tally, Doubt why)
    {
        tally.Note(why);
        return tally.Judge(Coverage.None);
    }

    // Where the captured order has no end, nothing is established, whatever the others show.
    private Coverage Explore(Exploration exploration, ScheduleResult captured) =>
        captured.Endless is not null && options.Schedules is not WrittenSchedule
            ? exploration.Captured(captured)
            : options.Schedules.Explore(exploration, captured, options.Seed);

    // By the clock first: only there can the agent's own time-outs win. Then the orders.
    private Coverage PacedFirst(Exploration exploration, ScheduleResult captured, Hypothesis hypothesis)
    {
        exploration.Captured(captured);
        if (options.Schedules is CapturedSchedule || captured.Divergence is not null || captured.Uncontrolled.Count > 0)
            return new(1, false, "captured pace");
        var coverage = options.Schedules.Explore(exploration, captured, options.Seed);
        var paced = hypothesis.Fails(captured) ? "fails at the captured pace" : "does not fail at the captured pace";
        return coverage with
        {
            Runs = coverage.Runs + 1,
            LatencyModel = $"captured pace once, then {coverage.LatencyModel}",
            Note = coverage.Note is null ? paced : $"{paced}; {coverage.Note}",
        };
    }

    private HypothesisVerdict Explained(
        HypothesisVerdict verdict,
        Exploration exploration,
        Comparison comparison,
        IScheduleRunner runner,
        Hypothesis hypothesis
    )
    {
        if (exploration.Failing is null && verdict.Races is [{ Preemption: not null } race, ..])
            return verdict with
            {
                Explanation = new Explainer(runner, folder.Fixture, hypothesis, hypothesis.Fails).Explain(race, verdict.Races),
            };
        if (
            exploration.Failing is not { } failing
            || !options.Schedules.IsAboutOrders
            || carrier.IsRealTime
            || stop.IsCancellationRequested
        )
            return verdict;
        var explainer = new Explainer(runner, folder.Fixture, hypothesis, hypothesis.Fails);
        var why = exploration.SomePass ? comparison.Explain(exploration, verdict.Schedules) : null;
        return verdict with { Explanation = explainer.Explain(why, failing, exploration.SomePass, verdict.Races) };
    }

    // Each line of the agent's code is run once, so that a breakpoint is met where it is expected.
    private HypothesisVerdict JudgeOne(Tally tally, IScheduleRunner runner)
    {
        var one = runner.Run(_written is null ? new CapturedOrder() : Followed.Of(_written));
        _virtual += one.VirtualTime;
        tally.Add(one, BigInteger.One);
        var model = _written is null ? "captured" : "schedule file";
        return tally.Judge(new Coverage(1, false, model, "under a debugger")) with { Trace = one.Trace };
    }
}
