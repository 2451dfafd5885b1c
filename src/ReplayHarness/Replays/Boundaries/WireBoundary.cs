using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>The mocked model behind a provider's HTTP API: SDKs talk to it as to the provider, their own retries and time-outs included.</summary>
internal sealed class WireBoundary(ReplayContext context)
{
    private const string Json = "application/json";

    private readonly WireModel _model = new(context.Conversation);

    public async Task<HttpResponseMessage> AnswerAsync(WireFormat format, HttpRequestMessage request, byte[] body, CancellationToken token)
    {
        WireRequest asked;
        try
        {
            if (format.Refuses(name => request.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null) is { } wrong)
                throw new WireException(wrong);
            asked = format.Read(body);
        }
        catch (WireException e)
        {
            return await context.Diverge<HttpResponseMessage>(new($"the agent sent POST {request.RequestUri}", null, [e.Message]));
        }
        var (answer, messages, divergence) = _model.Next(asked);
        if (divergence is not null)
            return await context.Diverge<HttpResponseMessage>(divergence);
        var call = context.Begin(BoundaryKind.Model, asked.Model.Length == 0 ? "model" : asked.Model, input: messages);
        return await SendAsync(format, request, call, answer!, token);
    }

    private async Task<HttpResponseMessage> SendAsync(
        WireFormat format,
        HttpRequestMessage request,
        BoundaryCall call,
        WireAnswer answer,
        CancellationToken token
    )
    {
        var pace = Pace.Of(format, answer);
        var refusal = pace is null && answer.Turn.Error is { } error ? WireRefusal.Of(error) : null;
        TimeSpan? latency = refusal?.Hangs == true ? null : TimeSpan.FromSeconds(pace?.First ?? answer.Turn.LatencySeconds);
        try
        {
            return await context.OperateAsync(
                call,
                latency,
                () => Respond(format, request, call, answer, refusal, pace),
                static _ => null,
                token
            );
        }
        catch (RefusedException e)
        {
            return e.Response;
        }
        catch (OperationCanceledException) when (refusal?.Hangs == true)
        {
            // The client's time-out is what the recording calls one.
            call.Fail(context.Kernel.Time.NowTicks, new TimeoutException(answer.Turn.Error!.Message));
            throw;
        }
    }

    private HttpResponseMessage Respond(
        WireFormat format,
        HttpRequestMessage request,
        BoundaryCall call,
        WireAnswer answer,
        WireRefusal? refusal,
        Pace? pace
    )
    {
        if (refusal is { Breaks: true })
            throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                answer.Turn.Error!.Message,
                new IOException(answer.Turn.Error.Message)
            );
        if (pace is null && answer.Turn.Error is { } error)
        {
            var status = refusal?.Status ?? 200;
            var response = Of(
                request,
                status,
                new ByteArrayContent(WireFormat.Bytes(refusal is null ? format.Body(answer) : format.Refusal(status, error.Message))),
                Json
            );
            if (refusal?.RetryAfter is { } seconds)
                response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
            // The client gets its answer; the record says that the model failed.
            throw new RefusedException($"{error.Type}: {error.Message}", response);
        }
        if (answer.Turn.Error is null)
            call.Output = Conversation.Respond(answer.Turn);
        return pace is null
            ? Of(request, 200, new ByteArrayContent(WireFormat.Bytes(format.Body(answer))), Json)
            : Of(
                request,
                200,
                new StreamContent(new PacedStream(pace, context.Kernel.Time, () => End(call, answer.Turn))),
                answer.Request.Streams ? "text/event-stream" : Json
            );
    }

    private void End(BoundaryCall call, RecordedTurn turn)
    {
        if (turn.Error is { } error)
            call.Fail(context.Kernel.Time.NowTicks, new Traces.CallError(error.Type, error.Message));
        else
            call.Succeed(context.Kernel.Time.NowTicks, null);
    }

    private static HttpResponseMessage Of(HttpRequestMessage request, int status, HttpContent content, string type)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(type) { CharSet = "utf-8" };
        return new((HttpStatusCode)status) { RequestMessage = request, Content = content };
    }

    private sealed class RefusedException(string message, HttpResponseMessage response) : Exception(message)
    {
        public HttpResponseMessage Response => response;
    }
}
