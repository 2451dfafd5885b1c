using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ReplayHarness.Server;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Mcp;

/// <summary>
/// Serves the tools over streamable HTTP on loopback. Each request is answered by itself; what its client calls a session only tells its
/// requests from those of others, so that it can cancel its own.
/// </summary>
/// <param name="tools">What is served.</param>
/// <param name="key">What a client must know: whoever has an account on this machine can reach the port.</param>
internal sealed class HttpTools(ToolServer tools, string key)
{
    /// <summary>The environment variable that holds the key.</summary>
    public const string KeyVariable = "REPLAYHARNESS_MCP_KEY";

    private const string Path = "/mcp",
        SessionHeader = "Mcp-Session-Id";

    private static readonly JsonTypeInfo<JsonRpcMessage> s_message =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private readonly byte[] _authorization = Encoding.UTF8.GetBytes($"Bearer {key}");
    private readonly ConcurrentDictionary<(string Session, string Request), CancellationTokenSource> _calls = new();
    private int _sessions;

    /// <summary>The server, with the key of the environment.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static HttpTools Of(ToolServer tools) =>
        Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key
            ? new(tools, key)
            : throw new BadInputException(
                $"--http: the environment variable {KeyVariable} is empty; put a key there that nobody knows, and give it to the client: "
                    + "the header Authorization with Bearer KEY"
            );

    /// <summary>Serves until it is ended.</summary>
    /// <exception cref="BadInputException">The port is taken.</exception>
    public async Task RunAsync(int port, CancellationToken token)
    {
        await using var app = await LoopbackApp.StartAsync(port, Map, token).ConfigureAwait(false);
        await Console.Out.WriteLineAsync($"serving {LoopbackApp.UrlOf(app)}{Path}; stop with Ctrl-C").ConfigureAwait(false);
        await app.WaitForShutdownAsync(token).ConfigureAwait(false);
    }

    private void Map(WebApplication app)
    {
        Browsers.Refuse(app);
        app.MapPost(Path, context => IsAllowed(context.Request) ? PostAsync(context, app.Lifetime.ApplicationStopping) : Refuse(context));
    }

    private bool IsAllowed(HttpRequest request) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), _authorization);

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.Response.WriteAsync($"refused: expected the header Authorization with Bearer and the key of {KeyVariable}");
    }

    private async Task PostAsync(HttpContext context, CancellationToken stopping)
    {
        if (await MessageOfAsync(context) is not { } message)
            return;
        var session = context.Request.Headers[SessionHeader].ToString();
        if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled)
        {
            if (IdOf(cancelled.Params?["requestId"]) is { } id && _calls.TryGetValue((session, id), out var call))
                await CancelAsync(call);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }
        if (message is JsonRpcRequest { Method: RequestMethods.Initialize })
            context.Response.Headers[SessionHeader] = string.Create(
                CultureInfo.InvariantCulture,
                $"s{Interlocked.Increment(ref _sessions)}"
            );
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var key = message is JsonRpcRequest request ? (session, IdOf(request.Id)) : default;
        var isKnown = key.Item2 is not null && _calls.TryAdd(key!, ending);
        try
        {
            await AnswerAsync(context, message, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Nobody waits for an answer.
        }
        finally
        {
            if (isKnown)
                _calls.TryRemove(key!, out _);
        }
    }

    private async Task AnswerAsync(HttpContext context, JsonRpcMessage message, CancellationToken token)
    {
        await using var transport = new StreamableHttpServerTransport { Stateless = true };
        var serving = tools.ServeAsync(transport, token);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-cache,no-store";
            if (await transport.HandlePostRequestAsync(message, context.Response.Body, token))
                return;
            context.Response.ContentType = null;
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        finally
        {
            await transport.DisposeAsync();
            await serving;
        }
    }

    private static async Task<JsonRpcMessage?> MessageOfAsync(HttpContext context)
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, s_message, context.RequestAborted) is { } message)
                return message;
        }
        catch (JsonException)
        {
            // Said below.
        }
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        await context.Response.WriteAsync("refused: expected one message of JSON-RPC 2.0");
        return null;
    }

    // A number and a text are two ids.
    private static string? IdOf(JsonNode? id) => id?.ToJsonString();

    private static string? IdOf(RequestId id) => IdOf(JsonSerializer.SerializeToNode(id, McpJsonUtilities.DefaultOptions));

    private static async Task CancelAsync(CancellationTokenSource call)
    {
        try
        {
            await call.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }
}
