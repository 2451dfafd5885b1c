using System.Globalization;
using System.Numerics;
using ReplayHarness.Host;
using ReplayHarness.Host.States;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Benchmarks;

/// <summary>
/// Random agents, explored one by one and with equal states merged: the outcomes, and how many schedules show each, must be the same.
/// </summary>
internal static class ReductionAudit
{
    private const int MostSchedules = 20_000;

    public static int Run(int agents)
    {
        var runtime = RuntimeControl.TakeOver();
        var hasher = new StateHasher();
        var (audited, mismatches) = (0, 0);
        var (schedules, runs) = (BigInteger.Zero, 0);
        for (var seed = 0; seed < agents; seed++)
        {
            if (Explore(runtime, seed, new DepthFirst(), null) is not var (expected, all))
                continue;
            var (merged, few) = Explore(runtime, seed, new DepthFirst(merge: true), hasher)!.Value;
            audited++;
            schedules += all;
            runs += few;
            if (merged.IsSameAs(expected))
                continue;
            mismatches++;
            Console.WriteLine($"seed {seed}: {expected.Count} outcomes one by one, {merged.Count} merged, or with other counts");
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{audited} random agents, {agents - audited} left out as too large; {mismatches} mismatches; {schedules} "
                    + $"schedules from {runs} runs, {(double)schedules / runs:0.0} x fewer"
            )
        );
        Figures.Write(
            new
            {
                agents,
                audited,
                mismatches,
                runs,
            }
        );
        return mismatches == 0 ? 0 : 1;
    }

    private static (OutcomeCounts Outcomes, int Runs)? Explore(RuntimeControl runtime, int seed, DepthFirst strategy, StateHasher? hasher)
    {
        for (var runs = 1; runs <= MostSchedules; runs++)
        {
            Kernel? kernel = null;
            kernel = new Kernel(strategy, DateTimeOffset.UnixEpoch, runtime) { StateHash = () => hasher?.Hash(kernel!) };
            var end = kernel.Run(() => new RandomAgent(seed).RunAsync(kernel));
            if (!strategy.Next(end == KernelEnd.Merged ? null : OutcomeOf(kernel, end)))
                return (strategy.Total, runs);
        }
        return null;
    }

    private static string OutcomeOf(Kernel kernel, KernelEnd end) =>
        end != KernelEnd.Finished
            ? end.ToString()
            : kernel.Unhandled?.Message
                ?? (kernel.Root.IsFaulted ? kernel.Root.Exception!.InnerException!.Message : ((Task<string>)kernel.Root).Result);
}
