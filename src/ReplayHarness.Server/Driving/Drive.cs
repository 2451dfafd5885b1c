using System.Globalization;
using System.Numerics;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Server.Driving;

/// <summary>
/// Replays a fixture against an agent in another process, hypothesis by hypothesis, and judges as a replay in the process does. The order in which responses come is controlled;
/// the agent's own threads and clock are not, and the verdict says so.
/// </summary>
public sealed class Drive
{
    private readonly DriveOptions _options;
    private readonly FixtureIndex _index;
    private readonly SpanSink _spans = new();
    private readonly SortedSet<string> _uncontrolled = new(StringComparer.Ordinal);
    private readonly IProgress<ReplayProgress>? _progress;
    private Session _session;
    private TimeSpan _virtual;
    private ulong _hash = KernelLog.Empty;

    private Drive(DriveOptions options, IProgress<ReplayProgress>? progress)
    {
        _options = options;
        _progress = progress;
        _index = new(options.Fixture, options.Job.Matching);
        // Between two schedules nobody is served in time.
        _session = new(_index, new ScaledResponder(options.Clock, 1));
    }

    /// <summary>Runs the job to its end. When this returns, no process that it started is left.</summary>
    /// <param name="options">What to replay, and how.</param>
    /// <param name="progress">Hears how far it is; null for nobody.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="BadInputException">The fixture has no such hypothesis, or the agent cannot be started.</exception>
    public static async Task<ReplayReport> RunAsync(
        DriveOptions options,
        IProgress<ReplayProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var drive = new Drive(options, progress);
        await using var host = await MockHost
            .StartAsync(() => drive._session, options.Port, drive._spans, cancellationToken)
            .ConfigureAwait(false);
        var hypotheses = options.Fixture.HypothesesNamed(options.Job.Hypotheses);
        List<(Hypothesis Hypothesis, HypothesisVerdict Verdict)> verdicts = [];
        foreach (var hypothesis in hypotheses)
            verdicts.Add((hypothesis, drive.Judge(hypothesis, host, cancellationToken)));
        return drive.Report(verdicts);
    }

    private HypothesisVerdict Judge(Hypothesis hypothesis, MockHost host, CancellationToken cancellationToken)
    {
        var tally = new Tally(hypothesis);
        if (hypothesis.NeedsToolsInProcess)
        {
            tally.Doubt(
                $"{hypothesis.Name} needs the agent's tools in the replay's process; use run, or author responses for healthy@http"
            );
            return tally.Judge(new Coverage(0, false, "none"));
        }
        if (hypothesis.NeedsCalibration && _index.Responses.Count == 0)
        {
            tally.Uncalibrated("the fixture holds no http responses; author them in its folder http/");
            return tally.Judge(new Coverage(0, false, "none"));
        }
        var runner = new DriveRunner(_options, _index, hypothesis, host, _spans, session => _session = session, cancellationToken);
        var captured = runner.Run(new CapturedOrder());
        tally.Add(captured, BigInteger.One);
        _hash = KernelLog.Mix(_hash, captured.LogHash);
        _virtual += captured.VirtualTime;
        var verdict = tally.Judge(Explore(hypothesis, runner, tally, captured)) with { Trace = OtlpJson.Text(captured.Trace) };
        _uncontrolled.UnionWith(tally.Uncontrolled);
        return verdict;
    }

    // The captured pace first: only there can the agent's own time-outs win. Then the orders.
    private Coverage Explore(Hypothesis hypothesis, DriveRunner runner, Tally tally, ScheduleResult captured)
    {
        var job = _options.Job;
        if (job.Schedules == "captured" || captured.Divergence is not null || captured.Uncontrolled.Count > 0)
            return new(1, false, "captured pace");
        var exploration = new Exploration(
            runner,
            tally,
            new Budget(job),
            Fails,
            (runs, seconds, fraction) => _progress?.Report(new(hypothesis.Name, runs, seconds, fraction))
        );
        var coverage = job.Schedules == "all" ? exploration.All() : Sample(exploration, job);
        _hash = KernelLog.Mix(_hash, exploration.LogHash);
        _virtual += exploration.VirtualTime;
        var paced = Fails(captured) ? "fails at the captured pace" : "does not fail at the captured pace";
        return coverage with
        {
            Runs = coverage.Runs + 1,
            LatencyModel = $"captured pace once, then {coverage.LatencyModel}",
            Note = coverage.Note is null ? paced : $"{paced}; {coverage.Note}",
        };

        bool Fails(ScheduleResult schedule) => schedule.Emergent.Any(f => hypothesis.Judges.Contains(f.Identity) || f.Rule.IsError);
    }

    private static Coverage Sample(Exploration exploration, ReplayJob job)
    {
        var count = int.Parse(job.Schedules, CultureInfo.InvariantCulture);
        return job.JitterPercent is { } percent
            ? exploration.Sample(new Jitter(job.Seed, count, percent), string.Create(CultureInfo.InvariantCulture, $"jitter {percent}%"))
            : exploration.Sample(new WeightedWalk(job.Seed, count, new Dictionary<string, int>(StringComparer.Ordinal)), "any-order");
    }

    private ReplayReport Report(List<(Hypothesis Hypothesis, HypothesisVerdict Verdict)> verdicts)
    {
        var weighed = Overall.Weigh(verdicts);
        var (kind, sentence) = Overall.Judge(weighed, _options.Fixture.Fixture.Shape.Identity);
        return new ReplayReport
        {
            Job = _options.Job,
            Verdict = kind,
            Sentence = sentence,
            Hypotheses = weighed,
            Uncontrolled = [.. _uncontrolled, .. Guarantees()],
            Seed = _options.Job.Seed,
            LogHash = _hash.ToString("x16", CultureInfo.InvariantCulture),
            VirtualSeconds = _virtual.TotalSeconds,
        };
    }

    // What a replay in the process would control.
    private IEnumerable<string> Guarantees()
    {
        yield return "the agent's own threads and timers: out of process only the order in which responses come is";
        if (_options.TimeScale == 1)
            yield break;
        yield return _options.FakeTime is null
            ? "the agent's clock: --time-scale scales what the mocks wait for, not the agent's own time-outs and pauses (--faketime does)"
            : "the agent's work: --faketime scales its clock, time-outs and pauses, so its own computing seems to take longer than it does";
    }
}
