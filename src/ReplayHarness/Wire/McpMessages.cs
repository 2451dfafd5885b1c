using System.Text.Json;
using System.Text.Json.Nodes;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Wire;

/// <summary>A call of a tool over MCP, and what to answer it with.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">Its arguments, canonical JSON.</param>
internal sealed record McpCall(string Tool, string Arguments);

/// <summary>A message of a client, read.</summary>
/// <param name="Id">Its id; null for one that has none.</param>
/// <param name="Call">The call that it makes, or null.</param>
/// <param name="Reply">What answers it, where it makes no call; null for a notification, which has no answer.</param>
internal readonly record struct McpAsked(JsonNode? Id, McpCall? Call, JsonObject? Reply);

/// <summary>
/// The server's side of the Model Context Protocol (revisions to 2025-11-25), as far as a mock of tools needs it: JSON-RPC 2.0 requests of
/// one client, without sessions, resources, prompts or sampling.
/// </summary>
internal static class McpMessages
{
    private const string LatestVersion = "2025-11-25";
    private const int ParseError = -32700,
        InvalidRequest = -32600,
        MethodNotFound = -32601,
        InvalidParams = -32602;

    /// <summary>Reads a message, and answers it where it makes no call.</summary>
    /// <param name="fixture">What is served.</param>
    /// <param name="message">One JSON-RPC message.</param>
    public static McpAsked Read(Fixture fixture, ReadOnlyMemory<byte> message)
    {
        JsonNode? request;
        try
        {
            request = JsonNode.Parse(message.Span, documentOptions: new JsonDocumentOptions { MaxDepth = 128 });
        }
        catch (JsonException e)
        {
            return new(null, null, Error(null, ParseError, $"the message is no JSON: {e.Message.TrimEnd('.')}"));
        }
        if (request is not JsonObject body || body["method"] is not JsonValue method || method.GetValueKind() != JsonValueKind.String)
            return new(null, null, Error(null, InvalidRequest, "expected a JSON-RPC request with a method"));
        var id = body["id"]?.DeepClone();
        if (id is null)
            return default;
        return method.GetValue<string>() switch
        {
            "initialize" => new(id, null, Result(id, Hello(fixture, body["params"]))),
            "ping" => new(id, null, Result(id, [])),
            "tools/list" => new(id, null, Result(id, new JsonObject { ["tools"] = new JsonArray([.. Tools(fixture)]) })),
            "tools/call" => Call(id, body["params"]),
            var other => new(
                id,
                null,
                Error(id, MethodNotFound, $"{other} is not served: this is a mock of tools (initialize, ping, tools/list, tools/call)")
            ),
        };
    }

    /// <summary>The answer to a call.</summary>
    /// <param name="id">The message's id.</param>
    /// <param name="text">The result, or the text of the error; null for a result that is none.</param>
    /// <param name="isError">Whether the tool failed.</param>
    public static JsonObject Result(JsonNode id, string? text, bool isError) =>
        Result(
            id,
            new JsonObject { ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }), ["isError"] = isError }
        );

    private static McpAsked Call(JsonNode id, JsonNode? parameters) =>
        parameters is JsonObject map && map["name"] is JsonValue name && name.GetValueKind() == JsonValueKind.String
            ? new(id, new(name.GetValue<string>(), Traces.Json.Canonical(map["arguments"]?.ToJsonString() ?? "{}")), null)
            : new(id, null, Error(id, InvalidParams, "$.params.name: is missing"));

    private static JsonObject Hello(Fixture fixture, JsonNode? parameters) =>
        new()
        {
            // The client's own version: what is served has not changed between them.
            ["protocolVersion"] = parameters?["protocolVersion"]?.DeepClone() ?? LatestVersion,
            ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
            ["serverInfo"] = new JsonObject { ["name"] = $"replay-harness {fixture.Incident}", ["version"] = "1" },
        };

    private static IEnumerable<JsonNode> Tools(Fixture fixture) =>
        FixtureIndex
            .ToolsOf(fixture)
            .Select(t => new JsonObject
            {
                ["name"] = t.Name,
                ["description"] = t.Description ?? "A captured tool.",
                ["inputSchema"] = JsonNode.Parse(t.Schema.GetRawText()),
            });

    private static JsonObject Result(JsonNode id, JsonObject result) =>
        new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id.DeepClone(),
            ["result"] = result,
        };

    private static JsonObject Error(JsonNode? id, int code, string message) =>
        new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id,
            ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
        };
}
