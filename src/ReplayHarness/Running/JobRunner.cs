using System.Globalization;
using System.Numerics;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>Replays a fixture against an agent, hypothesis by hypothesis, and judges. Runs in the host process only: it needs the process's thread pool.</summary>
internal sealed class JobRunner(
    FixtureFolder folder,
    ReplayJob job,
    Type driver,
    Func<IReplayDriver> newDriver,
    IRuntimeControl runtime,
    Action<ReplayProgress>? onProgress = null
)
{
    private readonly FixtureIndex _index = new(folder, job.Matching);
    private readonly SortedSet<string> _uncontrolled = new(StringComparer.Ordinal);
    private readonly ScheduleFile? _schedule = job.ScheduleFile is { } file ? ScheduleFile.Load(file) : null;
    private readonly List<HypothesisVerdict> _verdicts = [];
    private Hypothesis? _current;
    private ScheduleRunner? _runner;
    private IStateHasher? _hasher;
    private TimeSpan _virtual;
    private ulong _hash = KernelLog.Empty;

    /// <summary>How long one step may take, in real time.</summary>
    public TimeSpan StepLimit => TimeSpan.FromSeconds(job.StepSeconds);

    public ReplayReport Run()
    {
        foreach (var hypothesis in Selected())
        {
            _current = hypothesis;
            _verdicts.Add(Judge(hypothesis));
        }
        return Report();
    }

    /// <summary>The report of a job whose replay never came back: what was judged before stands, the rest is not established. Called from another thread.</summary>
    public ReplayReport Stuck()
    {
        var tally = new Tally(_current!);
        var last = _runner?.LastStep is { } step ? $"after {step}" : "before its first step";
        tally.Doubt(
            string.Create(
                CultureInfo.InvariantCulture,
                $"uncontrolled: {last}, the agent's code ran for more than {job.StepSeconds} s without giving the thread back (a spin loop, or a call that blocks outside the replay); await instead"
            )
        );
        _verdicts.Add(tally.Judge(new Coverage(0, false, "none")));
        return Report();
    }

    private ReplayReport Report()
    {
        var weighed = Overall.Weigh(_verdicts);
        var (kind, sentence) = Overall.Judge(weighed, folder.Fixture.Shape.Identity);
        return new ReplayReport
        {
            Job = job,
            Runtime = runtime.Runtime,
            Verdict = kind,
            Sentence = sentence,
            Hypotheses = weighed,
            Uncontrolled = [.. _uncontrolled],
            Seed = job.Seed,
            LogHash = _hash.ToString("x16", CultureInfo.InvariantCulture),
            VirtualSeconds = _virtual.TotalSeconds,
        };
    }

    private IEnumerable<Hypothesis> Selected()
    {
        if (_schedule is { } schedule)
        {
            if (schedule.Incident != folder.Fixture.Incident)
                throw new BadInputException(
                    $"{job.ScheduleFile}: is a schedule of {schedule.Incident}; the fixture is {folder.Fixture.Incident}"
                );
            return folder.HypothesesNamed([schedule.Hypothesis]);
        }
        return folder.HypothesesNamed(job.Hypotheses);
    }

    private HypothesisVerdict Judge(Hypothesis hypothesis)
    {
        var tally = new Tally(hypothesis);
        var runner = _runner = new ScheduleRunner(_index, hypothesis, newDriver, runtime);
        if (Debugging.IsOn)
            return JudgeOne(tally, runner);
        if (hypothesis.Name == Hypothesis.HealthyAtHttp && Calibration.Check(_index, runner, newDriver) is { } reason)
        {
            tally.Doubt(reason);
            return tally.Judge(new Coverage(0, false, "none"));
        }
        var captured = runner.Run(new CapturedOrder());
        var hasher = runner.Hasher = _hasher ??= runtime.HasherOf(driver);
        var before = hasher.Statics();
        if (runner.Run(new CapturedOrder()).LogHash != captured.LogHash)
            tally.Doubt(
                "uncontrolled: the captured schedule, run twice, gave two different replays (real time, real I/O or unseeded randomness in the agent)"
            );
        if (captured.Uncontrolled.Count == 0)
            _uncontrolled.UnionWith(captured.Inert.Select(thread => $"the thread {thread} (inert: it touched no boundary)"));
        foreach (var (field, _) in hasher.Statics().Where(f => before[f.Key] != f.Value))
            _uncontrolled.Add($"the static field {field} keeps what one schedule leaves there for the next");
        _hash = KernelLog.Mix(_hash, captured.LogHash);
        var exploration = new Exploration(
            runner,
            tally,
            new Budget(job),
            Fails,
            (runs, seconds, fraction) => onProgress?.Invoke(new(hypothesis.Name, runs, seconds, fraction))
        );
        var coverage = Explore(exploration, tally, captured);
        _uncontrolled.UnionWith(tally.Uncontrolled);
        var verdict = tally.Judge(coverage) with { Trace = OtlpJson.Text(captured.Trace) };
        // Other models of time than any order have no nearest schedule to look for.
        var explained = _schedule is null && !Budget.Stopped && job is { Faults: 0, JitterPercent: null, InterleaveItems: false };
        return exploration.Failing is not { } failing || !explained
            ? verdict
            : verdict with
            {
                Explanation = new Explainer(runner, folder.Fixture, hypothesis, Fails).Explain(
                    exploration.Separation(),
                    failing,
                    exploration.SomePass
                ),
            };

        bool Fails(ScheduleResult schedule) => schedule.Emergent.Any(f => hypothesis.Judges.Contains(f.Identity) || f.Rule.IsError);
    }

    // Each line of the agent's code is run once, so that a breakpoint is met where it is expected.
    private HypothesisVerdict JudgeOne(Tally tally, ScheduleRunner runner)
    {
        var one = runner.Run(_schedule is null ? new CapturedOrder() : new Followed(_schedule.Steps));
        _virtual += one.VirtualTime;
        tally.Add(one, BigInteger.One);
        return tally.Judge(new Coverage(1, false, _schedule is null ? "captured" : "schedule file", "under a debugger")) with
        {
            Trace = OtlpJson.Text(one.Trace),
        };
    }

    private Coverage Explore(Exploration exploration, Tally tally, ScheduleResult captured)
    {
        if (job.Schedules == "captured" && _schedule is null)
        {
            _virtual += captured.VirtualTime;
            tally.Add(captured, BigInteger.One);
            return new(1, false, "captured");
        }
        var coverage =
            _schedule is not null ? exploration.Follow(_schedule, job.ScheduleFile!)
            : job.Faults > 0 ? exploration.WithFaults(job.Faults)
            : job.Schedules == "all" ? exploration.All(job.InterleaveItems)
            : Sample(exploration, captured);
        _virtual += exploration.VirtualTime;
        _hash = KernelLog.Mix(_hash, exploration.LogHash);
        return coverage;
    }

    private Coverage Sample(Exploration exploration, ScheduleResult captured)
    {
        var count = int.Parse(job.Schedules, CultureInfo.InvariantCulture);
        if (job.JitterPercent is { } percent)
            return exploration.Sample(
                new Jitter(job.Seed, count, percent),
                string.Create(CultureInfo.InvariantCulture, $"jitter {percent}%")
            );
        if (job.Strategy.Split(':') is ["pct", var depth])
            return exploration.Sample(
                new Pct(job.Seed, count, int.Parse(depth, CultureInfo.InvariantCulture), captured.Choices.Count),
                "any-order"
            );
        return exploration.Sample(new WeightedWalk(job.Seed, count, captured.Left), "any-order", uniform: true);
    }
}
