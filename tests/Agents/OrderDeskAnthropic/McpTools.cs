using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace OrderDesk.Anthropic;

/// <summary>The desk's tools, where an MCP server has them.</summary>
public sealed class McpTools : IAsyncDisposable
{
    private readonly McpClient _client;

    private McpTools(McpClient client, IReadOnlyList<AIFunction> all) => (_client, All) = (client, all);

    public IReadOnlyList<AIFunction> All { get; }

    public static async Task<McpTools> ConnectAsync(Uri server, CancellationToken cancellationToken)
    {
        var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = server, TransportMode = HttpTransportMode.StreamableHttp }),
            cancellationToken: cancellationToken
        );
        var tools = await client.ListToolsAsync(cancellationToken: cancellationToken);
        return new McpTools(client, [.. tools.Select(t => new Checked(t))]);
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    // A result that is an error counts as one.
    private sealed class Checked(McpClientTool tool) : DelegatingAIFunction(tool)
    {
        protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            var result = await tool.CallAsync(arguments, cancellationToken: cancellationToken);
            var text = string.Concat(result.Content.OfType<TextContentBlock>().Select(c => c.Text));
            return result.IsError == true ? throw new InvalidOperationException($"{tool.Name}: {text}") : text;
        }
    }
}
