using System.Diagnostics;
using System.Globalization;
using ReplayHarness.Host;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Benchmarks;

/// <summary>
/// What one schedule costs in the kernel alone, against the same agent re-run without it; and that one seed gives one log hash.
/// </summary>
internal static class KernelCosts
{
    private const int Schedules = 100_000;

    public static int Run(int repetitions)
    {
        // Without the kernel first: it never gives the pool back.
        var bare = (Bare(2, 2), Bare(3, 6));
        var runtime = RuntimeControl.TakeOver();
        Print("kernel only, 2 turns x 2 tools", Under(runtime, 2, 2), bare.Item1);
        Print("kernel only, 3 turns x 6 tools", Under(runtime, 3, 6), bare.Item2);
        var hashes = new HashSet<ulong>();
        for (var i = 0; i < repetitions; i++)
            hashes.Add(HashOf(runtime, seed: 7));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"a mixed agent, {repetitions:#,0} repetitions of one seed: {hashes.Count} log hash(es)"
            )
        );
        Figures.Write(new { repetitions, hashes = hashes.Count });
        return hashes.Count <= 1 ? 0 : 1;
    }

    private static double Bare(int turns, int width) => Rate(i => FanAgent.RunBareAsync(turns, width).GetAwaiter().GetResult());

    private static double Under(RuntimeControl runtime, int turns, int width)
    {
        var strategy = new WeightedWalk(1, int.MaxValue);
        return Rate(_ =>
        {
            var kernel = new Kernel(strategy, DateTimeOffset.UnixEpoch, runtime);
            kernel.Run(() => FanAgent.RunAsync(turns, width, kernel));
            strategy.Next("");
        });
    }

    private static ulong HashOf(RuntimeControl runtime, ulong seed)
    {
        var kernel = new Kernel(new WeightedWalk(seed, 1), DateTimeOffset.UnixEpoch, runtime);
        kernel.Run(() => new RandomAgent(11).RunAsync(kernel));
        return kernel.LogHash;
    }

    private static double Rate(Action<int> run)
    {
        for (var i = 0; i < Schedules / 5; i++)
            run(i);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Schedules; i++)
            run(i);
        return Schedules / watch.Elapsed.TotalSeconds;
    }

    private static void Print(string what, double rate, double bare) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {bare / rate:0.0} x the time of a bare re-run of the same agent ({rate / 1000:0} k schedules/s)"
            )
        );
}
