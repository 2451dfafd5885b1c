using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using ReplayHarness.Traces;

namespace ReplayHarness.Server;

/// <summary>Where a receiver listens and what it writes.</summary>
public sealed record OtlpReceiverOptions
{
    /// <summary>The port of http/protobuf and http/json on loopback; 0 takes a free one.</summary>
    public int HttpPort { get; init; } = 4318;

    /// <summary>The port of gRPC on loopback; 0 takes a free one.</summary>
    public int GrpcPort { get; init; } = 4317;

    /// <summary>
    /// The file of traces. Logs and metrics go beside it: <c>day.jsonl</c>, <c>day.logs.jsonl</c>, <c>day.metrics.jsonl</c>.
    /// </summary>
    public required string File { get; init; }

    /// <summary>The size at which a file is put aside and a new one begun, in bytes.</summary>
    public long MaxBytes { get; init; } = 100L << 20;

    /// <summary>
    /// The memory that the bodies of all requests share, in bytes: who finds it full is told to try again, who needs more than all of it is
    /// refused. Null is an eighth of the machine's, at most 512 MiB.
    /// </summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Told of what a user should know, in one line: a torn line that was found, a file that cannot be written.</summary>
    public Action<string>? Log { get; init; }
}

/// <summary>
/// An OpenTelemetry receiver on loopback: http/protobuf, http/json and gRPC (over h2c). Traces, logs and metrics are appended to files of
/// OTLP/JSON requests, one a line; an exporter gets its answer when its data is in the file.
/// </summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    /// <summary>The most that one request may hold as it comes.</summary>
    internal const int MaxRequestBytes = 64 << 20;

    private const string Advice = "choose other ports (0 takes a free one)";

    private readonly WebApplication _app;
    private readonly RotatingFile[] _files;

    private OtlpReceiver(WebApplication app, RotatingFile[] files) => (_app, _files) = (app, files);

    /// <summary>Where http/protobuf and http/json are received, for example <c>http://127.0.0.1:4318</c>.</summary>
    public string HttpUrl => Addresses[0];

    /// <summary>Where gRPC is received.</summary>
    public string GrpcUrl => Addresses[1];

    private string[] Addresses => LoopbackApp.UrlsOf(_app);

    /// <summary>Starts a receiver.</summary>
    /// <exception cref="BadInputException">A port is taken, or the file cannot be written.</exception>
    public static async Task<OtlpReceiver> StartAsync(OtlpReceiverOptions options, CancellationToken cancellationToken = default)
    {
        RotatingFile FileOf(string path) => new(path, options.MaxBytes, options.Log);
        RotatingFile traces = FileOf(options.File),
            logs = FileOf(Beside(options.File, "logs")),
            metrics = FileOf(Beside(options.File, "metrics"));
        try
        {
            Claim(options.File, traces);
            var endpoints = new OtlpEndpoints(options.MemoryBytes is { } bytes ? new(bytes) : MemoryBudget.OfMachine());
            var app = await LoopbackApp
                .StartAsync(
                    [(options.HttpPort, HttpProtocols.Http1), (options.GrpcPort, HttpProtocols.Http2)],
                    MaxRequestBytes,
                    app =>
                        Map(
                            app,
                            endpoints,
                            ("traces", OtlpSchema.Traces, traces),
                            ("logs", OtlpSchema.Logs, logs),
                            ("metrics", OtlpSchema.Metrics, metrics)
                        ),
                    Advice,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return new(app, [traces, logs, metrics]);
        }
        catch
        {
            traces.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the process is told to end (Ctrl-C, SIGTERM).</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync().ConfigureAwait(false);
        foreach (var file in _files)
            file.Dispose();
    }

    private static void Map(WebApplication app, OtlpEndpoints endpoints, params (string Signal, Message Schema, RotatingFile File)[] files)
    {
        Browsers.Refuse(app);
        foreach (var (signal, schema, file) in files)
        {
            app.MapPost($"/v1/{signal}", context => endpoints.HttpAsync(context, schema, file));
            app.MapPost(ServiceOf(signal), context => endpoints.GrpcAsync(context, schema, file));
        }
    }

    private static string ServiceOf(string signal) =>
        signal switch
        {
            "traces" => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            "logs" => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
            _ => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        };

    // At once, for traces are what everybody sends; the files beside it are claimed with their first line.
    private static void Claim(string file, RotatingFile traces)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            traces.Claim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"cannot write {file}: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static string Beside(string file, string signal) => Path.ChangeExtension(file, signal + Path.GetExtension(file));
}
