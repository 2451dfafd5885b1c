using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Diagnosis;

/// <summary>Metrics as a receiver keeps them are signals of a run.</summary>
public sealed class OtlpMetricsTests
{
    private const string Cumulative = "2",
        Delta = "1";

    // 40 runs, 10 of them failed; each of two points repeats what the one before counted, or adds to it.
    [TestCase(Cumulative, 15, 40, 4, 10)]
    [TestCase(Delta, 15, 25, 4, 6)]
    public async Task Counters_and_histograms_become_signals(string temporality, int runs1, int runs2, int errors1, int errors2)
    {
        using var folder = new TempFolder();
        var file = folder.Write(
            "day.metrics.jsonl",
            Line(Counters(temporality, 1, runs1, errors1)) + Line($"{Counters(temporality, 2, runs2, errors2)},{Histogram()}")
        );
        var result = await Tool.RunAsync("debug", Data.FirstAttempt, "--traces", Data.DriveTimeout, "--metrics", file, "--markdown");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Contain("| `error_rate` | 25.0% | day.metrics.jsonl |"));
        // 95 of 100 lie up to 10 s and 5 above it: the 95th is 10 s.
        Assert.That(result.Output, Does.Contain("| `run_latency_p95` | 10.00 s | day.metrics.jsonl |"));
    }

    // A receiver that was killed leaves a torn line; and a file may say any number.
    [Test]
    public async Task What_no_number_can_be_made_of_is_left_out()
    {
        using var folder = new TempFolder();
        var file = folder.Write(
            "day.metrics.jsonl",
            "{\"resourceMetrics\":[{\"resou\n"
                + Line(Counters(Cumulative, 1, 40, 10))
                + Line(Gauge("health.score", "\"NaN\"") + "," + Gauge("slo.latency", "1e300"))
                + Line(Histogram("[\"NaN\",\"Infinity\",-1e308,1e308]", "[\"NaN\",\"1\",\"5\",\"7\",\"8\"]"))
        );
        foreach (var form in (string[])["--markdown", "--json"])
        {
            var result = await Tool.RunAsync("debug", Data.FirstAttempt, "--traces", Data.DriveTimeout, "--metrics", file, form);
            Assert.That(result.ExitCode, Is.Zero, result.Errors);
            Assert.That(result.Errors, Does.StartWith($"replay-harness: {file}:1: ").And.Contain("the line was left out"));
            Assert.That(result.Output, Does.Contain("error_rate").And.Not.Contain("NaN").And.Not.Contain("Infinity"));
        }
    }

    [TestCase("{\"resourceMetrics\":1}", "day.metrics.jsonl")]
    [TestCase("no json", ":1: ")]
    [TestCase("{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"size\",\"gauge\":{}}]}]}]}", "none of its")]
    public async Task What_says_nothing_of_runs_is_refused(string text, string expected)
    {
        using var folder = new TempFolder();
        var file = folder.Write("day.metrics.jsonl", text);
        var result = await Tool.RunAsync("debug", Data.FirstAttempt, "--traces", Data.DriveTimeout, "--metrics", file);
        Assert.That((result.ExitCode, result.Errors.Contains(expected)), Is.EqualTo((3, true)), result.Errors);
    }

    private static string Line(string metrics) =>
        $$$"""
            {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.version","value":{"stringValue":"2026.5.27"}}]},
            "scopeMetrics":[{"metrics":[{{{metrics}}}]}]}]}
            """.ReplaceLineEndings("") + "\n";

    private static string Counters(string temporality, int time, int runs, int errors) =>
        Sum("agent.runs", temporality, time, runs) + "," + Sum("run.errors", temporality, time, errors);

    private static string Sum(string name, string temporality, int time, int count) =>
        $$$"""
            {"name":"{{{name}}}","sum":{"isMonotonic":true,"aggregationTemporality":{{{temporality}}},"dataPoints":[
            {"startTimeUnixNano":"0","timeUnixNano":"{{{time}}}","asInt":"{{{count}}}"}]}}
            """;

    private static string Histogram(string bounds = "[1,10,60]", string counts = """["60","35","5","0"]""") =>
        $$$"""
            {"name":"run.duration","unit":"s","histogram":{"aggregationTemporality":2,"dataPoints":[
            {"startTimeUnixNano":"0","timeUnixNano":"2","count":"100","explicitBounds":{{{bounds}}},"bucketCounts":{{{counts}}}}]}}
            """;

    private static string Gauge(string name, string value) =>
        $$$"""{"name":"{{{name}}}","gauge":{"dataPoints":[{"timeUnixNano":"1","asDouble":{{{value}}}}]}}""";
}
