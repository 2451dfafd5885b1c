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
/// The mocks of a fixture on loopback, for an agent in another process or language: the models of OpenAI (Chat Completions, Responses) and Anthropic (Messages), and the authored responses of its tools.
/// Order and outcome are the recording's; the agent's own threads and clock are not controlled.
/// </summary>
public sealed class FixtureServer : IAsyncDisposable
{
    private const int MaxRequestBytes = 32 << 20;

    private readonly WebApplication _app;
    private readonly ModelEndpoints _models;

    private FixtureServer(WebApplication app, ModelEndpoints models) => (_app, _models) = (app, models);

    /// <summary>Where it listens, for example <c>http://127.0.0.1:5001</c>.</summary>
    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The first request that contradicted the recording, or null.</summary>
    public string? Divergence => _models.Divergence;

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
        var stubs = new HttpStubs(options, new FixtureIndex(options.Fixture));
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
        return new(app, models);
    }

    /// <summary>Waits until the process is told to end (Ctrl-C, SIGTERM).</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
