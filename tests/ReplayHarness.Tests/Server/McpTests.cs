using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Server;

/// <summary>A fixture's tools over MCP, asked by the official client: over HTTP, and as a process of its own.</summary>
public sealed class McpTests
{
    private static string Fixture => Path.Combine(Data.Root, "fixtures", "order-desk");

    [Test]
    public async Task Over_HTTP()
    {
        using var served = await Served.StartAsync(Fixture, "--time-scale", "0");
        await using (
            var client = await McpClient.CreateAsync(
                new HttpClientTransport(
                    new HttpClientTransportOptions
                    {
                        Endpoint = new Uri(served.Http.BaseAddress!, "/mcp"),
                        TransportMode = HttpTransportMode.StreamableHttp,
                    }
                )
            )
        )
            await AsCapturedAsync(client);
        var (code, errors) = await served.StopAsync();
        Assert.That(
            (code, errors),
            Is.EqualTo((0, "mcp: search_orders#1 answers, as captured\nmcp: check_inventory#1 fails, as captured\n"))
        );
    }

    [Test]
    public async Task Over_standard_input_and_output()
    {
        await using var client = await McpClient.CreateAsync(
            new StdioClientTransport(
                new StdioClientTransportOptions
                {
                    Command = "dotnet",
                    Arguments =
                    [
                        "exec",
                        Path.Combine(Data.Root, "replay-harness.dll"),
                        "serve",
                        Fixture,
                        "--mcp-stdio",
                        "--time-scale",
                        "0",
                    ],
                }
            )
        );
        await AsCapturedAsync(client);
    }

    [Test]
    public async Task A_call_that_nobody_captured_is_an_error_that_says_why()
    {
        using var served = await Served.StartAsync(Fixture, "--time-scale", "0");
        await using (
            var client = await McpClient.CreateAsync(
                new HttpClientTransport(
                    new HttpClientTransportOptions
                    {
                        Endpoint = new Uri(served.Http.BaseAddress!, "/mcp"),
                        TransportMode = HttpTransportMode.StreamableHttp,
                    }
                )
            )
        )
        {
            var result = await client.CallToolAsync(
                "check_inventory",
                new Dictionary<string, object?> { ["sku"] = "SKU-1", ["warehouse"] = "lyon-2" }
            );
            Assert.That(result.IsError, Is.True);
            Assert.That(Text(result), Does.Contain("SKU-1").And.Contain("SKU-778"));
        }
        var (code, errors) = await served.StopAsync();
        Assert.That(code, Is.EqualTo(4));
        Assert.That(errors, Does.Contain("replay-harness: diverged: "));
    }

    [TestCase("{nope", -32700)]
    [TestCase("{\"jsonrpc\":\"2.0\",\"id\":1}", -32600)]
    [TestCase("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/list\"}", -32601)]
    [TestCase("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{}}", -32602)]
    public async Task Bad_messages_get_the_protocols_errors(string message, int code)
    {
        using var served = await Served.StartAsync(Fixture, "--time-scale", "0");
        var (status, text) = await served.PostAsync("/mcp", message);
        using var answer = JsonDocument.Parse(text);
        Assert.That((status, answer.RootElement.GetProperty("error").GetProperty("code").GetInt32()), Is.EqualTo((200, code)));
    }

    [Test]
    public async Task A_notification_has_no_answer()
    {
        using var served = await Served.StartAsync(Fixture, "--time-scale", "0");
        Assert.That(await served.PostAsync("/mcp", """{"jsonrpc":"2.0","method":"notifications/initialized"}"""), Is.EqualTo((202, "")));
    }

    private static async Task AsCapturedAsync(McpClient client)
    {
        var tools = await client.ListToolsAsync();
        Assert.That(tools.Select(t => t.Name), Is.EqualTo(new[] { "check_inventory", "search_orders" }));
        Assert.That(
            tools[0].JsonSchema.GetProperty("required").EnumerateArray().Select(r => r.GetString()),
            Is.EqualTo(new[] { "sku", "warehouse" })
        );
        var found = await client.CallToolAsync(
            "search_orders",
            new Dictionary<string, object?> { ["limit"] = 5, ["customer_id"] = "C-1042" }
        );
        Assert.That((found.IsError, Text(found)), Is.EqualTo(((bool?)false, """{"orders":[{"id":"A-991","sku":"SKU-778","qty":3}]}""")));
        var failed = await client.CallToolAsync(
            "check_inventory",
            new Dictionary<string, object?> { ["sku"] = "SKU-778", ["warehouse"] = "lyon-2" }
        );
        Assert.That(
            (failed.IsError, Text(failed)),
            Is.EqualTo(((bool?)true, "TimeoutError: inventory-service: request timed out after 300ms"))
        );
    }

    private static string Text(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(c => c.Text));
}
