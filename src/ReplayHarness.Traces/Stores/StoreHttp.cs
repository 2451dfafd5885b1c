using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Polly;
using Polly.Retry;
using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>
/// Asks a store over HTTP: what is only for now (no connection, 429, 5xx) is tried again, each other failure is one clear message.
/// </summary>
internal sealed class StoreHttp : IDisposable
{
    private const int Retries = 4;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _client = new(
        new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), AutomaticDecompression = DecompressionMethods.All }
    )
    {
        Timeout = s_timeout,
    };
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly string _source;

    /// <summary>A client of one store.</summary>
    /// <param name="source">What messages call the store.</param>
    /// <param name="address">Its address; a user and a password in it are sent as basic authentication.</param>
    /// <param name="clock">What the pauses between tries are waited for on.</param>
    /// <exception cref="BadInputException">The address is none.</exception>
    public StoreHttp(string source, string address, TimeProvider clock)
    {
        _source = source;
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new BadInputException(
                $"{source}: expected an address after the colon, for example {source.Split(':')[0]}:http://127.0.0.1:16686"
            );
        if (uri.UserInfo.Length > 0)
            Authorize("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo))));
        _client.BaseAddress = new UriBuilder(uri) { UserName = "", Password = "" }.Uri;
        _pipeline = Retrying(clock);
    }

    /// <summary>Sends a header with every request.</summary>
    public void Authorize(string scheme, string parameter) =>
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, parameter);

    /// <summary>The body of an answer; null for 404.</summary>
    public byte[]? Get(string path) =>
        Send(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd("application/json");
            return request;
        });

    /// <summary>The body of an answer to a request with a body.</summary>
    public byte[]? Post(string path, string body, string type) =>
        Send(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) });

    public void Dispose() => _client.Dispose();

    private static ResiliencePipeline<HttpResponseMessage> Retrying(TimeProvider clock) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(
                new RetryStrategyOptions<HttpResponseMessage>
                {
                    MaxRetryAttempts = Retries,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = s_firstPause,
                    ShouldHandle = args => ValueTask.FromResult(IsForNow(args.Outcome.Exception) || IsForNow(args.Outcome.Result)),
                    DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result?.Headers.RetryAfter?.Delta),
                    OnRetry = args =>
                    {
                        args.Outcome.Result?.Dispose();
                        return default;
                    },
                }
            )
            .Build();

    private static bool IsForNow(Exception? error) =>
        error
            is HttpRequestException
            {
                InnerException: not SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound }
            };

    private static bool IsForNow(HttpResponseMessage? answer) =>
        answer is not null && (answer.StatusCode == HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500);

    private byte[]? Send(Func<HttpRequestMessage> request)
    {
        try
        {
            using var answer = _pipeline.Execute(token => _client.Send(request(), token));
            using var stream = answer.Content.ReadAsStream();
            using var body = new MemoryStream();
            stream.CopyTo(body);
            return answer.IsSuccessStatusCode ? body.ToArray()
                : answer.StatusCode == HttpStatusCode.NotFound ? null
                : throw new BadInputException(Refusal(answer.StatusCode, body.ToArray()));
        }
        catch (TaskCanceledException)
        {
            throw new BadInputException(
                $"{_source}: did not answer within {s_timeout.TotalSeconds:0} s; ask for less: a key and its value, a trace, "
                    + $"or a time since"
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new BadInputException(
                $"{_source}: cannot be reached: {e.Message.TrimEnd('.')}; "
                    + $"is the address {Secret.Hide(_client.BaseAddress!.ToString())} right, and is it running?"
            );
        }
    }

    private string Refusal(HttpStatusCode status, byte[] body)
    {
        var said = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 300))).ReplaceLineEndings(" ").Trim();
        var why = status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "check the token or the user",
            HttpStatusCode.TooManyRequests => $"tried {Retries + 1} times; try again later",
            >= HttpStatusCode.InternalServerError => $"tried {Retries + 1} times",
            _ => "the request was not understood",
        };
        return $"{_source}: answered {(int)status} ({why}){(said.Length > 0 ? $": {said}" : "")}";
    }
}
