using System.Text.Json;
using System.Text.Json.Nodes;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Wire;

/// <summary>A call of a tool over MCP, and what to answer it with.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">Its arguments, canonical JSON.</param>
internal sealed record McpCall(string Tool, string Arguments);

/// <summary>What a tool answered over MCP.</summary>
/// <param name="Text">The result, or the text of the error.</param>
/// <param name="IsError">Whether the tool failed.</param>
internal readonly record struct McpResult(string Text, bool IsError)
{
    /// <summary>The answer of a captured behaviour.</summary>
    public static McpResult Of(Behaviour behaviour) =>
        behaviour.Error is { } error
            ? new($"{new Traces.CallError(error.Type, error.Message)}", IsError: true)
            : new(FixtureIndex.TextOf(behaviour.Result!.Value), IsError: false);
}

/// <summary>
/// The server's side of the Model Context Protocol (revisions to 2025-11-25), as far as a mock of tools needs it: JSON-RPC 2.0 requests of one client, without sessions, resources, prompts or sampling.
/// </summary>
internal sealed class McpMessages(Fixture fixture)
{
    private const string LatestVersion = "2025-11-25";
    private const int ParseError = -32700,
        InvalidRequest = -32600,
        MethodNotFound = -32601,
        InvalidParams = -32602;

    /// <summary>Answers a message; null for a notification, which has no answer.</summary>
    /// <param name="message">One JSON-RPC message.</param>
    /// <param name="callAsync">Makes a call of a tool.</param>
    public async Task<JsonObject?> AnswerAsync(ReadOnlyMemory<byte> message, Func<McpCall, Task<McpResult>> callAsync)
    {
        JsonNode? request;
        try
        {
            request = JsonNode.Parse(message.Span, documentOptions: new JsonDocumentOptions { MaxDepth = 128 });
        }
        catch (JsonException e)
        {
            return Error(null, ParseError, $"the message is no JSON: {e.Message.TrimEnd('.')}");
        }
        if (request is not JsonObject body || body["method"] is not JsonValue method || method.GetValueKind() != JsonValueKind.String)
            return Error(null, InvalidRequest, "expected a JSON-RPC request with a method");
        var id = body["id"]?.DeepClone();
        if (id is null)
            return null;
        return method.GetValue<string>() switch
        {
            "initialize" => Result(id, Hello(body["params"])),
            "ping" => Result(id, []),
            "tools/list" => Result(id, new JsonObject { ["tools"] = new JsonArray([.. Tools()]) }),
            "tools/call" => await CallAsync(id, body["params"], callAsync),
            var other => Error(
                id,
                MethodNotFound,
                $"{other} is not served: this is a mock of tools (initialize, ping, tools/list, tools/call)"
            ),
        };
    }

    private static async Task<JsonObject> CallAsync(JsonNode id, JsonNode? parameters, Func<McpCall, Task<McpResult>> callAsync)
    {
        if (parameters is not JsonObject map || map["name"] is not JsonValue name || name.GetValueKind() != JsonValueKind.String)
            return Error(id, InvalidParams, "$.params.name: is missing");
        var result = await callAsync(new(name.GetValue<string>(), Traces.Json.Canonical(map["arguments"]?.ToJsonString() ?? "{}")));
        return Result(
            id,
            new JsonObject
            {
                ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = result.Text }),
                ["isError"] = result.IsError,
            }
        );
    }

    private JsonObject Hello(JsonNode? parameters) =>
        new()
        {
            // The client's own version: what is served has not changed between them.
            ["protocolVersion"] = parameters?["protocolVersion"]?.DeepClone() ?? LatestVersion,
            ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
            ["serverInfo"] = new JsonObject { ["name"] = $"replay-harness {fixture.Incident}", ["version"] = "1" },
        };

    private IEnumerable<JsonNode> Tools() =>
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
            ["id"] = id,
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
