using System.Globalization;
using ReplayHarness.Server;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Watching;

/// <summary>A source that receives: what applications send to its ports is written to a folder, and that is watched.</summary>
internal static class Receiving
{
    /// <summary>How the source begins; the port of http/protobuf and http/json follows.</summary>
    public const string Prefix = "listen:";

    private const int HttpPort = 4318,
        GrpcPort = 4317;

    /// <summary>Whether a source is one that receives.</summary>
    public static bool Is(string source) => source.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The folder of what is received.</summary>
    public static string FolderOf(string output) => Path.Combine(output, "received");

    /// <summary>Starts to receive.</summary>
    /// <param name="source">The source.</param>
    /// <param name="output">The folder of fixtures and notes.</param>
    /// <param name="token">Gives up.</param>
    /// <exception cref="BadInputException">It names no port, or one that is taken.</exception>
    public static async Task<OtlpReceiver> StartAsync(string source, string output, CancellationToken token)
    {
        var text = source[Prefix.Length..];
        var port = text.Length == 0 ? HttpPort : PortOf(text, source);
        var folder = FolderOf(output);
        Directory.CreateDirectory(folder);
        // Nothing of it is redacted.
        await File.WriteAllTextAsync(Path.Combine(folder, ".gitignore"), "*\n", token).ConfigureAwait(false);
        var receiver = await OtlpReceiver
            .StartAsync(
                new()
                {
                    File = Path.Combine(folder, "traces.jsonl"),
                    HttpPort = port,
                    GrpcPort = port == HttpPort ? GrpcPort : 0,
                    Log = static line => Console.Error.WriteLine($"replay-harness: {line}"),
                },
                token
            )
            .ConfigureAwait(false);
        await Console
            .Error.WriteLineAsync(
                $"replay-harness: listening on {receiver.HttpUrl} (http/protobuf, http/json) and {receiver.GrpcUrl} (gRPC)"
            )
            .ConfigureAwait(false);
        return receiver;
    }

    private static int PortOf(string text, string source) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new BadInputException($"{source}: expected a port of 0 to 65535 after the colon, for example listen:4318");
}
