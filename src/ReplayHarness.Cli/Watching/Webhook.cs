using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Stores;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Watching;

/// <summary>Who is told of events: one request each, signed with HMAC-SHA256 over its body.</summary>
internal sealed class Webhook : IDisposable
{
    /// <summary>The header of the signature: <c>sha256=</c> and 64 hex digits.</summary>
    public const string SignatureHeader = "X-ReplayHarness-Signature";

    /// <summary>The header of the event's id.</summary>
    public const string EventHeader = "X-ReplayHarness-Event";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)];

    private readonly Uri _url;
    private readonly byte[] _key;

    // Who is redirected would send the event to somebody whom nobody named.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = s_timeout };

    private Webhook(Uri url, byte[] key) => (_url, _key) = (url, key);

    /// <summary>What messages call it.</summary>
    public string Name => Secret.Hide(_url.GetLeftPart(UriPartial.Path));

    /// <summary>The webhook of an address.</summary>
    /// <param name="url">The address.</param>
    /// <param name="variable">The environment variable that holds the key.</param>
    /// <exception cref="BadInputException">It is no address, or there is no key.</exception>
    public static Webhook Of(string url, string variable)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new BadInputException($"--webhook {Secret.Hide(url)}: expected an address, for example https://ci.example.org/failures");
        return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } key
            ? new(address, Encoding.UTF8.GetBytes(key))
            : throw new BadInputException(
                $"--webhook {Secret.Hide(url)}: the environment variable {variable} is empty; put the key there that signs the events, or "
                    + "name another variable with --webhook-key"
            );
    }

    /// <summary>Sends an event; null where it was taken, else why not.</summary>
    public async Task<string?> SendAsync(PendingEvent pending, CancellationToken token)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (why, isForNow) = await TryAsync(pending, token).ConfigureAwait(false);
            if (why is null || !isForNow || attempt == s_pauses.Length)
                return why is null || attempt == 0
                    ? why
                    : string.Create(CultureInfo.InvariantCulture, $"{why} (tried {attempt + 1} times)");
            await Task.Delay(s_pauses[attempt], RealTime.Clock, token).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<(string? Why, bool IsForNow)> TryAsync(PendingEvent pending, CancellationToken token)
    {
        var body = Encoding.UTF8.GetBytes(pending.Body);
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation(SignatureHeader, $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(_key, body))}");
        request.Headers.TryAddWithoutValidation(EventHeader, Uri.EscapeDataString(pending.Id));
        try
        {
            using var answer = await _client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token)
                .ConfigureAwait(false);
            var isForNow =
                answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500;
            return answer.IsSuccessStatusCode
                ? (null, false)
                : (string.Create(CultureInfo.InvariantCulture, $"answered {(int)answer.StatusCode}"), isForNow);
        }
        catch (HttpRequestException e)
        {
            return (e.Message.TrimEnd('.'), true);
        }
        catch (TaskCanceledException) when (!token.IsCancellationRequested)
        {
            return (string.Create(CultureInfo.InvariantCulture, $"did not answer within {s_timeout.TotalSeconds:0} s"), true);
        }
    }
}
