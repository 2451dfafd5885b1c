using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>The mocked model behind a provider's HTTP API: SDKs talk to it as to the provider, their own retries and time-outs included.</summary>
internal sealed class WireBoundary(ReplayContext context)
{
    private readonly WireModel _model = new(context.Conversation);

    public async Task<HttpResponseMessage> AnswerAsync(WireFormat format, HttpRequestMessage request, byte[] body, CancellationToken token)
    {
        WireRequest asked;
        try
        {
            asked = format.Read(body);
        }
        catch (WireException e)
        {
            return await context.Diverge<HttpResponseMessage>(new($"the agent sent POST {request.RequestUri}", null, [e.Message]));
        }
        var (answer, messages, divergence) = _model.Next(asked);
        if (divergence is not null) return await context.Diverge<HttpResponseMessage>(divergence);
        var call = context.Begin(BoundaryKind.Model, asked.Model.Length == 0 ? "model" : asked.Model, input: messages);
        return await SendAsync(format, request, call, answer!, token);
    }

    private async Task<HttpResponseMessage> SendAsync(WireFormat format, HttpRequestMessage request, BoundaryCall call, WireAnswer answer, CancellationToken token)
    {
        var refusal = answer.Turn.Error is { } error ? WireRefusal.Of(error) : null;
        var pace = answer.Request.Streams && refusal is null ? new Pace(format.Events(answer).ToArray(), answer.Turn.LatencySeconds) : null;
        TimeSpan? latency = refusal?.Hangs == true ? null : pace?.First ?? TimeSpan.FromSeconds(answer.Turn.LatencySeconds);
        try
        {
            return await context.OperateAsync(call, latency, () => Respond(format, request, call, answer, refusal, pace), static _ => null, token);
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

    private HttpResponseMessage Respond(WireFormat format, HttpRequestMessage request, BoundaryCall call, WireAnswer answer, WireRefusal? refusal, Pace? pace)
    {
        if (refusal is { Breaks: true }) throw new HttpRequestException(HttpRequestError.ConnectionError, answer.Turn.Error!.Message, new IOException(answer.Turn.Error.Message));
        if (answer.Turn.Error is { } error)
        {
            var status = refusal?.Status ?? 200;
            var response = Of(request, status, new ByteArrayContent(WireFormat.Bytes(refusal is null ? format.Body(answer) : format.Refusal(status, error.Message))), "application/json");
            if (refusal?.RetryAfter is { } seconds) response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
            // The client gets its answer; the record says that the model failed.
            throw new RefusedException($"{error.Type}: {error.Message}", response);
        }
        call.Output = Conversation.Respond(answer.Turn);
        return pace is null
            ? Of(request, 200, new ByteArrayContent(WireFormat.Bytes(format.Body(answer))), "application/json")
            : Of(request, 200, new StreamContent(new PacedStream(pace, context.Kernel.Time, () => call.Succeed(context.Kernel.Time.NowTicks, null))), "text/event-stream");
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

/// <summary>When each piece of a stream comes: evenly over the time that the answer took.</summary>
/// <param name="events">The pieces.</param>
/// <param name="seconds">The time from the request to the last.</param>
internal sealed class Pace(IReadOnlyList<string> events, double seconds)
{
    public int Count => events.Count;

    /// <summary>From the request to the first piece.</summary>
    public TimeSpan First => Gap;

    /// <summary>Between two pieces.</summary>
    public TimeSpan Gap => TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond) / events.Count);

    public byte[] this[int index] => Encoding.UTF8.GetBytes(events[index]);
}

/// <summary>A stream whose pieces come at their times; the first is there at once.</summary>
internal sealed class PacedStream(Pace pace, TimeProvider time, Action ended) : Stream
{
    private int _next;
    private ReadOnlyMemory<byte> _left;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left.IsEmpty)
        {
            if (_next == pace.Count) return 0;
            if (_next > 0) await Task.Delay(pace.Gap, time, cancellationToken);
            _left = pace[_next++];
            if (_next == pace.Count) ended();
        }
        var count = Math.Min(buffer.Length, _left.Length);
        _left[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
