using System.Diagnostics;
using System.Globalization;
using ReplayHarness.Host;
using ReplayHarness.Host.States;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Benchmarks.Sdks;

/// <summary>
/// Agents on the packages that people use: one seed must give one log hash, and merging the outcomes of exploring one by one.
/// </summary>
internal static class SdkCosts
{
    private static readonly (string Name, Func<Kernel, Task<string>> Agent)[] s_agents =
    [
        ("OpenAI, 2 turns x 3 tools, 429 retried", kernel => OpenAiAgent.RunAsync(kernel, 2, 3)),
        ("Anthropic, 2 turns x 3 tools, 429 retried", kernel => AnthropicAgent.RunAsync(kernel, 2, 3)),
        ("Polly, retry with jitter, hedging, time-out", PollyAgent.RunAsync),
        ("MCP, client and server, 2 turns x 3 tools", kernel => McpAgent.RunAsync(kernel, 2, 3)),
    ];

    public static int Run(int repetitions)
    {
        RuntimeControl.TakeOver();
        // No static: those of agents' assemblies, as this is one, begin anew with each schedule.
        List<object> figures = [];
        var failed = s_agents.Count(a => !Measure(a.Name, a.Agent, repetitions, figures));
        var watch = Stopwatch.StartNew();
        var (outcomes, runs) = Explore(kernel => OpenAiAgent.RunAsync(kernel, 3, 4), new DepthFirst(merge: true), new StateHasher());
        var schedules = outcomes.Values.Aggregate(System.Numerics.BigInteger.Zero, (sum, n) => sum + n);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"OpenAI, 3 turns x 4 tools: {schedules:#,0} schedules from {runs} runs, in "
                    + $"{(watch.Elapsed.TotalSeconds < 3 ? "less" : "more")} than 3 s"
            )
        );
        Figures.Write(
            new
            {
                agents = figures,
                schedules = (int)schedules,
                runs,
            }
        );
        return failed;
    }

    private static bool Measure(string name, Func<Kernel, Task<string>> agent, int repetitions, List<object> figures)
    {
        for (var i = 0; i < repetitions / 5; i++)
            Once(agent, new WeightedWalk(7, 1), null);
        var hashes = new HashSet<ulong>();
        var uncontrolled = new SortedSet<string>(StringComparer.Ordinal);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < repetitions; i++)
        {
            var (kernel, _) = Once(agent, new WeightedWalk(7, 1), null);
            hashes.Add(kernel.LogHash);
            uncontrolled.UnionWith(kernel.Uncontrolled);
        }
        var rate = repetitions / watch.Elapsed.TotalSeconds;
        var (expected, all) = Explore(agent, new DepthFirst(), null);
        var (merged, few) = Explore(agent, new DepthFirst(merge: true), new StateHasher());
        var same = merged.IsSameAs(expected);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {hashes.Count} log hash(es) in {repetitions:#,0}; {rate / 1000:0.0} k schedules/s; exhausted by "
                    + $"{all} runs, merged by {few}, outcomes "
                    + $"{(same ? "the same" : "DIFFERENT")}"
                    + $"{(uncontrolled.Count == 0 ? "" : $"; not controlled: {string.Join("; ", uncontrolled)}")}"
            )
        );
        figures.Add(
            new
            {
                name = name.Split(',')[0],
                hashes = hashes.Count,
                same,
                uncontrolled,
            }
        );
        return hashes.Count == 1 && same && uncontrolled.Count == 0;
    }

    private static (OutcomeCounts Outcomes, int Runs) Explore(Func<Kernel, Task<string>> agent, DepthFirst strategy, StateHasher? hasher)
    {
        for (var runs = 1; ; runs++)
        {
            var (kernel, end) = Once(agent, strategy, hasher);
            if (!strategy.Next(end == KernelEnd.Merged ? null : Outcome(kernel, end)) || runs == 5_000)
                return (strategy.Total, runs);
        }
    }

    private static string Outcome(Kernel kernel, KernelEnd end) =>
        end != KernelEnd.Finished ? end.ToString()
        : kernel.Root.IsFaulted ? kernel.Root.Exception!.InnerException!.GetType().Name
        : ((Task<string>)kernel.Root).Result;

    private static (Kernel Kernel, KernelEnd End) Once(Func<Kernel, Task<string>> agent, IStrategy strategy, StateHasher? hasher)
    {
        Kernel? kernel = null;
        kernel = new Kernel(strategy, DateTimeOffset.UnixEpoch.AddYears(56), RuntimeControl.TakeOver())
        {
            StateHash = () => hasher?.Hash(kernel!),
        };
        return (kernel, kernel.Run(() => agent(kernel)));
    }
}
