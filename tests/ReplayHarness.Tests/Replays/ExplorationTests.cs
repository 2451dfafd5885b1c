using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>The ways to explore, each on an agent that it must catch, and on one that it must not.</summary>
public sealed class ExplorationTests
{
    [Test]
    public async Task Faults_find_what_no_order_does()
    {
        var job = new ReplayOptions();
        Assert.That((await RunAsync("LeakedOrder", nameof(FragileBroken), job)).Verdict, Is.EqualTo(VerdictKind.Removed));
        var broken = await RunAsync("LeakedOrder", nameof(FragileBroken), new ReplayOptions { Schedules = Schedules.Faults(1) });
        var survives = await RunAsync("LeakedOrder", nameof(FragileFixed), new ReplayOptions { Schedules = Schedules.Faults(1) });
        Assert.That(broken.Verdict, Is.EqualTo(VerdictKind.Changed));
        Assert.That(broken.Schedules, Has.Property(nameof(ScheduleCount.LatencyModel)).EqualTo("captured, faults 1"));
        Assert.That(broken.Schedules.Note, Does.Contain("timeout of fetch#1").And.Contain("hang of fetch#1"));
        // What the model itself fails with, no way to run tools survives.
        Assert.That(survives.Schedules.Note, Does.Not.Contain("fetch#"));
    }

    [Test]
    public async Task Two_faults_are_placed_in_every_way()
    {
        var one = await RunAsync("LeakedOrder", nameof(FragileFixed), new ReplayOptions { Schedules = Schedules.Faults(1) });
        var two = await RunAsync("LeakedOrder", nameof(FragileFixed), new ReplayOptions { Schedules = Schedules.Faults(2) });
        Assert.That(two.Schedules.Explored, Is.GreaterThan(3 * one.Schedules.Explored));
    }

    [TestCase("random")]
    [TestCase("pct:2")]
    public async Task Sampling_finds_a_failure_of_half_the_orders_and_says_that_it_depends(string strategy)
    {
        var verdict = await RunAsync(
            "LeakedOrder",
            nameof(LeakedOrderBroken),
            new ReplayOptions { Schedules = Schedules.Parse($"50 {strategy}") }
        );
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Reproduced));
        Assert.That(verdict.Schedules.Note, Does.Match(@"fails in \d+ of 50: it depends on the schedule"));
    }

    [Test]
    public async Task A_sample_without_failure_says_how_much_that_is_worth()
    {
        var verdict = await RunAsync("LeakedOrder", nameof(LeakedOrderFixed), new ReplayOptions { Schedules = Schedules.Random(300) });
        Assert.That(verdict.Schedules.Note, Is.EqualTo("fails in none: at 95% confidence less than 1% of all schedules fail (p < 3/N)"));
    }

    [Test]
    public async Task Jitter_keeps_to_due_times_and_lets_them_cross()
    {
        var job = new ReplayOptions { Schedules = Schedules.Jitter(200, 20) };
        // Latencies of 1 s and 1.1 s cross within 20%, and not within 2%.
        Assert.That((await RunAsync("LeakedOrder", nameof(LeakedOrderBroken), job)).Verdict, Is.EqualTo(VerdictKind.Reproduced));
        Assert.That(
            (await RunAsync("LeakedOrder", nameof(LeakedOrderBroken), new ReplayOptions { Schedules = Schedules.Jitter(200, 2) })).Verdict,
            Is.EqualTo(VerdictKind.Removed)
        );
    }

    [Test]
    public async Task Ready_work_items_are_interleaved_where_nothing_else_fails_and_where_asked_for()
    {
        var report = await RunAsync("LeakedOrder", nameof(FragileItems), new ReplayOptions());
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.Reproduced));
        Assert.That(report.Schedules.Note, Does.Contain("orders of ready work items tried too, of which"));
        Assert.That(
            (await RunAsync("LeakedOrder", nameof(FragileItems), new ReplayOptions { Schedules = Schedules.AllWithItems })).Verdict,
            Is.EqualTo(VerdictKind.Reproduced)
        );
    }

    [Test]
    public async Task A_deadlock_says_who_waits_for_what()
    {
        var verdict = await RunAsync("CrossedLocks", nameof(CrossedLocksEndless), new ReplayOptions());
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Changed));
        Assert.That(
            verdict.Schedules.Note,
            Does.Contain("deadlock: the agent waits for what can never happen")
                .And.Contain("ToolLoop.RunAsync awaits CrossedLocks.LockAsync awaits")
                .And.Contain("awaits SemaphoreSlim.WaitAsync")
        );
    }

    [Test]
    public async Task Faults_that_were_not_all_placed_establish_nothing()
    {
        var verdict = await RunAsync(
            "LeakedOrder",
            nameof(LeakedOrderFixed),
            new ReplayOptions
            {
                Schedules = Schedules.Faults(2),
                Budget = new() { Schedules = 3 },
            }
        );
        Assert.That((verdict.Verdict, verdict.Schedules.Exhaustive), Is.EqualTo((VerdictKind.NotEstablished, false)));
        Assert.That(verdict.Reasons, Has.Some.Contains("the budget of 3 schedules ran out"));
    }

    [Test]
    public async Task A_budget_that_runs_out_establishes_nothing()
    {
        var verdict = await RunAsync("Wide", nameof(WideCommuting), new ReplayOptions { Budget = new() { Schedules = 500 } });
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished));
        Assert.That(verdict.Sentence, Does.Contain("the budget of 500 schedules ran out"));
        Assert.That(verdict.Schedules.Explored, Is.EqualTo(500));
    }

    // What is said of a space that was explored merged is tried on schedules from all of it.
    [TestCase("Six", nameof(FailsInOneOrder), "1 of 720", null)]
    [TestCase("Six", nameof(FailsByTheThird), "120 of 720", null)]
    [TestCase("TwoThenSix", nameof(FailsByTheFirstTurn), "720 of 1440", "fails exactly when fetch#2 completes before fetch#1 completes")]
    public async Task A_sentence_says_what_holds_in_every_schedule_or_nothing(string pitfall, string driver, string counts, string? why)
    {
        var verdict = await RunAsync(pitfall, driver, new ReplayOptions());
        Assert.That(
            ($"{verdict.Schedules.Failing} of {verdict.Schedules.Represented}", verdict.Explanation!.Constraint),
            Is.EqualTo((counts, why)),
            verdict.Sentence
        );
    }

    // One order of 1,440 is another, which was not among those that it was found on.
    [Test]
    public async Task A_sentence_that_held_in_a_sample_says_in_how_much_of_it()
    {
        var sampled = new ReplayOptions { Schedules = Schedules.Random(300) };
        var verdict = await RunAsync("TwoThenSix", nameof(FailsByTheFirstTurnButOnce), sampled);
        Assert.That(
            verdict.Explanation!.Constraint,
            Is.EqualTo("fails when fetch#2 completes before fetch#1 completes: so in 999 of 1,000 random schedules tried")
        );
    }

    [Test]
    public async Task A_job_that_is_stopped_gives_what_it_found_and_its_progress()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        var seen = new Stopping(stop);
        var fixture = Authored.Write(folder, "pitfall", PitfallRuns.Of("Wide"));
        var agent = Agent.InAssembly(Replay.Assembly, nameof(WideCommuting));
        var many = new ReplayOptions
        {
            Schedules = Schedules.Random(10_000_000),
            Hypotheses = ["captured@tool"],
            Budget = new() { Schedules = int.MaxValue },
        };
        var verdict = (await Replayer.RunAsync(fixture, agent, many, seen, stop.Token)).Hypotheses.Single();
        Assert.That(verdict.Schedules.Explored, Is.InRange(1, 9_999_999));
        Assert.That(seen.First!.ToString(), Does.Match(@"^captured@tool: [\d,]+ schedules, [\d,]+/s$"));
        // The next job, in the same process, starts anew.
        var next = await Replayer.RunAsync(fixture, agent, many with { Schedules = Schedules.Random(20) });
        Assert.That(next.Hypotheses.Single().Schedules.Explored, Is.EqualTo(20));
    }

    private sealed class Stopping(CancellationTokenSource stop) : IProgress<ReplayProgress>
    {
        public ReplayProgress? First { get; private set; }

        public void Report(ReplayProgress value)
        {
            First ??= value;
            stop.Cancel();
        }
    }

    private static async Task<HypothesisVerdict> RunAsync(string pitfall, string driver, ReplayOptions options)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "pitfall", PitfallRuns.Of(pitfall));
        var report = await Replay.RunAsync(fixture, driver, options with { Hypotheses = ["captured@tool"] });
        return report.Hypotheses.Single();
    }
}
