using Microsoft.Extensions.Hosting;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Server;

/// <summary>What a fixture server serves, and how fast.</summary>
public sealed record FixtureServerOptions
{
    /// <summary>The fixture.</summary>
    public required FixtureFolder Fixture { get; init; }

    /// <summary>The clock that latencies are waited for on.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The port on loopback; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Real seconds for each captured second: 1 is the captured pace, 0 waits for nothing.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Told of each request in one line.</summary>
    public Action<string>? Log { get; init; }
}

/// <summary>
/// The mocks of a fixture on loopback, for an agent in another process or language: the models of OpenAI (Chat Completions, Responses),
/// Anthropic (Messages), Google (generateContent) and Amazon Bedrock (Converse), its tools over MCP, and the authored responses of their
/// own requests.
/// Order and outcome are the recording's; the agent's own threads and clock are not controlled.
/// </summary>
public sealed class FixtureServer : IAsyncDisposable
{
    private readonly MockHost _host;
    private readonly Served _served;

    private FixtureServer(MockHost host, Served served) => (_host, _served) = (host, served);

    /// <summary>Where it listens, for example <c>http://127.0.0.1:5001</c>.</summary>
    public string Url => _host.Url;

    /// <summary>The variables that point SDKs at it.</summary>
    public IReadOnlyDictionary<string, string> Variables =>
        WireFormats.Addresses.ToDictionary(a => a.Variable, a => Url + a.Suffix, StringComparer.Ordinal);

    /// <summary>The first request that contradicted the recording, or null.</summary>
    public string? Divergence => _served.Context.Divergence?.ToString();

    /// <summary>Starts a server.</summary>
    /// <exception cref="BadInputException">The port is taken.</exception>
    public static async Task<FixtureServer> StartAsync(FixtureServerOptions options, CancellationToken cancellationToken = default)
    {
        var served = ServedOf(options);
        return new(await MockHost.StartAsync(() => served, options.Port, telemetry: null, cancellationToken).ConfigureAwait(false), served);
    }

    /// <summary>Serves the fixture's tools over MCP on lines of standard input and output, until the input ends.</summary>
    /// <param name="options">What to serve; the port is not used.</param>
    /// <param name="input">The client's messages.</param>
    /// <param name="output">The answers.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The first call that contradicted the recording, or null.</returns>
    public static async Task<string?> ServeMcpAsync(
        FixtureServerOptions options,
        TextReader input,
        TextWriter output,
        CancellationToken cancellationToken = default
    )
    {
        var served = ServedOf(options);
        await new McpLines(served).ServeAsync(input, output, cancellationToken).ConfigureAwait(false);
        return served.Context.Divergence?.ToString();
    }

    /// <summary>Waits until the process is told to end (Ctrl-C, SIGTERM).</summary>
    public Task WaitAsync() => _host.App.WaitForShutdownAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static Served ServedOf(FixtureServerOptions options) =>
        new(new ReplayContext(new(options.Fixture), log: options.Log), new ScaledResponder(options.Clock, options.TimeScale));
}
