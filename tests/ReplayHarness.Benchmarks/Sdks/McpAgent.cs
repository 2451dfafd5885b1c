using System.IO.Pipelines;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ReplayHarness.Replays;

namespace ReplayHarness.Benchmarks.Sdks;

/// <summary>An MCP client and server over pipes; the server's tools are operations of the kernel.</summary>
internal static class McpAgent
{
    public static async Task<string> RunAsync(Kernel kernel, int turns, int width)
    {
        var tools = new Tools(kernel);
        var served = new McpServerPrimitiveCollection<McpServerTool>();
        for (var i = 0; i < width; i++)
        {
            var tool = i;
            served.Add(McpServerTool.Create((int a) => tools.CallAsync(tool, $"{a}"), new() { Name = $"t{i}", Description = "a tool" }));
        }
        var (toServer, toClient) = (new Pipe(), new Pipe());
        await using var server = McpServer.Create(
            new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()),
            new McpServerOptions
            {
                ServerInfo = new Implementation { Name = "server", Version = "1" },
                ToolCollection = served,
            }
        );
        _ = server.RunAsync();
        await using var client = await McpClient.CreateAsync(
            new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream())
        );
        var listed = (await client.ListToolsAsync()).OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        for (var turn = 0; turn < turns; turn++)
        {
            tools.NextTurn();
            await Task.WhenAll(listed.Select((tool, i) => tool.InvokeAsync(new() { ["a"] = i }).AsTask()));
        }
        return $"done {tools.First}";
    }
}
