using ReplayHarness.Judging;
using ReplayHarness.Reports;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Replays;

/// <summary>Equal input, equal replay, down to every step.</summary>
public sealed class DeterminismTests
{
    [Test]
    public async Task A_thousand_replays_of_the_captured_schedule_have_one_log_hash()
    {
        var options = new ReplayOptions { Schedules = Schedules.Captured, Hypotheses = ["healthy@http"] };
        var hashes = new HashSet<string>();
        for (var i = 0; i < 1000; i++)
            hashes.Add((await Replay.RunAsync(Data.Fixture, nameof(Shipped), options)).LogHash);
        Assert.That(hashes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Another_process_gives_the_same_report()
    {
        var first = await Replay.RunAsync<Shipped>();
        HostPool.EndAll();
        var second = await Replay.RunAsync<Shipped>();
        Assert.That(ReportText.Of(second), Is.EqualTo(ReportText.Of(first)));
        Assert.That(
            second.Hypotheses.Select(h => OtlpJson.Text(h.Trace!)),
            Is.EqualTo(first.Hypotheses.Select(h => OtlpJson.Text(h.Trace!)))
        );
    }

    [Test]
    public async Task A_seed_decides_random_schedules()
    {
        var options = new ReplayOptions
        {
            Schedules = Schedules.Random(50),
            Seed = 1,
            Hypotheses = ["healthy@http"],
        };
        Task<ReplayReport> RunAsync(ulong seed) => Replay.RunAsync(Data.Fixture, nameof(OneSecondApart), options with { Seed = seed });
        var (first, again, other) = (await RunAsync(1), await RunAsync(1), await RunAsync(2));
        Assert.That(ReportText.Of(again), Is.EqualTo(ReportText.Of(first)));
        Assert.That(other.VirtualSeconds, Is.Not.EqualTo(first.VirtualSeconds));
        Assert.That(
            first.Hypotheses.Single().Schedules,
            Has.Property(nameof(ScheduleCount.Explored)).EqualTo(50).And.Property(nameof(ScheduleCount.Exhaustive)).False
        );
    }

    [TestCase(nameof(DrawsRandomly))]
    [TestCase(nameof(DrawsInEveryWay))]
    public async Task A_seed_decides_what_the_agent_draws(string driver)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "drawn", PitfallRuns.Of("LostUpdate"));
        async Task<(string, double)> RunAsync(ulong seed)
        {
            var options = new ReplayOptions
            {
                Schedules = Schedules.Captured,
                Seed = seed,
                Hypotheses = ["captured@tool"],
            };
            var report = await Replay.RunAsync(fixture, driver, options);
            return (report.LogHash, report.VirtualSeconds);
        }
        var (none, one, again, other) = (await RunAsync(0), await RunAsync(1), await RunAsync(1), await RunAsync(2));
        Assert.That(again, Is.EqualTo(one));
        Assert.That((string[])[none.Item1, one.Item1, other.Item1], Is.Unique);
    }

    [Test]
    public async Task Each_sampled_schedule_draws_anew_and_the_one_that_fails_is_written_down()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "drawn", PitfallRuns.Of("LostUpdate"));
        var options = new ReplayOptions { Hypotheses = ["captured@tool"] };
        Task<ReplayReport> RunAsync(Schedules schedules) =>
            Replay.RunAsync(fixture, nameof(TakesARareWay), options with { Schedules = schedules });
        var sampled = (await RunAsync(Schedules.Random(100))).Hypotheses.Single();
        Assert.That((int)sampled.Schedules.Failing, Is.GreaterThan(0).And.LessThan(100), sampled.Sentence);
        var written = folder.Write("schedule.json", sampled.Explanation!.Example.ToText());
        var again = (await RunAsync(Schedules.FromFile(written))).Hypotheses.Single();
        Assert.That((again.Verdict, (int)again.Schedules.Failing), Is.EqualTo((sampled.Verdict, 1)), again.Sentence);
    }
}
