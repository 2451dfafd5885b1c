using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Server;

/// <summary>All mocks behind one port on loopback. It also stands for the proxy of clients that take one from their environment, so that what they ask of other hosts comes here and nowhere else.</summary>
internal sealed class MockHost : IAsyncDisposable
{
    private const int MaxRequestBytes = 32 << 20;

    private readonly Func<Session> _session;
    private readonly ModelEndpoints _models;
    private readonly HttpStubs _stubs;

    private MockHost(WebApplication app, Func<Session> session)
    {
        App = app;
        _session = session;
        (_models, _stubs) = (new(session), new(session));
    }

    public WebApplication App { get; }

    public string Url => App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Starts it.</summary>
    /// <param name="session">The agent that is served now.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="telemetry">Takes the agent's spans, a line of OTLP/JSON for each request; null where nobody does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">The port is taken.</exception>
    public static async Task<MockHost> StartAsync(Func<Session> session, int port, ILineSink? telemetry, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // A client that takes this for its proxy asks for one host of another.
            kestrel.AllowHostHeaderOverride = true;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Listen(System.Net.IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var host = new MockHost(builder.Build(), session);
        host.Map(telemetry);
        try
        {
            await host.App.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw new BadInputException($"cannot listen: {e.Message.TrimEnd('.')}; choose another port with --port (0 takes a free one)", e);
        }
        return host;
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private void Map(ILineSink? telemetry)
    {
        App.Map("/mcp", (RequestDelegate)new McpEndpoints(_session).AnswerAsync);
        App.Map("/http/{host}/{**path}", (HttpContext context, string host, string? path) => _stubs.AnswerAsync(context, $"{host}/{path}{context.Request.QueryString}"));
        if (telemetry is not null)
        {
            App.MapPost("/v1/traces", context => OtlpEndpoints.HttpAsync(context, OtlpSchema.Traces, telemetry));
            // Asked for by exporters, and no part of a run's shape.
            foreach (var signal in (string[])["/v1/logs", "/v1/metrics"]) App.MapPost(signal, static context => Task.CompletedTask);
        }
        App.MapFallback("{*path}", DispatchAsync);
    }

    private Task DispatchAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "/");
        var target = ForeignTarget(context);
        if (target is not null && method != HttpMethods.Connect && _stubs.Knows(method, target)) return _stubs.AnswerAsync(context, target);
        if (WireFormats.Of(method, path) is { } format && method != HttpMethods.Connect) return _models.AnswerAsync(context, format);
        return RefuseAsync(context, target is null ? $"{method} {path}" : $"{method} {target}");
    }

    private Task RefuseAsync(HttpContext context, string asked)
    {
        var divergence = new Divergence($"the agent sent {asked}", null,
            [$"nothing is served there; expected POST to a path that ends in {string.Join(", ", WireFormats.All.Select(f => f.Path))}, /mcp, or /http/HOST/PATH for a tool's own requests"],
            "point the agent at the mock, or author the response in the fixture's folder http/");
        _session().Diverge(divergence);
        _session().Tell($"refused: {asked}");
        return ModelEndpoints.SendAsync(context, StatusCodes.Status404NotFound, new OpenAiChat().Refusal(StatusCodes.Status404NotFound, $"{divergence}"));
    }

    // A client that takes this for its proxy names the whole address, or asks for a tunnel to a host.
    private static string? ForeignTarget(HttpContext context)
    {
        const string Scheme = "http://";
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (context.Request.Method == HttpMethods.Connect) return raw;
        return raw.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? raw[Scheme.Length..] : null;
    }
}
