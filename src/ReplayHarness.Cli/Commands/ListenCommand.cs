using System.CommandLine;
using System.CommandLine.Parsing;
using ReplayHarness.Server;

namespace ReplayHarness.Cli.Commands;

/// <summary>An OTLP receiver that writes what it gets to a file.</summary>
internal static class ListenCommand
{
    // The ports that OTLP has registered.
    private const int DefaultPort = 4318,
        DefaultGrpcPort = 4317;

    private const int DefaultSize = 100;

    public static Command Create()
    {
        var output = new Option<string>("--out")
        {
            Description = "The file of traces; logs and metrics go beside it (day.jsonl, day.logs.jsonl, day.metrics.jsonl).",
            Required = true,
        };
        var port = new Option<int?>("--port")
        {
            Description = "The port of http/protobuf and http/json on loopback; 0 takes a free one. [default: 4318]",
        };
        var grpc = new Option<int?>("--grpc-port") { Description = "The port of gRPC on loopback; 0 takes a free one. [default: 4317]" };
        var size = new Option<int?>("--max-size")
        {
            Description = "MiB after which the file is put aside (day.1.jsonl, …) and a new one begun. [default: 100]",
        };
        var command = new Command("listen", "Receives OpenTelemetry traces, logs and metrics on loopback and appends them to files.")
        {
            output,
            port,
            grpc,
            size,
        };
        command.Validators.Add(result => Validate(result, [port, grpc], size));
        command.SetAction(
            (parsed, token) =>
                RunAsync(
                    new OtlpReceiverOptions
                    {
                        File = parsed.GetRequiredValue(output),
                        HttpPort = parsed.GetValue(port) ?? DefaultPort,
                        GrpcPort = parsed.GetValue(grpc) ?? DefaultGrpcPort,
                        MaxBytes = (long)(parsed.GetValue(size) ?? DefaultSize) << 20,
                        Log = static line => Console.Error.WriteLine($"replay-harness: {line}"),
                    },
                    token
                )
        );
        return command;
    }

    private static void Validate(CommandResult result, Option<int?>[] ports, Option<int?> size)
    {
        foreach (var option in ports)
            if (result.GetValue(option) is < 0 or > 65535)
                result.AddError($"{option.Name} {result.GetValue(option)}: expected a port, 0 to 65535");
        if (result.GetValue(size) < 1)
            result.AddError($"--max-size {result.GetValue(size)}: expected 1 or more MiB");
    }

    private static async Task<int> RunAsync(OtlpReceiverOptions options, CancellationToken token)
    {
        await using var receiver = await OtlpReceiver.StartAsync(options, token).ConfigureAwait(false);
        await Console
            .Out.WriteLineAsync(
                $"listening on {receiver.HttpUrl} (http/protobuf, http/json) and {receiver.GrpcUrl} (gRPC), writing "
                    + $"{options.File}; stop with Ctrl-C"
            )
            .ConfigureAwait(false);
        await receiver.WaitAsync().ConfigureAwait(false);
        return 0;
    }
}
