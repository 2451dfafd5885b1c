using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplayHarness.Traces;

namespace ReplayHarness.Server;

/// <summary>A web server on loopback.</summary>
internal static class LoopbackApp
{
    private const int MaxRequestBytes = 32 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Starts one on one port.</summary>
    /// <exception cref="BadInputException">The port is taken.</exception>
    public static Task<WebApplication> StartAsync(int port, Action<WebApplication> map, CancellationToken cancellationToken) =>
        StartAsync(
            [(port, HttpProtocols.Http1AndHttp2)],
            MaxRequestBytes,
            map,
            "choose another port (0 takes a free one)",
            cancellationToken
        );

    /// <summary>Starts one.</summary>
    /// <param name="ports">The ports, and what is spoken there; 0 takes a free one.</param>
    /// <param name="maxRequestBytes">The most that a request may hold.</param>
    /// <param name="map">Says what is served.</param>
    /// <param name="advice">What to do where a port is taken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">A port is taken.</exception>
    public static async Task<WebApplication> StartAsync(
        (int Port, HttpProtocols Protocols)[] ports,
        long maxRequestBytes,
        Action<WebApplication> map,
        string advice,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // A stream that a client left open would keep it for half a minute, and whoever asked it to stop ends it before that.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_patience);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // A client that takes this for its proxy asks for one host of another.
            kestrel.AllowHostHeaderOverride = true;
            // And one that speaks HTTP/2 says of what it asks that it is no https.
            kestrel.AllowAlternateSchemes = true;
            kestrel.Limits.MaxRequestBodySize = maxRequestBytes;
            foreach (var (port, protocols) in ports)
                kestrel.Listen(
                    System.Net.IPAddress.Loopback,
                    port,
                    listen =>
                    {
                        listen.Protocols = protocols;
                        if (protocols == HttpProtocols.Http1AndHttp2)
                            listen.Use(PriorKnowledge.Of);
                    }
                );
        });
        var app = builder.Build();
        map(app);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new BadInputException($"cannot listen: {e.Message.TrimEnd('.')}; {advice}", e);
        }
        return app;
    }

    /// <summary>Where it listens, port by port.</summary>
    public static string[] UrlsOf(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>Where it listens, for example <c>http://127.0.0.1:5001</c>.</summary>
    public static string UrlOf(WebApplication app) => UrlsOf(app)[0];
}
