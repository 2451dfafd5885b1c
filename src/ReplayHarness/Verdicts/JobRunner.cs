using System.Globalization;
using System.Numerics;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Replays.States;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Traces;

namespace ReplayHarness.Verdicts;

/// <summary>Replays a fixture against an agent, hypothesis by hypothesis, and judges. Runs in the host process only: it needs the process's thread pool.</summary>
internal sealed class JobRunner(FixtureFolder folder, ReplayJob job, Type driver, Func<IReplayDriver> newDriver)
{
    private readonly FixtureIndex _index = new(folder);
    private readonly SortedSet<string> _uncontrolled = new(StringComparer.Ordinal);
    private AgentStatics? _statics;
    private TimeSpan _virtual;
    private ulong _hash = 14695981039346656037UL;

    public ReplayReport Run()
    {
        HypothesisVerdict[] verdicts = [.. Selected().Select(Judge)];
        var weighed = Overall.Weigh(verdicts);
        var (kind, sentence) = Overall.Judge(weighed, folder.Fixture.Shape.Identity);
        return new ReplayReport
        {
            Job = job,
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
        var all = folder.Fixture.Hypotheses;
        foreach (var name in job.Hypotheses)
            if (!all.Any(h => h.Name == name))
                throw new BadInputException($"{folder.Path}: there is no hypothesis {name}; the fixture holds {string.Join(", ", all.Select(h => h.Name))}");
        return job.Hypotheses.Count == 0 ? all : all.Where(h => job.Hypotheses.Contains(h.Name));
    }

    private HypothesisVerdict Judge(Hypothesis hypothesis)
    {
        var tally = new Tally(hypothesis);
        var runner = new ScheduleRunner(_index, hypothesis, newDriver);
        if (hypothesis.Name == Hypothesis.HealthyAtHttp && Calibration.Check(_index, runner, newDriver) is { } reason)
        {
            tally.Doubt(reason);
            return tally.Judge(new Coverage(0, false, "none"));
        }
        var captured = runner.Run(new CapturedOrder());
        runner.Hasher = new StateHasher(_statics ??= AgentStatics.Of(AgentAssemblies.Of(driver)));
        if (runner.Run(new CapturedOrder()).LogHash != captured.LogHash)
            tally.Doubt("uncontrolled: the captured schedule, run twice, gave two different replays (real time, real I/O or unseeded randomness in the agent)");
        _hash = (_hash ^ captured.LogHash) * 1099511628211UL;
        var coverage = Explore(new Exploration(runner, tally, new Budget(job)), tally, captured);
        _uncontrolled.UnionWith(tally.Uncontrolled);
        return tally.Judge(coverage) with { Trace = Text(captured.Trace) };
    }

    private Coverage Explore(Exploration exploration, Tally tally, ScheduleResult captured)
    {
        if (job.Schedules == "captured")
        {
            _virtual += captured.VirtualTime;
            tally.Add(captured, BigInteger.One);
            return new(1, false, "captured");
        }
        var coverage = job.Schedules == "all"
            ? exploration.All()
            : exploration.Sample(new RandomWalk(job.Seed, int.Parse(job.Schedules, CultureInfo.InvariantCulture)), "any-order", null);
        _virtual += exploration.VirtualTime;
        return coverage;
    }

    private static string Text(Trace trace)
    {
        using var text = new MemoryStream();
        OtlpJson.Write(text, [trace]);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
