using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
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
        using (var logs = LoggerFactory.Create(builder => builder.AddOpenTelemetry(o => o.AddOtlpExporter(e => Configure(e, "logs")))))
            logs.CreateLogger("exporter").LogWarning("written {RunId}", "r-1");
        Check(TraceFiles.Load(receiver.File, strict: true).Traces.Single(), source.Name);
        Assert.That(
            await File.ReadAllTextAsync(receiver.Logs),
            Does.StartWith("{\"resourceLogs\":[").And.Contain("\"RunId\"").And.Contain("\"severityNumber\":13")
        );
        Assert.That(await receiver.StopAsync(), Is.Zero);
    }

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
            receiver.File,
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
