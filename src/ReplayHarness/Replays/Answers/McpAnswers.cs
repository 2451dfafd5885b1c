using System.Text.Json.Nodes;
using ReplayHarness.Fixtures;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Answers;

/// <summary>The tools of a fixture over MCP: streamable HTTP without sessions, or messages that come some other way.</summary>
internal static class McpAnswers
{
    /// <summary>The end of the path that MCP servers are reached at.</summary>
    public const string Path = "/mcp";

    private const int Ok = 200,
        Accepted = 202,
        MethodNotAllowed = 405;

    /// <summary>The answer to a request; null where it goes to no MCP server.</summary>
    public static Answer? Of(ReplayContext context, HttpAsked asked)
    {
        if (!asked.Path.EndsWith(Path, StringComparison.Ordinal))
            return null;
        // No stream of the server's own, and no session to end.
        return asked.Method == "POST" ? Of(context, asked.Body) : Answer.AtOnce(new Sent(MethodNotAllowed, null, []));
    }

    /// <summary>The answer to a message: a response of JSON-RPC, or 202 for a notification, which has none.</summary>
    public static Answer Of(ReplayContext context, ReadOnlyMemory<byte> message)
    {
        var asked = McpMessages.Read(context.Index.Fixture, message);
        if (asked.Call is not { } call)
            return Answer.AtOnce(asked.Reply is { } reply ? Response(reply) : new Sent(Accepted, null, []));
        var answer = ToolAnswers.Of(context, call.Tool, call.Arguments);
        if (context.IsLogged)
            context.Tell($"mcp: {Told(answer)}");
        return answer.Divergence is { } divergence
            ? Answer.Refuse(divergence, Response(McpMessages.Result(asked.Id!, $"{divergence}", isError: true)))
            : new(answer.Call, answer.Latency, answer.Outcome) { Encode = outcome => Encoded(asked.Id!, outcome) };
    }

    private static Outcome Encoded(JsonNode id, Outcome outcome) =>
        outcome is Failed { Recorded: var error }
            ? Response(McpMessages.Result(id, $"{ErrorOf(error)}", isError: true)) with
            {
                Error = ErrorOf(error),
            }
            : Response(McpMessages.Result(id, outcome.Result, isError: false)) with
            {
                Result = outcome.Result,
            };

    private static Sent Response(JsonObject message) => new(Ok, Sent.Json, WireFormat.Bytes(message));

    private static Traces.CallError ErrorOf(RecordedError error) => error.AsCallError();

    private static string Told(Answer answer) =>
        answer.Divergence is { } divergence
            ? $"refused: {divergence}"
            : $"{answer.Call!.Behaviour!.Id} {(answer.Outcome is Failed ? "fails" : "answers")}, as captured";
}
