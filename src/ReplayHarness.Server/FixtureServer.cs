using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;

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
/// The mocks of a fixture on loopback, for an agent in another process or language: the models of OpenAI (Chat Completions, Responses) and Anthropic (Messages), its tools over MCP, and the authored responses of their own requests.
/// Order and outcome are the recording's; the agent's own threads and clock are not controlled.
/// </summary>
public sealed class FixtureServer : IAsyncDisposable
{
    private const int MaxRequestBytes = 32 << 20;

    private readonly WebApplication _app;
    private readonly ModelEndpoints _models;
    private readonly McpEndpoints _tools;

    private FixtureServer(WebApplication app, ModelEndpoints models, McpEndpoints tools) => (_app, _models, _tools) = (app, models, tools);

    /// <summary>Where it listens, for example <c>http://127.0.0.1:5001</c>.</summary>
    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The first request that contradicted the recording, or null.</summary>
    public string? Divergence => _models.Divergence ?? _tools.Divergence;

    /// <summary>Starts a server.</summary>
    /// <exception cref="BadInputException">The port is taken.</exception>
    public static async Task<FixtureServer> StartAsync(FixtureServerOptions options, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Listen(System.Net.IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        var models = new ModelEndpoints(options);
        var index = new FixtureIndex(options.Fixture);
        var (stubs, tools) = (new HttpStubs(options, index), new McpEndpoints(options, index));
        app.MapPost("/mcp", tools.AnswerAsync);
        app.Map("/http/{host}/{**path}", stubs.AnswerAsync);
        app.MapFallback(models.AnswerAsync);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new BadInputException($"cannot listen: {e.Message.TrimEnd('.')}; choose another port with --port (0 takes a free one)", e);
        }
        return new(app, models, tools);
    }

    /// <summary>Serves the fixture's tools over MCP on lines of standard input and output, until the input ends.</summary>
    /// <param name="options">What to serve; the port is not used.</param>
    /// <param name="input">The client's messages.</param>
    /// <param name="output">The answers.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The first call that contradicted the recording, or null.</returns>
    public static async Task<string?> ServeMcpAsync(FixtureServerOptions options, TextReader input, TextWriter output, CancellationToken cancellationToken = default)
    {
        var tools = new McpEndpoints(options, new FixtureIndex(options.Fixture));
        await tools.ServeLinesAsync(input, output, cancellationToken).ConfigureAwait(false);
        return tools.Divergence;
    }

    /// <summary>Waits until the process is told to end (Ctrl-C, SIGTERM).</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
