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

    /// <summary>The file of traces. Logs go beside it: <c>day.jsonl</c>, <c>day.logs.jsonl</c>.</summary>
    public required string File { get; init; }

    /// <summary>The size at which a file is put aside and a new one begun, in bytes.</summary>
    public long MaxBytes { get; init; } = 100L << 20;
}

/// <summary>
/// An OpenTelemetry receiver on loopback: http/protobuf, http/json and gRPC (over h2c). Traces and logs are appended to files of OTLP/JSON
/// requests, one a line; an exporter gets its answer when its data is in the file.
/// </summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private const int MaxRequestBytes = 64 << 20;
    private const string Advice = "choose other ports (0 takes a free one)";

    private readonly WebApplication _app;
    private readonly RotatingFile _traces,
        _logs;

    private OtlpReceiver(WebApplication app, RotatingFile traces, RotatingFile logs) => (_app, _traces, _logs) = (app, traces, logs);

    /// <summary>Where http/protobuf and http/json are received, for example <c>http://127.0.0.1:4318</c>.</summary>
    public string HttpUrl => Addresses[0];

    /// <summary>Where gRPC is received.</summary>
    public string GrpcUrl => Addresses[1];

    private string[] Addresses => LoopbackApp.UrlsOf(_app);

    /// <summary>Starts a receiver.</summary>
    /// <exception cref="BadInputException">A port is taken, or the file cannot be written.</exception>
    public static async Task<OtlpReceiver> StartAsync(OtlpReceiverOptions options, CancellationToken cancellationToken = default)
    {
        RotatingFile traces = new(options.File, options.MaxBytes),
            logs = new(LogsBeside(options.File), options.MaxBytes);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.File))!);
            var app = await LoopbackApp
                .StartAsync(
                    [(options.HttpPort, HttpProtocols.Http1), (options.GrpcPort, HttpProtocols.Http2)],
                    MaxRequestBytes,
                    app => Map(app, traces, logs),
                    Advice,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return new(app, traces, logs);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"cannot listen: {e.Message.TrimEnd('.')}; {Advice}", e);
        }
    }

    /// <summary>Waits until the process is told to end (Ctrl-C, SIGTERM).</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync().ConfigureAwait(false);
        _traces.Dispose();
        _logs.Dispose();
    }

    private static void Map(WebApplication app, RotatingFile traces, RotatingFile logs)
    {
        app.MapPost("/v1/traces", context => OtlpEndpoints.HttpAsync(context, OtlpSchema.Traces, traces));
        app.MapPost("/v1/logs", context => OtlpEndpoints.HttpAsync(context, OtlpSchema.Logs, logs));
        app.MapPost(
            "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            context => OtlpEndpoints.GrpcAsync(context, OtlpSchema.Traces, traces)
        );
        app.MapPost(
            "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
            context => OtlpEndpoints.GrpcAsync(context, OtlpSchema.Logs, logs)
        );
    }

    private static string LogsBeside(string file) => Path.ChangeExtension(file, "logs" + Path.GetExtension(file));
}
