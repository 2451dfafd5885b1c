using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>Calls of the commands as MCP tools, by the official client.</summary>
internal static class McpCalls
{
    public static Task<McpClient> ClientAsync(string root) =>
        McpClient.CreateAsync(
            new StdioClientTransport(
                new StdioClientTransportOptions
                {
                    Command = "dotnet",
                    Arguments = ["exec", Path.Combine(Data.Root, "replay-harness.dll"), "mcp", "--root", root],
                }
            )
        );

    public static async Task<JsonNode> DocumentAsync(McpClient client, string tool, params (string Name, object? Value)[] arguments) =>
        JsonNode.Parse(Text(await CallAsync(client, tool, arguments), 1))!;

    public static async Task<string> AllPagesAsync(McpClient client, string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await CallAsync(client, tool, arguments);
        var text = "";
        while (true)
        {
            Assert.That(Text(result, 1), Has.Length.InRange(1, 20_000));
            text += Text(result, 1);
            var next = Regex.Match(Text(result, 0), "for the next call page with result \"(r[0-9]+)\" and offset ([0-9]+)");
            if (!next.Success)
                return text;
            Assert.That(int.Parse(next.Groups[2].Value), Is.EqualTo(text.Length));
            result = await CallAsync(client, "page", ("result", next.Groups[1].Value), ("offset", text.Length));
        }
    }

    public static async Task<CallToolResult> CallAsync(McpClient client, string tool, params (string Name, object? Value)[] arguments) =>
        await client.CallToolAsync(tool, Arguments(arguments));

    public static Dictionary<string, object?> Arguments(params (string Name, object? Value)[] arguments) =>
        arguments.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal);

    public static string Text(CallToolResult result, int block) => ((TextContentBlock)result.Content[block]).Text;
}
