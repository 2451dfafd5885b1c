using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Replays;

/// <summary>An agent that never ends is given up soon, and the report says what it repeated.</summary>
public sealed class EndlessTests
{
    [TestCase(nameof(CallsForEver), "10,000 calls: read_drive_markdown was called 9,", "captured")]
    [TestCase(nameof(CallsForEver), "10,000 calls: read_drive_markdown was called 9,", "all")]
    [TestCase(nameof(AsksForEver), "10,000 calls: model was called 10,000 times", "all")]
    [TestCase(nameof(Ticks), "250,000 steps: timer DelayPromise.TimerCallback fired 250,000 times", "all")]
    [TestCase(nameof(Yields), "10,000,000 work items without a call or a timer between them", "all")]
    [CancelAfter(60_000)]
    public async Task What_is_repeated_for_ever_is_told(string driver, string what, string schedules)
    {
        var report = await Replay.RunAsync(
            Data.Fixture,
            driver,
            new ReplayOptions { Schedules = Schedules.Parse(schedules), Hypotheses = ["captured@tool"] }
        );
        var verdict = report.Hypotheses.Single();
        Assert.That((report.Verdict, verdict.Schedules.Explored), Is.EqualTo((VerdictKind.NotEstablished, 1)), report.Sentence);
        Assert.That(report.Sentence, Does.StartWith($"Nothing is shown either way: a schedule reached the bound of {what}"));
        Assert.That(verdict.Trace!.Spans, Has.Count.LessThan(1_100));
    }

    // No schedule can be so fast.
    [Test]
    public async Task Time_runs_out_inside_a_schedule_too()
    {
        var report = await Replay.RunAsync(
            Data.Fixture,
            nameof(CallsForEver),
            new ReplayOptions
            {
                Budget = new() { Time = TimeSpan.FromTicks(1) },
                Hypotheses = ["captured@tool"],
            }
        );
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.NotEstablished));
        Assert.That(report.Sentence, Does.Contain("the budget of 1E-07 s ran out before the captured schedule had ended"));
    }

    [Test]
    public async Task One_order_without_end_is_enough()
    {
        var report = await Replay.RunAsync(Data.Fixture, nameof(TicksWhenOvertaken), new() { Hypotheses = ["captured@tool"] });
        var verdict = report.Hypotheses.Single();
        Assert.That(report.Sentence, Does.StartWith("Nothing is shown either way: a schedule reached the bound of 250,000 steps: timer "));
        Assert.That(verdict.Schedules.Exhaustive || verdict.Schedules.Explored < 10, verdict.Sentence);
    }

    [TestCase(nameof(EndsWithACode), "the agent ended its process: Environment.Exit(3)")]
    [TestCase(nameof(FailsFast), "the agent ended its process: Environment.FailFast(the ledger is torn)")]
    [TestCase(nameof(OverflowsItsStack), "the agent ended its process: stack overflow")]
    public async Task An_agent_that_ends_its_process_has_failed_in_the_schedules_where_it_does(string driver, string what)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "ended", PitfallRuns.Of("LeakedOrder"));
        var report = await Replay.RunAsync(fixture, driver, new() { Hypotheses = ["captured@tool"] });
        var verdict = report.Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Changed), report.Sentence);
        Assert.That(verdict.Appeared.Select(f => $"{f}"), Has.Some.Contains("agent-error"), what);
    }

    [TestCase("all")]
    [TestCase("9 jitter:5")]
    [TestCase("9")]
    [TestCase("faults:1")]
    public void A_schedule_that_was_cut_shows_nothing(string schedules)
    {
        using var stop = new CancellationTokenSource();
        var hypothesis = FixtureFolder.Load(Data.Fixture).HypothesesNamed(["captured@tool"]).Single();
        var tally = new Tally(hypothesis);
        var runner = new CutShort(stop);
        var exploration = new Exploration(runner, tally, new(Budget.Default, stop.Token), hypothesis.Fails);
        var coverage = Schedules.Parse(schedules).Explore(exploration, CutShort.Result, seed: 0);
        var verdict = tally.Judge(coverage);
        Assert.That((verdict.Verdict, runner.Runs), Is.EqualTo((VerdictKind.NotEstablished, 1)), verdict.Sentence);
        Assert.That(verdict.Sentence, Is.EqualTo("Nothing is shown either way: the exploration was stopped."));
    }

    private sealed class CutShort(CancellationTokenSource stop) : IScheduleRunner
    {
        public int Runs { get; private set; }

        public IStateHasher? Hasher => null;

        public ScheduleResult Run(IStrategy strategy)
        {
            Runs++;
            stop.Cancel();
            return Result;
        }

        public static ScheduleResult Result { get; } = EmptySchedule.Of(KernelEnd.Cut);
    }
}
