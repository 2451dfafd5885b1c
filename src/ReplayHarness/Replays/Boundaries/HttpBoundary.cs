using System.Net;
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

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => AnswerAsync(request, cancellationToken);

    /// <summary>The answer to a request: an authored response, else, where it goes to a model's API, the model's.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var bytes = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var body = Encoding.UTF8.GetString(bytes);
        var url = request.RequestUri?.AbsoluteUri ?? "";
        var answer = context.Index.ResponseTo(request.Method.Method, known => known == url, body);
        if (answer is null && request.RequestUri?.AbsolutePath.EndsWith(McpBoundary.Path, StringComparison.Ordinal) == true) return await _tools.AnswerAsync(request, bytes, cancellationToken);
        if (answer is null && WireFormats.Of(request.Method.Method, request.RequestUri?.AbsolutePath ?? "") is { } format) return await _models.AnswerAsync(format, request, bytes, cancellationToken);
        if (answer is null) return await context.Diverge<HttpResponseMessage>(NoMatch(request.Method.Method, url));
        var call = context.Begin(BoundaryKind.Http, $"{request.Method.Method} {url}");
        var latency = TimeSpan.FromSeconds(answer.Record.LatencySeconds);
        return await context.OperateAsync(call, latency, () => Respond(answer, request), static r => $"{(int)r.StatusCode}", cancellationToken);
    }

    private static HttpResponseMessage Respond(HttpAnswer answer, HttpRequestMessage request) => new((HttpStatusCode)answer.Record.Status)
    {
        RequestMessage = request,
        Content = new StringContent(answer.Body, Encoding.UTF8, answer.Record.ContentType),
    };

    private Divergence NoMatch(string method, string url)
    {
        var what = $"the agent sent {method} {url}";
        var responses = context.Index.Responses;
        if (responses.Count == 0) return new(what, null, ["the fixture holds no http responses; author them in its folder http/"]);
        var nearest = responses.MaxBy(r => CommonPrefix(r.Record.Url, url))!.Record;
        var reason = nearest.Method != method ? $"the method {nearest.Method} is different"
            : nearest.Url != url ? "the URL is different"
            : "the body is different";
        return new(what, $"{nearest.Method} {nearest.Url}", [reason]);
    }

    private static int CommonPrefix(string a, string b) => a.AsSpan().CommonPrefixLength(b);
}
