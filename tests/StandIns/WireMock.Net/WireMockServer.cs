using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WireMock.Logging;
using WireMock.Matchers.Request;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Settings;

namespace WireMock.Settings
{
    /// <summary>How a server is started.</summary>
    public class WireMockServerSettings
    {
        /// <summary>The port; null or 0 takes a free one.</summary>
        public int? Port { get; set; }
    }
}

namespace WireMock.Logging
{
    /// <summary>A request that was received.</summary>
    public interface ILogEntry
    {
        /// <summary>The request.</summary>
        IRequestMessage? RequestMessage { get; }
    }

    /// <summary>A request as it was received.</summary>
    public interface IRequestMessage
    {
        /// <summary>The method.</summary>
        string Method { get; }

        /// <summary>The path.</summary>
        string Path { get; }

        /// <summary>The body.</summary>
        string? Body { get; }
    }

    internal sealed record LogEntry(IRequestMessage? RequestMessage) : ILogEntry;

    internal sealed record RequestMessage(string Method, string Path, string? Body) : IRequestMessage;
}

namespace WireMock.Server
{
    /// <summary>Answers requests on loopback as its mappings say; 404 where none fits.</summary>
    public sealed class WireMockServer : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly List<Mapping> _mappings = [];
        private readonly Dictionary<string, string?> _states = new(StringComparer.Ordinal);
        private readonly List<ILogEntry> _entries = [];
        private readonly WebApplication _app;

        private WireMockServer(int port)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
            _app = builder.Build();
            _app.Run(AnswerAsync);
            _app.Start();
            IsStarted = true;
        }

        /// <summary>Where it listens.</summary>
        public string? Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        /// <summary>The port it listens on.</summary>
        public int Port => new Uri(Url!).Port;

        /// <summary>Whether it listens.</summary>
        public bool IsStarted { get; private set; }

        /// <summary>The requests that were received, oldest first.</summary>
        public IReadOnlyList<ILogEntry> LogEntries
        {
            get
            {
                lock (_gate)
                    return [.. _entries];
            }
        }

        /// <summary>Starts one.</summary>
        public static WireMockServer Start(int? port = 0, bool useSSL = false, bool useHttp2 = false) => new(port ?? 0);

        /// <summary>Starts one.</summary>
        public static WireMockServer Start(WireMockServerSettings settings) => new(settings.Port ?? 0);

        /// <summary>Begins a mapping.</summary>
        public IRespondWithAProvider Given(IRequestMatcher requestMatcher, bool saveToFile = false) => Given((Request)requestMatcher);

        /// <summary>Adds the mappings of a file.</summary>
        public bool ReadStaticMappingAndAddOrUpdate(string path)
        {
            MappingFile.Read(path, Given);
            return true;
        }

        /// <summary>Adds the mappings of a folder's files.</summary>
        public void ReadStaticMappings(string? folder = null)
        {
            foreach (var file in Directory.GetFiles(folder ?? Path.Combine("__admin", "mappings"), "*.json").Order(StringComparer.Ordinal))
                ReadStaticMappingAndAddOrUpdate(file);
        }

        /// <summary>Forgets mappings, states and requests.</summary>
        public void Reset()
        {
            lock (_gate)
            {
                _mappings.Clear();
                _states.Clear();
                _entries.Clear();
            }
        }

        /// <summary>Ends it.</summary>
        public void Stop()
        {
            if (!IsStarted)
                return;
            IsStarted = false;
            // Answers that are held back are not waited for.
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            _app.StopAsync(now.Token).GetAwaiter().GetResult();
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            Stop();
            ((IDisposable)_app).Dispose();
        }

        private Mapping Given(Request request) =>
            new(
                request,
                mapping =>
                {
                    lock (_gate)
                        _mappings.Add(mapping);
                }
            );

        private async Task AnswerAsync(HttpContext context)
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            var received = new ReceivedRequest(
                context.Request.Method,
                context.Request.Path.Value ?? "/",
                context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal),
                body
            );
            Mapping? mapping;
            lock (_gate)
            {
                _entries.Add(new LogEntry(new RequestMessage(received.Method, received.Path, body.Length == 0 ? null : body)));
                mapping = _mappings.OrderBy(m => m.Priority).FirstOrDefault(m => m.IsMatch(received, _states));
                if (mapping is { Scenario: { } scenario, NextState: { } next })
                    _states[scenario] = next;
            }
            if (mapping is not null)
                await SendAsync(context, mapping.Response);
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("""{"Status":"No matching mapping found"}""");
            }
        }

        private static async Task SendAsync(HttpContext context, Response response)
        {
            await Task.Delay(response.Delay, context.RequestAborted);
            if (response.Fault != FaultType.NONE)
            {
                await FailAsync(context, response.Fault);
                return;
            }
            context.Response.StatusCode = response.Status;
            foreach (var (name, values) in response.Headers)
                context.Response.Headers[name] = values;
            await context.Response.WriteAsync(response.Body, context.RequestAborted);
        }

        private static async Task FailAsync(HttpContext context, FaultType fault)
        {
            var socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
            if (fault == FaultType.MALFORMED_RESPONSE_CHUNK)
                await socket.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n"u8.ToArray(), SocketFlags.None);
            socket.Shutdown(SocketShutdown.Send);
            context.Abort();
        }
    }
}
