using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ReplayHarness.Tests.Support;

/// <summary>
/// Debian's Prometheus, started on loopback in a folder of its own; it scrapes an agent that a test describes once a second.
/// </summary>
internal sealed class Prometheus : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly Endpoint _agent;
    private readonly Process _process;
    private int _scrapes;

    /// <param name="program">Prometheus.</param>
    /// <param name="exposition">What the agent exposes at its nth scrape, from 0.</param>
    private Prometheus(string program, Func<int, string> exposition)
    {
        _agent = new Endpoint(_ => new Answer(exposition(Interlocked.Increment(ref _scrapes) - 1)));
        var port = Component.FreePort();
        Url = $"http://127.0.0.1:{port}";
        var config = _folder.Write(
            "prometheus.yml",
            $"""
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: agent
                static_configs:
                  - targets: ["{_agent.Url["http://".Length..]}"]
            """
        );
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (
            var argument in (string[])
                [
                    $"--config.file={config}",
                    $"--storage.tsdb.path={Path.Combine(_folder.Path, "data")}",
                    $"--web.listen-address=127.0.0.1:{port}",
                    "--log.level=error",
                ]
        )
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public string Url { get; }

    /// <summary>Starts it, or skips the test.</summary>
    public static Prometheus Start(Func<int, string> exposition)
    {
        if (Component.OnPath("prometheus") is not { } program)
        {
            Component.Missing("Prometheus is not installed (Debian: prometheus)");
            throw new InvalidOperationException();
        }
        return new Prometheus(program, exposition);
    }

    /// <summary>Waits until the agent has been scraped so often.</summary>
    public async Task ScrapedAsync(int times)
    {
        for (var waited = Stopwatch.StartNew(); Volatile.Read(ref _scrapes) <= times; await Task.Delay(100))
            if (waited.Elapsed > s_patience)
                Assert.Fail($"Prometheus has scraped {_scrapes} times in {s_patience.TotalSeconds} s");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _agent.Dispose();
        _folder.Dispose();
    }

    /// <summary>A histogram in the exposition format: so many observations in each bucket.</summary>
    public static string Histogram(string name, string labels, params (double Le, int Count)[] buckets)
    {
        var text = new StringBuilder();
        var sum = 0;
        foreach (var (le, count) in buckets)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{name}_bucket{{{labels},le=\"{(double.IsPositiveInfinity(le) ? "+Inf" : le.ToString(CultureInfo.InvariantCulture))}\"}} "
                    + $"{sum += count}\n"
            );
        return text.Append(CultureInfo.InvariantCulture, $"{name}_sum{{{labels}}} {sum}\n{name}_count{{{labels}}} {sum}\n").ToString();
    }
}
