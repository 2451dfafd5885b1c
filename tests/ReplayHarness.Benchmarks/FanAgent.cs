using ReplayHarness.Replays;

namespace ReplayHarness.Benchmarks;

/// <summary>Turns of parallel calls, and nothing else: what is measured is the kernel.</summary>
internal static class FanAgent
{
    public static async Task RunAsync(int turns, int width, Func<string, double, Task<int>> call)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            await call("model", 1);
            var calls = new Task<int>[width];
            for (var i = 0; i < width; i++)
                calls[i] = BranchAsync(call, i);
            await Task.WhenAll(calls);
        }
    }

    private static async Task<int> BranchAsync(Func<string, double, Task<int>> call, int i) => await call(s_names[i], 1 + i) + 1;

    private static readonly string[] s_names = [.. Enumerable.Range(0, 16).Select(i => $"tool{i}")];

    /// <summary>The same without a kernel: every call answers at once, over the thread pool's queue.</summary>
    public static Task RunBareAsync(int turns, int width) =>
        RunAsync(
            turns,
            width,
            static async (_, seconds) =>
            {
                await Task.Yield();
                return (int)seconds;
            }
        );

    public static Task RunAsync(int turns, int width, Kernel kernel) =>
        RunAsync(turns, width, (name, seconds) => kernel.Issue(name, TimeSpan.FromSeconds(seconds), static () => 0).Task);
}
