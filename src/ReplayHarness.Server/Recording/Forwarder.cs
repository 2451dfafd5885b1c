using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using ReplayHarness.Server.Driving;

namespace ReplayHarness.Server.Recording;

/// <summary>Passes requests on to the real endpoints and their responses back, and keeps both; of headers only the media type.</summary>
internal sealed class Forwarder(HttpClient http, DriveClock clock) : IDisposable
{
    private static readonly HashSet<string> s_ofTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host",
        "Connection",
        "Keep-Alive",
        "Transfer-Encoding",
        "Content-Length",
        "Expect",
        "Upgrade",
        "TE",
        "Trailer",
        "Proxy-Connection",
        "Proxy-Authorization",
        "Accept-Encoding",
    };

    private static readonly string[] s_secret = ["Authorization", "x-api-key", "api-key", "x-goog-api-key", "Cookie"];

    private readonly Lock _gate = new();
    private readonly List<Exchange> _exchanges = [];
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private bool _isOver;

    /// <summary>What was exchanged, in order of the requests.</summary>
    public IReadOnlyList<Exchange> Exchanges
    {
        get
        {
            lock (_gate)
                return [.. _exchanges];
        }
    }

    /// <summary>What the requests' headers kept secret.</summary>
    public IReadOnlyList<string> Secrets
    {
        get
        {
            lock (_gate)
                return [.. _secrets.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Passes a request on to the place where it belongs.</summary>
    public async Task<Exchange> ForwardAsync(HttpContext context, Uri target)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var exchange = new Exchange
        {
            Method = context.Request.Method,
            Target = target,
            Path = context.Request.GetEncodedPathAndQuery(),
            Request = body.ToArray(),
            StartTicks = clock.NowTicks,
        };
        NoteSecrets(context);
        lock (_gate)
            _exchanges.Add(exchange);
        try
        {
            using var request = RequestOf(context, exchange);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted)
                .ConfigureAwait(false);
            await PassBackAsync(context, response, exchange).ConfigureAwait(false);
            End(exchange, ExchangeEnd.Complete, null);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            End(exchange, ExchangeEnd.GivenUp, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            End(exchange, exchange.Status == 0 ? ExchangeEnd.NoResponse : ExchangeEnd.Cut, e.Message);
            context.Abort();
        }
        return exchange;
    }

    /// <summary>Notes that the recording is over: what has not ended by now is pending, whatever becomes of it.</summary>
    public void EndAll(long ticks)
    {
        lock (_gate)
        {
            _isOver = true;
            foreach (var exchange in _exchanges.Where(e => e.End == ExchangeEnd.Pending))
                exchange.EndTicks = ticks;
        }
    }

    private void End(Exchange exchange, ExchangeEnd end, string? error)
    {
        lock (_gate)
            if (!_isOver)
                (exchange.End, exchange.Error, exchange.EndTicks) = (end, error, clock.NowTicks);
    }

    /// <summary>Whether an exchange has not ended.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate)
                return _exchanges.Exists(e => e.End == ExchangeEnd.Pending);
        }
    }

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage RequestOf(HttpContext context, Exchange exchange)
    {
        var request = new HttpRequestMessage(new HttpMethod(exchange.Method), exchange.Target);
        if (exchange.Request.Length > 0 || HttpMethods.IsPost(exchange.Method) || HttpMethods.IsPut(exchange.Method))
            request.Content = new ByteArrayContent(exchange.Request);
        foreach (var (name, values) in context.Request.Headers.Where(h => !s_ofTheConnection.Contains(h.Key)))
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        return request;
    }

    private async Task PassBackAsync(HttpContext context, HttpResponseMessage response, Exchange exchange)
    {
        exchange.Status = context.Response.StatusCode = (int)response.StatusCode;
        exchange.ContentType = response.Content.Headers.ContentType?.ToString() ?? "";
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            if (!s_ofTheConnection.Contains(name))
                context.Response.Headers[name] = values.ToArray();
        await using var stream = await response.Content.ReadAsStreamAsync(context.RequestAborted).ConfigureAwait(false);
        var buffer = new byte[1 << 16];
        for (int read; (read = await stream.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0; )
        {
            exchange.Add(buffer.AsSpan(0, read), clock.NowTicks);
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    private void NoteSecrets(HttpContext context)
    {
        const string Bearer = "Bearer ";
        lock (_gate)
            foreach (
                var value in s_secret
                    .SelectMany(name => context.Request.Headers[name])
                    // Google takes its key in the query, too.
                    .Concat(context.Request.Query["key"])
                    .OfType<string>()
            )
                _secrets.Add(value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? value[Bearer.Length..].Trim() : value);
    }
}
