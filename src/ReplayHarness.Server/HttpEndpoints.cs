using System.Globalization;
using Microsoft.AspNetCore.Http;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Wire;

namespace ReplayHarness.Server;

/// <summary>Carries answers over HTTP to an agent in another process.</summary>
internal sealed class HttpEndpoints(Func<Served> served)
{
    /// <summary>Answers a request to the mock itself.</summary>
    public Task AnswerAsync(HttpContext context) => AnswerAsync(context, PathOf(context), isToMock: true);

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="url">Where it goes: host, path and query; or a path of the mock's own.</param>
    /// <param name="isToMock">Whether it goes to the mock itself.</param>
    public async Task AnswerAsync(HttpContext context, string url, bool isToMock)
    {
        var (method, path) = (context.Request.Method, PathOf(context));
        var now = served();
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
            var asked = new HttpAsked(method, url, path, body.ToArray())
            {
                Query = context.Request.QueryString.Value ?? "",
                Header = name => context.Request.Headers[name].FirstOrDefault(),
                IsToMock = isToMock,
            };
            var answer = HttpAnswers.Of(now.Context, asked);
            Task Send(Outcome outcome) => SendAsync(context, outcome, now.Responder);
            await (
                answer.Call is null ? Send(answer.Delivered) : now.Responder.AnswerAsync(answer, Send, context.RequestAborted)
            ).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (ModelAnswers.Refusal(method, path, e.StatusCode, e.Message) is { } refusal)
        {
            await SendAsync(context, refusal, now.Responder).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            now.Context.Tell($"{WireFormats.Of(method, path)?.Name ?? "http"}: the client went away before it had its answer");
        }
    }

    private static string PathOf(HttpContext context) => context.Request.Path.Value ?? "/";

    private static Task SendAsync(HttpContext context, Outcome outcome, IResponder responder) =>
        outcome switch
        {
            Sent sent => SendAsync(context, sent, responder),
            Broken broken => FaultyConnection.FailAsync(context, broken.Fault),
            _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no response"),
        };

    private static async Task SendAsync(HttpContext context, Sent sent, IResponder responder)
    {
        var response = context.Response;
        response.StatusCode = sent.Status;
        response.ContentType = sent.ContentType;
        if (sent.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in sent.Headers ?? new Dictionary<string, string>())
            response.Headers[name] = value;
        if (sent.Pace is { } pace)
            await PieceAsync(context, pace, responder).ConfigureAwait(false);
        else if (sent.Body.Length > 0)
            await response.Body.WriteAsync(sent.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task PieceAsync(HttpContext context, Pace pace, IResponder responder)
    {
        var (body, aborted) = (context.Response.Body, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-cache";
        for (var i = 0; i < pace.Count; i++)
        {
            if (i > 0)
                await responder.GapAsync(pace.Gap(i), aborted).ConfigureAwait(false);
            await body.WriteAsync(pace[i], aborted).ConfigureAwait(false);
            await body.FlushAsync(aborted).ConfigureAwait(false);
        }
        if (pace.Tail > 0)
            await responder.GapAsync(pace.Tail, aborted).ConfigureAwait(false);
        if (pace.Ending == PaceEnding.Breaks)
        {
            await responder.LeaveAsync(aborted).ConfigureAwait(false);
            context.Abort();
        }
        if (pace.Ending == PaceEnding.Stalls)
            await Task.Delay(Timeout.Infinite, aborted).ConfigureAwait(false);
    }
}
