using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>The http boundary: every request is answered by the fixture's authored responses, as a healthy backend does; none leaves the process.</summary>
internal sealed class HttpBoundary(ReplayContext context) : HttpMessageHandler
{
    private readonly WireBoundary _models = new(context);
    private readonly McpBoundary _tools = new(context);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        AnswerAsync(request, cancellationToken);

    /// <summary>The answer to a request: an authored response, else, where it goes to a model's API, the model's.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var bytes = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var body = Encoding.UTF8.GetString(bytes);
        var url = request.RequestUri?.AbsoluteUri ?? "";
        var answer = context.Http.Next(request.Method.Method, known => known == url, body);
        if (answer is null && request.RequestUri?.AbsolutePath.EndsWith(McpBoundary.Path, StringComparison.Ordinal) == true)
            return await _tools.AnswerAsync(request, bytes, cancellationToken);
        if (answer is null && WireFormats.Of(request.Method.Method, request.RequestUri?.AbsolutePath ?? "") is { } format)
            return await _models.AnswerAsync(format, request, bytes, cancellationToken);
        if (answer is null)
            return await UnmatchedAsync(NoMatch(request.Method.Method, url), request);
        var call = context.Begin(BoundaryKind.Http, $"{request.Method.Method} {url}");
        TimeSpan? latency = answer.Record.Fault == HttpFault.NoAnswer ? null : TimeSpan.FromSeconds(answer.Record.LatencySeconds);
        return await context.OperateAsync(
            call,
            latency,
            () => Respond(answer, request),
            static r => $"{(int)r.StatusCode}",
            cancellationToken
        );
    }

    private Task<HttpResponseMessage> UnmatchedAsync(Divergence divergence, HttpRequestMessage request)
    {
        if (context.Index.Matching.OnMismatch == MismatchPolicy.Fail)
            return context.Diverge<HttpResponseMessage>(divergence);
        context.Conversation.Note($"no match, and 404 in its place: {divergence}");
        return Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.NotFound) { RequestMessage = request, Content = new ByteArrayContent([]) }
        );
    }

    private HttpResponseMessage Respond(HttpAnswer answer, HttpRequestMessage request)
    {
        switch (answer.Record.Fault)
        {
            case HttpFault.ConnectionReset:
                throw new HttpRequestException(
                    HttpRequestError.ConnectionError,
                    "Connection reset by peer",
                    new IOException("Connection reset by peer")
                );
            case HttpFault.EmptyResponse:
                throw new HttpRequestException(
                    HttpRequestError.ResponseEnded,
                    "The response ended prematurely.",
                    new HttpIOException(HttpRequestError.ResponseEnded)
                );
            case HttpFault.MalformedResponse:
                throw new HttpRequestException(
                    HttpRequestError.InvalidResponse,
                    "The server returned an invalid or unrecognized response.",
                    new HttpIOException(HttpRequestError.InvalidResponse)
                );
        }
        var body = Encoding.UTF8.GetBytes(answer.Body);
        HttpContent content = answer.Record.Dribble is { } dribble
            ? new StreamContent(new PacedStream(Pace.Dribbled(body, dribble, begins: 0), context.Kernel.Time, static () => { }))
            : new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(answer.Record.ContentType, "utf-8");
        var response = new HttpResponseMessage((HttpStatusCode)answer.Record.Status) { RequestMessage = request, Content = content };
        foreach (var (name, value) in answer.Record.Headers ?? new Dictionary<string, string>())
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    private Divergence NoMatch(string method, string url)
    {
        var what = $"the agent sent {method} {url}";
        var responses = context.Index.Responses;
        if (responses.Count == 0)
            return new(what, null, ["the fixture holds no http responses; author them in its folder http/"]);
        var nearest = responses.MaxBy(r => CommonPrefix(r.Record.Url, url))!.Record;
        var reason =
            nearest.Method != method ? $"the method {nearest.Method} is different"
            : nearest.Url != url ? "the URL is different"
            : "the body is different";
        return new(what, $"{nearest.Method} {nearest.Url}", [reason]);
    }

    private static int CommonPrefix(string a, string b) => a.AsSpan().CommonPrefixLength(b);
}
