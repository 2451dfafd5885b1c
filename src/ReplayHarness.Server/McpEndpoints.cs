using System.Text;
using Microsoft.AspNetCore.Http;
using ReplayHarness.Fixtures;
using ReplayHarness.Wire;

namespace ReplayHarness.Server;

/// <summary>The tools of a fixture over MCP: streamable HTTP without sessions, or lines on standard input and output.</summary>
internal sealed class McpEndpoints(FixtureServerOptions options, FixtureIndex index)
{
    // Answers that complete at once must not mix.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly McpMessages _messages = new(options.Fixture.Fixture);
    private readonly ToolMatcher _tools = new(index);
    private readonly Lock _lock = new();

    public string? Divergence { get; private set; }

    public async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var answer = await _messages.AnswerAsync(body.ToArray(), call => CallAsync(call, context.RequestAborted)).ConfigureAwait(false);
        context.Response.StatusCode = answer is null ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        if (answer is null) return;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(WireFormat.Bytes(answer), context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Serves one client over lines until its input ends; calls are answered as they complete.</summary>
    public async Task ServeLinesAsync(TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        List<Task> open = [];
        while (await input.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            if (!string.IsNullOrWhiteSpace(line)) open.Add(AnswerLineAsync(line, output, cancellationToken));
        await Task.WhenAll(open).ConfigureAwait(false);
    }

    private async Task AnswerLineAsync(string line, TextWriter output, CancellationToken cancellationToken)
    {
        var answer = await _messages.AnswerAsync(Encoding.UTF8.GetBytes(line), call => CallAsync(call, cancellationToken)).ConfigureAwait(false);
        if (answer is null) return;
        var text = Encoding.UTF8.GetString(WireFormat.Bytes(answer)) + "\n";
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await output.WriteAsync(text.AsMemory(), cancellationToken).ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<McpResult> CallAsync(McpCall call, CancellationToken cancellationToken)
    {
        Behaviour? behaviour;
        Divergence? divergence;
        lock (_lock) (behaviour, divergence) = _tools.Match(call.Tool, call.Arguments, attempt: 1);
        if (behaviour is null)
        {
            Divergence ??= $"{divergence}";
            options.Log?.Invoke($"mcp: refused: {divergence}");
            return new($"{divergence}", IsError: true);
        }
        options.Log?.Invoke($"mcp: {behaviour.Id} {(behaviour.Error is null ? "answers" : "fails")}, as captured");
        await Task.Delay(TimeSpan.FromSeconds(behaviour.LatencySeconds * options.TimeScale), options.Clock, cancellationToken).ConfigureAwait(false);
        return McpResult.Of(behaviour);
    }
}
