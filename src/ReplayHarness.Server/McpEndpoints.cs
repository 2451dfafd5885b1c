using System.Text;
using Microsoft.AspNetCore.Http;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Wire;

namespace ReplayHarness.Server;

/// <summary>The tools of a fixture over MCP: streamable HTTP without sessions, or lines on standard input and output.</summary>
internal sealed class McpEndpoints(Func<Session> session)
{
    // Answers that complete at once must not mix.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly McpMessages _messages = new(session().Index.Fixture);

    public async Task AnswerAsync(HttpContext context)
    {
        // No stream of the server's own, and no session to end.
        if (context.Request.Method != HttpMethods.Post)
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var answer = await _messages.AnswerAsync(body.ToArray(), call => CallAsync(call, context.RequestAborted)).ConfigureAwait(false);
        context.Response.StatusCode = answer is null ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        if (answer is null)
            return;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(WireFormat.Bytes(answer), context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Serves one client over lines until its input ends; calls are answered as they complete.</summary>
    public async Task ServeLinesAsync(TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        List<Task> open = [];
        while (await input.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            if (!string.IsNullOrWhiteSpace(line))
                open.Add(AnswerLineAsync(line, output, cancellationToken));
        await Task.WhenAll(open).ConfigureAwait(false);
    }

    private async Task AnswerLineAsync(string line, TextWriter output, CancellationToken cancellationToken)
    {
        var answer = await _messages
            .AnswerAsync(Encoding.UTF8.GetBytes(line), call => CallAsync(call, cancellationToken))
            .ConfigureAwait(false);
        if (answer is null)
            return;
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
        var now = session();
        Behaviour? behaviour;
        Divergence? divergence;
        lock (now.Gate)
            (behaviour, divergence) = now.Tools.Match(call.Tool, call.Arguments, attempt: Math.Max(1, now.Conversation.Attempt));
        if (behaviour is null)
        {
            now.Diverge(divergence!);
            now.Tell($"mcp: refused: {divergence}");
            return new($"{divergence}", IsError: true);
        }
        var result = McpResult.Of(behaviour);
        now.Tell($"mcp: {behaviour.Id} {(result.IsError ? "fails" : "answers")}, as captured");
        var asked = new Asked(BoundaryKind.Tool, call.Tool, behaviour.LatencySeconds)
        {
            Label = behaviour.Id,
            Arguments = call.Arguments,
            Behaviour = behaviour,
            Result = result.IsError ? null : result.Text,
            Error = behaviour.Error is { } error ? new(error.Type, error.Message) : null,
        };
        await now.Responder.AnswerAsync(asked, static () => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        return result;
    }
}
