using Pitfalls;

namespace Races;

/// <summary>One client for all calls; whose call it is stands in its default headers.</summary>
public static class DefaultHeaders
{
    public static Dispatch Broken { get; } =
        Of(
            (client, i) =>
            {
                client.DefaultRequestHeaders.Remove(Backend.Header);
                client.DefaultRequestHeaders.Add(Backend.Header, $"{i}");
                return new HttpRequestMessage(HttpMethod.Get, Backend.Address);
            }
        );

    public static Dispatch Fixed { get; } =
        Of(
            (_, i) =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, Backend.Address);
                request.Headers.Add(Backend.Header, $"{i}");
                return request;
            }
        );

    private static Dispatch Of(Func<HttpClient, int, HttpRequestMessage> make) =>
        Turn.OnAnswers(
            Meets.Collected,
            Backend.Client,
            (client, i, _) =>
            {
                using var request = make(client, i);
                using var response = client.Send(request);
                if (response.ReasonPhrase != $"{i}")
                    throw new InvalidOperationException($"the page of call {i} was given to another");
            }
        );
}

/// <summary>A request is kept ready for whoever sends next, who then makes another.</summary>
public static class PreparedRequest
{
    public static Dispatch Broken { get; } =
        Of(sender =>
        {
            var mine = sender.Prepared;
            sender.Prepared = Sender.Prepare();
            return mine;
        });

    public static Dispatch Fixed { get; } = Of(sender => Interlocked.Exchange(ref sender.Prepared, Sender.Prepare()));

    private static Dispatch Of(Func<Sender, HttpRequestMessage> take) =>
        Turn.OverAnswers(
            Fans.Tasks,
            () => new Sender(),
            (sender, _, _) =>
            {
                for (var page = 0; page < 10; page++)
                {
                    using var response = sender.Client.Send(take(sender));
                }
            }
        );

    private sealed class Sender
    {
        public HttpClient Client { get; } = Backend.Client();

        public HttpRequestMessage Prepared = Prepare();

        public static HttpRequestMessage Prepare()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, Backend.Address);
            request.Headers.Add(Backend.Header, "page");
            return request;
        }
    }
}

/// <summary>Answers at once, with what the header says.</summary>
internal sealed class Backend : HttpMessageHandler
{
    public const string Header = "X-Call";

    public static readonly Uri Address = new("https://papers.example/");

    public static HttpClient Client() => new(new Backend()) { Timeout = Timeout.InfiniteTimeSpan };

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        new()
        {
            RequestMessage = request,
            ReasonPhrase = request.Headers.TryGetValues(Header, out var values) ? string.Join(',', values) : "none",
        };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Send(request, cancellationToken));
}
