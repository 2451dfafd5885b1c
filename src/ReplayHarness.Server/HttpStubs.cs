using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;

namespace ReplayHarness.Server;

/// <summary>The authored responses of a fixture: <c>/http/HOST/PATH</c> stands for <c>http(s)://HOST/PATH</c>.</summary>
internal sealed class HttpStubs(FixtureServerOptions options, FixtureIndex index)
{
    public async Task AnswerAsync(HttpContext context, string host, string? path)
    {
        var url = $"://{host}/{path}{context.Request.QueryString}";
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false);
        var answer = index.ResponseTo(context.Request.Method, known => known.EndsWith(url, StringComparison.Ordinal), body);
        options.Log?.Invoke($"http: {context.Request.Method} {url[3..]} -> {(answer is null ? "404, the fixture has no response to it" : $"{answer.Record.Status}")}");
        if (answer is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync($"the fixture has no response to {context.Request.Method} {context.Request.GetEncodedPathAndQuery()}; it has {string.Join(", ", index.Responses.Select(r => $"{r.Record.Method} {r.Record.Url}"))}", context.RequestAborted).ConfigureAwait(false);
            return;
        }
        await Task.Delay(TimeSpan.FromSeconds(answer.Record.LatencySeconds * options.TimeScale), options.Clock, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = answer.Record.Status;
        context.Response.ContentType = answer.Record.ContentType;
        await context.Response.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
