using System.Diagnostics;

namespace ReplayHarness.Benchmarks;

/// <summary>
/// How long a person waits for the verdict of one captured replay, from the start of the process: the median of several runs.
/// </summary>
internal static class Starting
{
    private const int Runs = 7;

    private static readonly string s_tool = Path.Combine(AppContext.BaseDirectory, "replay-harness.dll");

    public static async Task<(TimeSpan Verdict, TimeSpan Nothing)> MeasureAsync()
    {
        string[] run =
        [
            "run",
            Path.Combine(AppContext.BaseDirectory, "fixtures", "drive-timeout"),
            "--agent",
            $"{typeof(Starting).Assembly.Location}:{nameof(Shipped)}",
            "--schedules",
            "captured",
            "--expect",
            "reproduced",
        ];
        return (await MedianAsync(run), await MedianAsync(["--version"]));
    }

    private static async Task<TimeSpan> MedianAsync(string[] arguments)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Runs; i++)
            times.Add(await TimeAsync(arguments));
        return times.Order().ElementAt(Runs / 2);
    }

    private static async Task<TimeSpan> TimeAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["exec", s_tool, .. arguments])
            start.ArgumentList.Add(argument);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"replay-harness {string.Join(' ', arguments)} ended with exit code {process.ExitCode}");
        return watch.Elapsed;
    }
}
