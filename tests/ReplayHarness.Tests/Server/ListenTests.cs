using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ReplayHarness.Server;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;
using Trace = ReplayHarness.Traces.Trace;

namespace ReplayHarness.Tests.Server;

/// <summary>What real exporters send is in the file when they are answered, and reads as what they meant.</summary>
public sealed class ListenTests
{
    [TestCase(OtlpExportProtocol.HttpProtobuf)]
    [TestCase(OtlpExportProtocol.Grpc)]
    public async Task The_dotnet_exporter(OtlpExportProtocol protocol)
    {
        using var receiver = await Receiver.StartAsync();
        void Configure(OtlpExporterOptions options, string signal)
        {
            options.Protocol = protocol;
            options.Endpoint = new Uri(protocol == OtlpExportProtocol.Grpc ? receiver.GrpcUrl : $"{receiver.HttpUrl}/v1/{signal}");
        }
        using var source = new ActivitySource($"exporter-{protocol}", "1.2.3");
        using (var provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddOtlpExporter(o => Configure(o, "traces")).Build())
        {
            using var root = source.StartActivity("root");
            root!
                .SetTag("text", "größer \"x\"\n")
                .SetTag("whole", 42)
                .SetTag("real", 0.5)
                .SetTag("yes", true)
                .SetTag("list", new[] { "a", "b" });
            using var child = source.StartActivity("child", ActivityKind.Client);
            child!.SetStatus(ActivityStatusCode.Error, "no answer").AddException(new TimeoutException("no answer"));
        }
        using var meter = new Meter(source.Name);
        using (
            Sdk.CreateMeterProviderBuilder()
                .AddMeter(meter.Name)
                .AddView("calls.seconds", new Base2ExponentialBucketHistogramConfiguration())
                .AddOtlpExporter(o => Configure(o, "metrics"))
                .Build()
        )
        {
            meter.CreateCounter<long>("calls", "{call}").Add(3, new KeyValuePair<string, object?>("tool", "search"));
            meter.CreateObservableGauge("depth", () => -0.5);
            var histogram = meter.CreateHistogram<double>("run.seconds", "s", "How long runs take.");
            histogram.Record(0.25);
            histogram.Record(7);
            meter.CreateHistogram<double>("calls.seconds").Record(0.25);
        }
        using (var logs = LoggerFactory.Create(builder => builder.AddOpenTelemetry(o => o.AddOtlpExporter(e => Configure(e, "logs")))))
            logs.CreateLogger("exporter").LogWarning("written {RunId}", "r-1");
        Check(TraceFiles.Load(receiver.File, strict: true).Traces.Single(), source.Name);
        Assert.That(
            await File.ReadAllTextAsync(receiver.Logs),
            Does.StartWith("{\"resourceLogs\":[").And.Contain("\"RunId\"").And.Contain("\"severityNumber\":13")
        );
        CheckMetrics(JsonNode.Parse((await File.ReadAllLinesAsync(receiver.Metrics)).Single())!);
        Assert.That(await receiver.StopAsync(), Is.Zero);
    }

    private static void CheckMetrics(JsonNode request)
    {
        var metrics = request["resourceMetrics"]![0]!["scopeMetrics"]![0]!["metrics"]!.AsArray().ToDictionary(m => (string)m!["name"]!);
        JsonNode Point(string name, string kind) => metrics[name]![kind]!["dataPoints"]!.AsArray().Single()!;
        var (calls, run, exponential) = (
            Point("calls", "sum"),
            Point("run.seconds", "histogram"),
            Point("calls.seconds", "exponentialHistogram")
        );
        Assert.Multiple(() =>
        {
            Assert.That(
                metrics["calls"]!["sum"]!.ToJsonString(),
                Does.EndWith("\"aggregationTemporality\":2,\"isMonotonic\":true}").And.Contain("\"asInt\":\"3\"")
            );
            Assert.That(calls["attributes"]!.ToJsonString(), Is.EqualTo("""[{"key":"tool","value":{"stringValue":"search"}}]"""));
            Assert.That((double)Point("depth", "gauge")["asDouble"]!, Is.EqualTo(-0.5));
            Assert.That(
                (metrics["run.seconds"]!["unit"]!.ToJsonString(), metrics["run.seconds"]!["description"]!.ToJsonString()),
                Is.EqualTo(("\"s\"", "\"How long runs take.\""))
            );
            Assert.That(
                ((string)run["count"]!, (double)run["sum"]!, (double)run["min"]!, (double)run["max"]!),
                Is.EqualTo(("2", 7.25, 0.25, 7.0))
            );
            // Buckets end at 0, 5, 10, …
            Assert.That(run["explicitBounds"]!.ToJsonString(), Does.StartWith("[0,5,10,25,"));
            Assert.That(run["bucketCounts"]!.ToJsonString(), Does.StartWith("""["0","1","1","0","""));
            // The bucket below 1/4 of the finest scale: an index of 2^20 * log2(1/4), less one.
            Assert.That(
                ((int)exponential["scale"]!, exponential["positive"]!.ToJsonString()),
                Is.EqualTo((20, $$"""{"offset":{{(-2 << 20) - 1}},"bucketCounts":["1"]}"""))
            );
        });
    }

    [Test]
    public async Task Metrics_of_every_kind_of_number()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "day.jsonl");
        await using (
            var receiver = await OtlpReceiver.StartAsync(
                new()
                {
                    File = file,
                    HttpPort = 0,
                    GrpcPort = 0,
                }
            )
        )
        {
            byte[] quantile = [0x09, .. BitConverter.GetBytes(0.5), 0x11, .. BitConverter.GetBytes(double.PositiveInfinity)],
                summary = [0x21, .. BitConverter.GetBytes(ulong.MaxValue), .. In(6, quantile)],
                // Not packed, which is as good; then packed, of a number with two bytes.
                buckets = [0x08, 0x05, 0x10, 0x07, .. In(2, [0x01, 0xAC, 0x02])],
                exponential = [0x30, 0x03, .. In(8, buckets)];
            byte[] metrics =
            [
                .. In(2, [.. In(1, [(byte)'s']), .. In(11, In(1, summary))]),
                .. In(2, [.. In(1, [(byte)'e']), .. In(10, In(1, exponential))]),
            ];
            var answer = await Grpc.SendAsync(receiver.GrpcUrl, "metrics.v1.MetricsService", In(1, In(2, metrics)));
            Assert.That(answer.Status, Is.EqualTo("0"), answer.Message);
        }
        Assert.That(
            await File.ReadAllTextAsync(Path.Combine(folder.Path, "day.metrics.jsonl")),
            Is.EqualTo(
                """{"resourceMetrics":[{"scopeMetrics":[{"metrics":["""
                    + """{"name":"s","summary":{"dataPoints":[{"count":"18446744073709551615","quantileValues":["""
                    + """{"quantile":0.5,"value":"Infinity"}]}]}},"""
                    + """{"name":"e","exponentialHistogram":{"dataPoints":["""
                    + """{"scale":-2,"positive":{"offset":-3,"bucketCounts":["7","1","300"]}}]}}]}]}]}"""
                    + "\n"
            )
        );
    }

    // A field of bytes.
    private static byte[] In(int field, byte[] bytes) => [(byte)((field << 3) | 2), (byte)bytes.Length, .. bytes];

    [TestCase("json")]
    [TestCase("protobuf")]
    [TestCase("grpc")]
    public async Task The_javascript_exporter(string protocol)
    {
        var folder = Path.Combine(Repo.Root, "tests/ReplayHarness.Tests/Server/exporter");
        if (Component.OnPath("node") is not { } node || !Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            Component.Missing($"OpenTelemetry's JavaScript exporter is not installed (Node.js, then: npm ci --prefix {folder})");
            return;
        }
        using var receiver = await Receiver.StartAsync();
        var (exitCode, output) = Component.Run(
            node,
            Path.Combine(folder, "export.mjs"),
            protocol,
            protocol == "grpc" ? receiver.GrpcUrl : receiver.HttpUrl
        );
        Assert.That((exitCode, output), Is.EqualTo((0, "")));
        var trace = TraceFiles.Load(receiver.File, strict: true).Traces.Single();
        Check(trace, "exporter");
        Assert.That(trace.Spans.Single(s => s.Name == "child").Links.Single().Attributes.Text("why"), Is.EqualTo("because"));
        if (protocol == "json")
            Assert.That(await File.ReadAllTextAsync(receiver.Logs), Does.Contain("\"written\"").And.Contain("r-1"));
    }

    private static void Check(Trace trace, string scope)
    {
        var (root, child) = (trace.Spans.Single(s => s.Name == "root"), trace.Spans.Single(s => s.Name == "child"));
        Assert.Multiple(() =>
        {
            Assert.That((root.Scope, root.ScopeVersion, child.ParentSpanId), Is.EqualTo((scope, "1.2.3", root.SpanId)));
            Assert.That(
                (
                    root.Attributes["text"],
                    root.Attributes["whole"],
                    root.Attributes["real"],
                    root.Attributes["yes"],
                    root.Attributes.Text("list")
                ),
                Is.EqualTo(((object)"größer \"x\"\n", (object)42L, (object)0.5, (object)true, """["a","b"]"""))
            );
            Assert.That(
                (child.Status, child.StatusMessage, child.Events.Single().Attributes.Text("exception.message")),
                Is.EqualTo((SpanStatus.Error, "no answer", "no answer"))
            );
            Assert.That(root.Resource.Text("service.name"), Does.StartWith("unknown_service"));
        });
    }

    [Test]
    public async Task What_is_received_is_what_was_sent()
    {
        using var receiver = await Receiver.StartAsync();
        using var client = new HttpClient();
        foreach (
            var file in Directory.GetFiles(Data.Path("traces"), "*.otlp.pb", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        )
        {
            using var compressed = new MemoryStream();
            await using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
                await gzip.WriteAsync(await File.ReadAllBytesAsync(file));
            using var content = new ByteArrayContent(compressed.ToArray())
            {
                Headers = { ContentType = new("application/x-protobuf"), ContentEncoding = { "gzip" } },
            };
            Assert.That((await client.PostAsync($"{receiver.HttpUrl}/v1/traces", content)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
        string[] lines = [.. File.ReadLines(Data.DriveTimeout).Where(l => l.Length > 0)];
        foreach (var line in lines)
            await client.PostAsync(
                $"{receiver.HttpUrl}/v1/traces",
                Json(JsonNode.Parse(line)!.ToJsonString(new() { WriteIndented = true }))
            );
        var expected = TraceFiles.Load([Data.Path("traces/**/*.otlp.pb"), Data.DriveTimeout]);
        var received = TraceFiles.Load(receiver.File, strict: true);
        Assert.That(
            File.ReadLines(receiver.File).Count(),
            Is.EqualTo(Directory.GetFiles(Data.Path("traces"), "*.otlp.pb", SearchOption.AllDirectories).Length + lines.Length)
        );
        Assert.That(received.Traces.Select(Written), Is.EqualTo(expected.Traces.Select(Written)));
    }

    [Test]
    public async Task What_cannot_be_read_is_refused_and_not_written()
    {
        using var receiver = await Receiver.StartAsync();
        using var client = new HttpClient();
        foreach (
            var (content, message) in new (HttpContent, string)[]
            {
                (Json("{\"resourceSpans\":["), "the request cannot be read"),
                (Json("7"), "expected a JSON object"),
                (
                    new ByteArrayContent([0x0A, 0xFF, 1]) { Headers = { ContentType = new("application/x-protobuf") } },
                    "ends inside a field"
                ),
            }
        )
        {
            var answer = await client.PostAsync($"{receiver.HttpUrl}/v1/traces", content);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(message));
        }
        Assert.That(File.Exists(receiver.File), Is.False);
        var taken = await Tool.RunAsync(
            "listen",
            "--out",
            Path.Combine(receiver.Folder, "other.jsonl"),
            "--port",
            new Uri(receiver.HttpUrl).Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "--grpc-port",
            "0"
        );
        Assert.That(taken.ExitCode, Is.EqualTo(3), taken.Errors);
        Assert.That(taken.Errors, Does.StartWith("replay-harness: cannot listen: ").And.Contain("choose other ports"));
        Assert.That(taken.Errors, Does.Not.Contain("   at "));
    }

    [Test]
    public async Task A_full_file_is_put_aside_and_no_line_is_torn()
    {
        using var receiver = await Receiver.StartAsync("--max-size", "1");
        using var client = new HttpClient();
        var line = File.ReadLines(Data.TracesOf("strands")).First();
        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => client.PostAsync($"{receiver.HttpUrl}/v1/traces", Json(line))));
        string[] files = [.. Directory.GetFiles(receiver.Folder, "day*.jsonl").Order(StringComparer.Ordinal)];
        Assert.That(files, Has.Length.GreaterThan(2).And.All.Matches<string>(f => new FileInfo(f!).Length <= 1 << 20));
        Assert.That(files.Sum(f => File.ReadLines(f).Count()), Is.EqualTo(400));
        Assert.That(files.SelectMany(File.ReadLines), Is.All.Matches<string>(l => JsonNode.Parse(l!) is JsonObject));
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private static string Written(Trace trace)
    {
        using var stream = new MemoryStream();
        OtlpJson.Write(stream, [trace]);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
