using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Server;

/// <summary>All mocks behind one port on loopback. It also stands for the proxy of clients that take one from their environment, so that what they ask of other hosts comes here and nowhere else.</summary>
internal sealed class MockHost : IAsyncDisposable
{
    private readonly Func<Session> _session;
    private readonly ModelEndpoints _models;
    private readonly HttpStubs _stubs;

    private MockHost(Func<Session> session) => (_session, _models, _stubs) = (session, new(session), new(session));

    public WebApplication App { get; private set; } = null!;

    public string Url => LoopbackApp.UrlOf(App);

    /// <summary>Starts it.</summary>
    /// <param name="session">The agent that is served now.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="telemetry">Takes the agent's spans, a line of OTLP/JSON for each request; null where nobody does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">The port is taken.</exception>
    public static async Task<MockHost> StartAsync(
        Func<Session> session,
        int port,
        ILineSink? telemetry,
        CancellationToken cancellationToken
    )
    {
        var host = new MockHost(session);
        host.App = await LoopbackApp.StartAsync(port, app => host.Map(app, telemetry), cancellationToken).ConfigureAwait(false);
        return host;
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private void Map(WebApplication app, ILineSink? telemetry)
    {
        app.Map("/mcp", (RequestDelegate)new McpEndpoints(_session).AnswerAsync);
        app.Map(
            "/http/{host}/{**path}",
            (HttpContext context, string host, string? path) => _stubs.AnswerAsync(context, $"{host}/{path}{context.Request.QueryString}")
        );
        if (telemetry is not null)
        {
            app.MapPost("/v1/traces", context => OtlpEndpoints.HttpAsync(context, OtlpSchema.Traces, telemetry));
            // Asked for by exporters, and no part of a run's shape.
            foreach (var signal in (string[])["/v1/logs", "/v1/metrics"])
                app.MapPost(signal, static context => Task.CompletedTask);
        }
        app.MapFallback("{*path}", DispatchAsync);
    }

    private Task DispatchAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "/");
        var target = ForeignTarget(context);
        if (target is not null && method != HttpMethods.Connect && _stubs.Knows(method, target))
            return _stubs.AnswerAsync(context, target);
        if (WireFormats.Of(method, path) is { } format && method != HttpMethods.Connect)
            return _models.AnswerAsync(context, format);
        return RefuseAsync(context, target is null ? $"{method} {path}" : $"{method} {target}");
    }

    private Task RefuseAsync(HttpContext context, string asked)
    {
        var divergence = new Divergence(
            $"the agent sent {asked}",
            null,
            [
                $"nothing is served there; expected POST to a path that ends in {string.Join(", ", WireFormats.All.Select(f => f.Path))}, /mcp, or /http/HOST/PATH for a tool's own requests",
            ],
            "point the agent at the mock, or author the response in the fixture's folder http/"
        );
        _session().DivergeUnlessPolicy(divergence, "404");
        _session().Tell($"refused: {asked}");
        return ModelEndpoints.SendAsync(
            context,
            StatusCodes.Status404NotFound,
            new OpenAiChat().Refusal(StatusCodes.Status404NotFound, $"{divergence}")
        );
    }

    // A client that takes this for its proxy names the whole address, or asks for a tunnel to a host.
    private static string? ForeignTarget(HttpContext context)
    {
        const string Scheme = "http://";
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (context.Request.Method == HttpMethods.Connect)
            return raw;
        return raw.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? raw[Scheme.Length..] : null;
    }
}
