using System.Net;
using System.Net.Http.Headers;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// The http boundary: every request is answered by the fixture; none leaves the process. Models and tools behind HTTP are reached through
/// it too.
/// </summary>
internal sealed class HttpBoundary(KernelCarrier carrier) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        AnswerAsync(request, cancellationToken);

    /// <summary>The answer to a request.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var asked = new HttpAsked(
            request.Method.Method,
            request.RequestUri?.AbsoluteUri ?? "",
            request.RequestUri?.AbsolutePath ?? "",
            body
        )
        {
            Query = request.RequestUri?.Query ?? "",
            Header = name => request.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null,
        };
        var answer = HttpAnswers.Of(carrier.Context, asked);
        var honours = answer.Call?.Behaviour?.HonoursCancellation ?? true;
        return await carrier.AnswerAsync(
            answer,
            outcome => Respond(outcome, request, answer.Call),
            honours ? cancellationToken : CancellationToken.None
        );
    }

    private HttpResponseMessage Respond(Outcome outcome, HttpRequestMessage request, BoundaryCall? call) =>
        outcome switch
        {
            Sent sent => Respond(sent, request, call),
            Broken { Fault: HttpFault.ConnectionReset } broken => throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                broken.Message ?? "Connection reset by peer",
                new IOException(broken.Message ?? "Connection reset by peer")
            ),
            Broken { Fault: HttpFault.EmptyResponse } => throw new HttpRequestException(
                HttpRequestError.ResponseEnded,
                "The response ended prematurely.",
                new HttpIOException(HttpRequestError.ResponseEnded)
            ),
            Broken { Fault: HttpFault.MalformedResponse } => throw new HttpRequestException(
                HttpRequestError.InvalidResponse,
                "The server returned an invalid or unrecognized response.",
                new HttpIOException(HttpRequestError.InvalidResponse)
            ),
            Broken broken => throw new TaskCanceledException(broken.Message, new TimeoutException(broken.Message)),
            Failed failed => throw carrier.Thrown(failed),
            _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no response"),
        };

    private AnswerInPieces InPieces(Operation operation) => new(carrier.Time, operation.Label, operation.DueTicks);

    private HttpResponseMessage Respond(Sent sent, HttpRequestMessage request, BoundaryCall? call)
    {
        HttpContent content = sent.Pace is { } pace
            ? new StreamContent(new PacedStream(pace, InPieces(call!.Operation!), () => carrier.End(call, sent)))
            : new ByteArrayContent(sent.Body);
        if (sent.ContentType is { } type)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        var response = new HttpResponseMessage((HttpStatusCode)sent.Status) { RequestMessage = request, Content = content };
        if (sent.RetryAfter is { } seconds)
            response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        foreach (var (name, value) in sent.Headers ?? new Dictionary<string, string>())
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }
}
