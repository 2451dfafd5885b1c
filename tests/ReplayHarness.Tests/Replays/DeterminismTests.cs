using ReplayHarness.Judging;
using ReplayHarness.Reports;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>Equal input, equal replay, down to every step.</summary>
public sealed class DeterminismTests
{
    [Test]
    public async Task A_thousand_replays_of_the_captured_schedule_have_one_log_hash()
    {
        using var host = ReplayHost.Start(Replay.Assembly);
        var job = new ReplayJob
        {
            Fixture = Data.Fixture,
            Assembly = Replay.Assembly,
            Driver = nameof(Shipped),
            Schedules = "captured",
            Hypotheses = ["healthy@http"],
        };
        var hashes = new HashSet<string>();
        for (var i = 0; i < 1000; i++)
            hashes.Add((await host.RunAsync(job)).LogHash);
        Assert.That(hashes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Another_process_gives_the_same_report()
    {
        var (first, second) = (await Replay.RunAsync<Shipped>(), await Replay.RunAsync<Shipped>());
        Assert.That(ReportText.Of(second), Is.EqualTo(ReportText.Of(first)));
        Assert.That(second.Hypotheses.Select(h => h.Trace), Is.EqualTo(first.Hypotheses.Select(h => h.Trace)));
    }

    [Test]
    public async Task A_seed_decides_random_schedules()
    {
        var job = new ReplayJob
        {
            Fixture = Data.Fixture,
            Assembly = Replay.Assembly,
            Driver = nameof(OneSecondApart),
            Schedules = "50",
            Seed = 1,
            Hypotheses = ["healthy@http"],
        };
        var (first, again, other) = (await Replay.RunAsync(job), await Replay.RunAsync(job), await Replay.RunAsync(job with { Seed = 2 }));
        Assert.That(ReportText.Of(again), Is.EqualTo(ReportText.Of(first)));
        Assert.That(other.VirtualSeconds, Is.Not.EqualTo(first.VirtualSeconds));
        Assert.That(
            first.Hypotheses.Single().Schedules,
            Has.Property(nameof(ScheduleCount.Explored)).EqualTo(50).And.Property(nameof(ScheduleCount.Exhaustive)).False
        );
    }
}
