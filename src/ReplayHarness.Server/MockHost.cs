using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Server;

/// <summary>
/// All mocks behind one port on loopback. It also stands for the proxy of clients that take one from their environment, so that what they
/// ask of other hosts comes here and nowhere else.
/// </summary>
internal sealed class MockHost : IAsyncDisposable
{
    private readonly HttpEndpoints _mocks;
    private readonly Func<Served> _served;

    private MockHost(Func<Served> served) => (_mocks, _served) = (new(served), served);

    public WebApplication App { get; private set; } = null!;

    public string Url => LoopbackApp.UrlOf(App);

    /// <summary>Starts it.</summary>
    /// <param name="served">The agent that is served now.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="telemetry">Takes the agent's spans, a line of OTLP/JSON for each request; null where nobody does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">The port is taken.</exception>
    public static async Task<MockHost> StartAsync(Func<Served> served, int port, ILineSink? telemetry, CancellationToken cancellationToken)
    {
        var host = new MockHost(served);
        host.App = await LoopbackApp.StartAsync(port, app => host.Map(app, telemetry), cancellationToken).ConfigureAwait(false);
        return host;
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private void Map(WebApplication app, ILineSink? telemetry)
    {
        Browsers.RefusePages(app, line => _served().Context.Tell(line));
        app.Map(
            "/http/{host}/{**path}",
            (HttpContext context, string host, string? path) =>
                _mocks.AnswerAsync(context, $"{host}/{path}{context.Request.QueryString}", isToMock: false)
        );
        if (telemetry is not null)
        {
            var endpoints = new OtlpEndpoints(MemoryBudget.OfMachine());
            app.MapPost("/v1/traces", context => endpoints.HttpAsync(context, OtlpSchema.Traces, telemetry));
            // Asked for by exporters, and no part of a run's shape.
            foreach (var signal in (string[])["/v1/logs", "/v1/metrics"])
                app.MapPost(signal, static context => Task.CompletedTask);
        }
        app.MapFallback("{*path}", AnswerAsync);
    }

    private Task AnswerAsync(HttpContext context) =>
        ForeignTarget(context) is { } target
            ? _mocks.AnswerAsync(context, target, isToMock: context.Request.Method == HttpMethods.Connect)
            : _mocks.AnswerAsync(context);

    // A client that takes this for its proxy names the whole address, or asks for a tunnel to a host, which nothing answers.
    private static string? ForeignTarget(HttpContext context)
    {
        const string Scheme = "http://";
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (context.Request.Method == HttpMethods.Connect)
            return raw;
        return raw.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? raw[Scheme.Length..] : null;
    }
}
