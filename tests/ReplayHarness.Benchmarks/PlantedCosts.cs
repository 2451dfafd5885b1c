using System.Diagnostics;
using System.Globalization;
using ReplayHarness.Benchmarks.Coyote;
using ReplayHarness.Host;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Benchmarks;

/// <summary>
/// Explores the planted agents at random, each until its mistake shows or the time is over. A line says: the agent, whether it was found,
/// how many schedules, and in how many seconds; coyote.sh prints the same for Coyote.
/// </summary>
internal static class PlantedCosts
{
    public static int Run(int seconds)
    {
        var runtime = RuntimeControl.TakeOver();
        foreach (var agent in PlantedAgent.All)
            Explore(runtime, agent, TimeSpan.FromSeconds(seconds));
        return 0;
    }

    private static void Explore(RuntimeControl runtime, PlantedAgent agent, TimeSpan most)
    {
        var strategy = new WeightedWalk(1, int.MaxValue);
        var (schedules, found) = (0, false);
        var watch = Stopwatch.StartNew();
        while (!found && watch.Elapsed < most)
        {
            var kernel = new Kernel(strategy, DateTimeOffset.UnixEpoch, runtime);
            var end = kernel.Run(() => agent.RunAsync((name, wait) => kernel.Issue(name, TimeSpan.FromSeconds(wait), static () => 0).Task));
            schedules++;
            found = end == KernelEnd.Deadlock || kernel.Root.IsFaulted;
            strategy.Next("");
        }
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{agent.Name} {(found ? 1 : 0)} {schedules} {watch.Elapsed.TotalSeconds:0.000}")
        );
    }
}
