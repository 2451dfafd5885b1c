using System.Text.Json;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Diagnosis;

/// <summary>The metrics of a run asked of a real Prometheus, which scrapes an agent on loopback.</summary>
public sealed class PrometheusTests
{
    private const string Now = "workflow=\"mail\",release=\"2.0\",model=\"model\"",
        Before = "workflow=\"mail\",release=\"1.0\",model=\"model\"",
        Other = "workflow=\"other\",release=\"2.0\",model=\"model\"";

    // Each scrape adds 10 runs of each release: of 2.0 four fail, and one of ten lasts 5 to 10 s; of 1.0 none, and all last less than a
    // second. Another workflow must not count.
    private static string Agent(int scrape) =>
        string.Concat(
            "# TYPE agent_run_duration_seconds histogram\n",
            Prometheus.Histogram("agent_run_duration_seconds", Now, (1, 0), (5, 9 * scrape), (10, scrape), (double.PositiveInfinity, 0)),
            Prometheus.Histogram("agent_run_duration_seconds", Before, (1, 10 * scrape), (5, 0), (10, 0), (double.PositiveInfinity, 0)),
            Prometheus.Histogram("agent_run_duration_seconds", Other, (1, 0), (5, 0), (10, 0), (double.PositiveInfinity, 100 * scrape)),
            "# TYPE agent_tool_duration_ms histogram\n",
            Prometheus.Histogram("agent_tool_duration_ms", Now, (500, 0), (1000, 10 * scrape), (double.PositiveInfinity, 0)),
            "# TYPE agent_runs_total counter\n",
            Line($"agent_runs_total{{{Now},status=\"error\"}} {4 * scrape}"),
            Line($"agent_runs_total{{{Now},status=\"ok\"}} {6 * scrape}"),
            Line($"agent_runs_total{{{Before},status=\"ok\"}} {10 * scrape}"),
            Line($"agent_runs_total{{{Other},status=\"error\"}} {10 * scrape}"),
            "# TYPE agent_tool_calls_total counter\n",
            Line($"agent_tool_calls_total{{{Now},tool=\"read\",status=\"error\"}} {3 * scrape}"),
            Line($"agent_tool_calls_total{{{Now},tool=\"read\",status=\"ok\"}} {7 * scrape}"),
            Line($"agent_tool_calls_total{{{Now},tool=\"list\",status=\"ok\"}} {20 * scrape}"),
            Line($"agent_tool_calls_total{{{Before},tool=\"read\",status=\"ok\"}} {10 * scrape}"),
            "# TYPE agent_health_score gauge\n",
            Line("agent_health_score{workflow=\"mail\"} 0.4"),
            "# TYPE synthetic_run_success gauge\n",
            Line("synthetic_run_success{workflow=\"mail\"} 0"),
            // The mistake that the article warns of.
            "# TYPE repeated_tool_calls_total counter\n",
            Line($"repeated_tool_calls_total{{{Now},run_id=\"a\"}} {5 * scrape}"),
            Line($"repeated_tool_calls_total{{{Now},run_id=\"b\"}} {5 * scrape}")
        );

    [Test]
    public async Task Signals_are_asked_by_release_workflow_model_and_tool()
    {
        using var prometheus = Prometheus.Start(Agent);
        await prometheus.ScrapedAsync(4);
        using var folder = new TempFolder();
        var result = await Tool.RunAsync(
            "debug",
            RunBuilder.TraceId,
            "--traces",
            Write(folder),
            "--metrics",
            $"prometheus:{prometheus.Url}",
            "--baseline",
            "1.0",
            "--slo-ms",
            "2500",
            "--window",
            "5m",
            "--json"
        );
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        using var document = JsonDocument.Parse(result.Output);
        var signals = document.RootElement.GetProperty("signals");
        Assert.Multiple(() =>
        {
            // Nine of ten lie below 5 s, so the 95th percentile is in the middle of 5 to 10.
            Assert.That(Value(signals, "run_latency_p95"), Is.EqualTo(7.5).Within(1).Percent);
            Assert.That(Value(signals, "tool_latency_p95"), Is.EqualTo(0.975).Within(1).Percent, "milliseconds become seconds");
            Assert.That(Value(signals, "error_rate"), Is.EqualTo(0.4).Within(1).Percent);
            Assert.That(Value(signals, "tool_error_rate"), Is.EqualTo(0.1).Within(1).Percent);
            Assert.That(Value(signals, "health_score"), Is.EqualTo(0.4));
            Assert.That(signals.GetProperty("synthetic_run_status").GetProperty("value").GetString(), Is.EqualTo("fail"));
            Assert.That(
                signals
                    .GetProperty("error_rates")
                    .EnumerateArray()
                    .Select(r => $"{r.GetProperty("segment")} {r.GetProperty("value")} {r.GetProperty("rate").GetDouble():0.00}"),
                Is.EqualTo(new[] { "release 2.0 0.70", "workflow mail 0.20", "model model 0.47", "tool read 0.15" })
            );
            var diff = signals.GetProperty("release_diff");
            Assert.That(Value(diff, "errorRate"), Is.EqualTo(0.4).Within(1).Percent);
            Assert.That(Value(diff, "runLatencyP95"), Is.EqualTo(7.5 - 0.95).Within(1).Percent);
            Assert.That(
                document.RootElement.GetProperty("notes").EnumerateArray().Select(n => n.GetString()),
                Has.Some.StartsWith("metrics carry the label run_id (repeated_tool_calls_total, 2 values)")
            );
            Assert.That(
                document.RootElement.GetProperty("hypotheses").EnumerateArray().Select(h => h.GetProperty("rule").GetString()),
                Does.Contain("degraded-tool").And.Contain("release-regression").And.Contain("workflow-down")
            );
        });
    }

    [Test]
    public async Task Metrics_of_other_names_are_named()
    {
        using var prometheus = Prometheus.Start(scrape =>
            string.Concat(
                "# TYPE ours_seconds histogram\n",
                Prometheus.Histogram("ours_seconds", Now, (1, 10 * scrape), (double.PositiveInfinity, 0))
            )
        );
        await prometheus.ScrapedAsync(3);
        using var folder = new TempFolder();
        var file = Write(folder);
        var unnamed = await Tool.RunAsync("debug", RunBuilder.TraceId, "--traces", file, "--metrics", $"prometheus:{prometheus.Url}");
        Assert.That(unnamed.ExitCode, Is.EqualTo(3));
        Assert.That(unnamed.Errors, Does.Contain("metrics is known for what it holds; name them, for example --metric run_latency="));
        var named = await Tool.RunAsync(
            "debug",
            RunBuilder.TraceId,
            "--traces",
            file,
            "--metrics",
            $"prometheus:{prometheus.Url}",
            "--metric",
            "run_latency=ours_seconds",
            "--window",
            "5m"
        );
        Assert.That(named.Output, Does.Contain("run_latency_p95       950 ms  [Prometheus]"));
        var wrong = await Tool.RunAsync(
            "debug",
            RunBuilder.TraceId,
            "--traces",
            file,
            "--metrics",
            $"prometheus:{prometheus.Url}",
            "--metric",
            "run_latency=yours"
        );
        Assert.That(wrong.Errors, Does.Contain("has no metric yours"));
        var signal = await Tool.RunAsync(
            "debug",
            RunBuilder.TraceId,
            "--traces",
            file,
            "--metrics",
            $"prometheus:{prometheus.Url}",
            "--metric",
            "latency=ours_seconds"
        );
        Assert.That(signal.Errors, Does.Contain("expected SIGNAL=NAME with one of run_latency, tool_latency"));
    }

    [Test]
    public async Task What_is_no_Prometheus_is_said()
    {
        using var folder = new TempFolder();
        using var other = new Endpoint(_ => new Answer("<html>"));
        var file = Write(folder);
        var result = await Tool.RunAsync("debug", RunBuilder.TraceId, "--traces", file, "--metrics", $"prometheus:{other.Url}");
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Errors, Does.Contain("does not answer as Prometheus' HTTP API does"));
        var nobody = await Tool.RunAsync(
            "debug",
            RunBuilder.TraceId,
            "--traces",
            file,
            "--metrics",
            $"prometheus:http://127.0.0.1:{Component.FreePort()}"
        );
        Assert.That(nobody.Errors, Does.Contain("cannot be reached"));
    }

    private static double Value(JsonElement element, string name) => element.GetProperty(name).GetProperty("value").GetDouble();

    private static string Line(string text) => text + "\n";

    // A run that has just ended, so that the metrics of now are the metrics of its time.
    private static string Write(TempFolder folder)
    {
        var epoch = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds - 10;
        var trace = new RunBuilder(Math.Floor(epoch))
        {
            Release = "2.0",
            Workflow = "mail",
            RootError = ("HttpRequestError", "503"),
        }
            .Model(0, 1)
            .Tool("read", 1, 2, ("HttpRequestError", "503"))
            .Build();
        var path = Path.Combine(folder.Path, "run.otlp.jsonl");
        using var file = File.Create(path);
        OtlpJson.Write(file, [trace]);
        return path;
    }
}
