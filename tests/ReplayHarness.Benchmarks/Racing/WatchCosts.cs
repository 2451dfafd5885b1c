using System.Diagnostics;
using System.Globalization;
using ReplayHarness.Fixtures;
using ReplayHarness.Host;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Races;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Benchmarks.Racing;

/// <summary>
/// What a schedule costs that is watched for races, against the same schedules unwatched: medians of five rounds, in which both take turns.
/// </summary>
internal static class WatchCosts
{
    private const int Rounds = 5;

    private static readonly (string Fixture, string Hypothesis, Func<IReplayDriver> NewDriver)[] s_agents =
    [
        ("drive-timeout", "captured@tool", () => new Shipped()),
        ("drive-timeout", "healthy@http", () => new Shipped()),
        ("team-archive", "captured@tool", () => new global::Replays.TeamArchive.Deployed()),
        ("team-garden", "captured@tool", () => new global::Replays.TeamGarden.Deployed()),
        ("team-gallery", "captured@tool", () => new global::Replays.TeamGallery.Deployed()),
        ("team-ferry", "captured@tool", () => new global::Replays.TeamFerry.Deployed()),
    ];

    /// <summary>Measures so many schedules a round.</summary>
    public static int Run(int schedules)
    {
        var runtime = RuntimeControl.TakeOver();
        foreach (var (turns, width) in ((int, int)[])[(2, 2), (3, 6)])
            Compare(
                string.Create(CultureInfo.InvariantCulture, $"kernel only, {turns} turns x {width} tools"),
                schedules * 10,
                strategy =>
                {
                    var kernel = new Kernel(strategy, DateTimeOffset.UnixEpoch, runtime);
                    kernel.Run(() => FanAgent.RunAsync(turns, width, kernel));
                }
            );
        foreach (var (fixture, hypothesis, newDriver) in s_agents)
        {
            var index = new FixtureIndex(FixtureFolder.Load(Path.Combine(AppContext.BaseDirectory, "fixtures", fixture)));
            var runner = new ScheduleRunner(index, index.Fixture.Hypotheses.Single(h => h.Name == hypothesis), newDriver, runtime);
            Compare($"{fixture}, {hypothesis}", schedules, strategy => runner.Run(strategy));
        }
        return 0;
    }

    private static void Compare(string what, int schedules, Action<IStrategy> run)
    {
        Seconds(schedules, run, null);
        Seconds(schedules, run, new());
        var (offs, ons) = (new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
            (offs[round], ons[round]) = (Seconds(schedules, run, null), Seconds(schedules, run, new()));
        var (off, on) = (Median(offs), Median(ons));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: watched {schedules / on:#,0} a second, unwatched {schedules / off:#,0}: {on / off:0.00} x"
            )
        );
    }

    private static double Seconds(int schedules, Action<IStrategy> run, RaceWatch? races)
    {
        var strategy = new WeightedWalk(1, int.MaxValue) { Races = races };
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < schedules; i++)
        {
            run(strategy);
            strategy.Next("");
        }
        return watch.Elapsed.TotalSeconds;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
