using System.Globalization;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Traces;

namespace ReplayHarness.Verdicts;

/// <summary>Replays a fixture against an agent, hypothesis by hypothesis, and judges. Runs in the host process only: it needs the process's thread pool.</summary>
internal sealed class JobRunner(FixtureFolder folder, ReplayJob job, Func<IReplayDriver> newDriver)
{
    private readonly FixtureIndex _index = new(folder);
    private readonly SortedSet<string> _uncontrolled = new(StringComparer.Ordinal);
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
            return tally.Judge(exhaustive: false, "none");
        }
        var captured = runner.Run(new CapturedOrder());
        if (runner.Run(new CapturedOrder()).LogHash != captured.LogHash)
            tally.Doubt("uncontrolled: the captured schedule, run twice, gave two different replays (real time, real I/O or unseeded randomness in the agent)");
        _hash = (_hash ^ captured.LogHash) * 1099511628211UL;
        var exhaustive = Explore(runner, tally, captured);
        _uncontrolled.UnionWith(tally.Uncontrolled);
        return tally.Judge(exhaustive, job.Schedules == "captured" ? "captured" : "any-order") with { Trace = Text(captured.Trace) };
    }

    private bool Explore(ScheduleRunner runner, Tally tally, ScheduleResult captured)
    {
        IStrategy strategy = job.Schedules switch
        {
            "captured" => new CapturedOrder(),
            "all" => new Exhaustive(),
            _ => new RandomWalk(job.Seed, int.Parse(job.Schedules, CultureInfo.InvariantCulture)),
        };
        if (strategy is CapturedOrder)
        {
            Add(tally, captured);
            return false;
        }
        var explored = 0;
        do
        {
            if (explored++ == job.MaxSchedules)
            {
                tally.Doubt($"the budget of {job.MaxSchedules} schedules ran out; sample instead with --schedules N");
                return false;
            }
            Add(tally, runner.Run(strategy));
        }
        while (strategy.Next());
        return strategy is Exhaustive;
    }

    private void Add(Tally tally, ScheduleResult schedule)
    {
        _virtual += schedule.VirtualTime;
        tally.Add(schedule);
    }

    private static string Text(Trace trace)
    {
        using var text = new MemoryStream();
        OtlpJson.Write(text, [trace]);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
