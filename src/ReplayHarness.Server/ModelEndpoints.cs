using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Wire;

namespace ReplayHarness.Server;

/// <summary>The recorded model behind its providers' APIs.</summary>
internal sealed class ModelEndpoints(FixtureServerOptions options)
{
    private const int BadRequest = StatusCodes.Status400BadRequest;

    private readonly WireModel _model = new(new Conversation(options.Fixture.Fixture));
    private readonly Lock _lock = new();

    public string? Divergence { get; private set; }

    public async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (WireFormats.Of(context.Request.Method, path) is not { } format)
        {
            await SendAsync(context, StatusCodes.Status404NotFound, Unknown(context.Request.Method, path)).ConfigureAwait(false);
            return;
        }
        try
        {
            var (answer, divergence) = Next(format.Read(await BodyAsync(context).ConfigureAwait(false)));
            if (divergence is not null) await RefuseAsync(context, format, BadRequest, divergence).ConfigureAwait(false);
            else await AnswerAsync(context, format, answer!).ConfigureAwait(false);
        }
        catch (WireException e)
        {
            await RefuseAsync(context, format, BadRequest, e.Message).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, format, e.StatusCode, e.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            options.Log?.Invoke($"{format.Name}: the client went away before it had its answer");
        }
    }

    // One agent is served; should it ask twice at once, its requests are taken one after the other.
    private (WireAnswer? Answer, string? Divergence) Next(WireRequest asked)
    {
        lock (_lock)
        {
            var (answer, _, divergence) = _model.Next(asked);
            if (divergence is not null) Divergence ??= $"{divergence}";
            return (answer, divergence?.ToString());
        }
    }

    private async Task AnswerAsync(HttpContext context, WireFormat format, WireAnswer answer)
    {
        var error = answer.Turn.Error;
        var refusal = error is null ? null : WireRefusal.Of(error);
        options.Log?.Invoke(Line(format, answer, refusal));
        if (refusal is { Hangs: true }) await Task.Delay(Timeout.InfiniteTimeSpan, options.Clock, context.RequestAborted).ConfigureAwait(false);
        if (answer.Request.Streams && refusal is null)
        {
            await StreamAsync(context, format, answer).ConfigureAwait(false);
            return;
        }
        await WaitAsync(answer.Turn.LatencySeconds, context.RequestAborted).ConfigureAwait(false);
        if (refusal is { Breaks: true }) context.Abort();
        else if (refusal is { } refused)
        {
            if (refused.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await SendAsync(context, refused.Status, format.Refusal(refused.Status, error!.Message)).ConfigureAwait(false);
        }
        else await SendAsync(context, StatusCodes.Status200OK, format.Body(answer)).ConfigureAwait(false);
    }

    private async Task StreamAsync(HttpContext context, WireFormat format, WireAnswer answer)
    {
        var pace = new Pace([.. format.Events(answer)], answer.Turn.LatencySeconds);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        for (var i = 0; i < pace.Count; i++)
        {
            await WaitAsync(pace.Gap.TotalSeconds, context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.WriteAsync(pace[i], context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    private Task WaitAsync(double seconds, CancellationToken cancellationToken) =>
        seconds * options.TimeScale > 0 ? Task.Delay(TimeSpan.FromSeconds(seconds * options.TimeScale), options.Clock, cancellationToken) : Task.CompletedTask;

    private async Task RefuseAsync(HttpContext context, WireFormat format, int status, string message)
    {
        options.Log?.Invoke($"{format.Name}: refused: {message.ReplaceLineEndings(" ")}");
        await SendAsync(context, status, format.Refusal(status, message)).ConfigureAwait(false);
    }

    private static JsonObject Unknown(string method, string path) => new OpenAiChat().Refusal(StatusCodes.Status404NotFound,
        $"{method} {path} is not served; expected POST to a path that ends in {string.Join(", ", WireFormats.All.Select(f => f.Path))}, or /http/HOST/PATH for a tool's own requests");

    private static string Line(WireFormat format, WireAnswer answer, WireRefusal? refusal)
    {
        var what = refusal is { Hangs: true } ? "no answer, as captured" : refusal is { Breaks: true } ? "the connection breaks, as captured" : refusal is { } r ? $"{r.Status}, as captured"
            : answer.Turn.Calls.Count > 0 ? $"calls {string.Join(", ", answer.Turn.Calls.Select(c => c.Tool))}" : answer.Turn.Text == Conversation.SyntheticText ? "a synthetic final message" : "a final message";
        return string.Create(CultureInfo.InvariantCulture, $"{format.Name}: {what} after {answer.Turn.LatencySeconds:0.###} s{(answer.Request.Streams ? ", streamed" : "")}");
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        return body.ToArray();
    }

    private static async Task SendAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(WireFormat.Bytes(body), context.RequestAborted).ConfigureAwait(false);
    }
}
