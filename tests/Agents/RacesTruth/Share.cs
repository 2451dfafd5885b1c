using System.Diagnostics;
using Pitfalls;

namespace RacesTruth;

/// <summary>A share of an agent's runs, in a process of its own: a line for each run, what went wrong or nothing.</summary>
internal static class Share
{
    public const string Command = "share";

    public static async Task RunAsync(Dispatch dispatch, int from, int to, TimeSpan most)
    {
        ThreadPool.SetMinThreads(16, 16);
        var clock = Stopwatch.StartNew();
        for (var run = from; run < to && clock.Elapsed < most; run++)
        {
            var error = await Trial.ErrorAsync(dispatch, seed: run);
            Console.WriteLine($"{clock.ElapsedMilliseconds} {error?.ReplaceLineEndings(" ")}");
        }
    }
}
