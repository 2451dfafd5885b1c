using System.Net;
using System.Net.Http.Headers;
using ReplayHarness.Fixtures;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>The tools of a fixture behind MCP (streamable HTTP, without sessions): each call is an operation of the kernel that behaves as captured.</summary>
internal sealed class McpBoundary(ReplayContext context)
{
    /// <summary>The end of the path that MCP servers are reached at.</summary>
    public const string Path = "/mcp";

    private readonly McpMessages _messages = new(context.Index.Fixture);

    public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, byte[] body, CancellationToken token)
    {
        // No stream of the server's own, and no session to end.
        if (request.Method != HttpMethod.Post)
            return new HttpResponseMessage(HttpStatusCode.MethodNotAllowed)
            {
                RequestMessage = request,
                Content = new ByteArrayContent([]),
            };
        var answer = await _messages.AnswerAsync(body, call => CallAsync(call, token));
        if (answer is null)
            return new HttpResponseMessage(HttpStatusCode.Accepted) { RequestMessage = request, Content = new ByteArrayContent([]) };
        var content = new ByteArrayContent(WireFormat.Bytes(answer));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        return new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = content };
    }

    private async Task<McpResult> CallAsync(McpCall call, CancellationToken token)
    {
        var (behaviour, divergence) = context.Tools.Match(call.Tool, call.Arguments, context.Conversation.Attempt);
        if (behaviour is null)
            return await context.Diverge<McpResult>(divergence!);
        var made = context.Begin(
            BoundaryKind.Tool,
            call.Tool,
            call.Arguments,
            context.Conversation.TakeCallId(call.Tool, call.Arguments),
            behaviour
        );
        try
        {
            return await context.OperateAsync(
                made,
                TimeSpan.FromSeconds(behaviour.LatencySeconds),
                () => Outcome(behaviour),
                static r => r.Text,
                behaviour.HonoursCancellation ? token : CancellationToken.None
            );
        }
        catch (ToolFailedException e)
        {
            return new(e.Message, IsError: true);
        }
    }

    private static McpResult Outcome(Behaviour behaviour) =>
        McpResult.Of(behaviour) is { IsError: true } failed ? throw new ToolFailedException(failed.Text) : McpResult.Of(behaviour);

    // The client is told in a result; the record says that the tool failed.
    private sealed class ToolFailedException(string message) : Exception(message);
}
