using System.Diagnostics;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Server;

/// <summary>
/// Agents in another language, on their own SDKs, against a served fixture: the deployed one dies as it did, the mended one answers.
/// </summary>
// In real time: with nothing beside it.
[NonParallelizable]
public sealed class NodeAgentsTests
{
    private const string Question = "Find the last orders of customer C-1042 and check stock of SKU-778 in lyon-2.";
    private static readonly string s_folder = Path.Combine(Repo.Root, "tests", "Agents", "OrderDeskNode");

    [TestCase("vercel.mjs", "openai-chat")]
    [TestCase("openai-agents.mjs", "openai-responses")]
    public async Task Deployed_and_mended(string agent, string format)
    {
        using var served = await Served.StartAsync(Path.Combine(Data.Root, "fixtures", "order-desk"));
        var deployed = await RunAsync(agent, served.Http.BaseAddress!, mended: false);
        Assert.That(deployed.ExitCode, Is.Not.Zero);
        Assert.That(deployed.Errors, Does.Contain("inventory-service: request timed out after 300ms"));
        var mended = await RunAsync(agent, served.Http.BaseAddress!, mended: true);
        Assert.That((mended.ExitCode, mended.Output, mended.Errors), Is.EqualTo((0, "(synthetic: the recording ends here)\n", "")));
        var (code, log) = await served.StopAsync();
        Assert.That(code, Is.Zero);
        Assert.That(
            log.Split('\n').Where(l => l.StartsWith(format, StringComparison.Ordinal)).Select(l => l.Split(" after")[0]),
            Is.EqualTo(
                new[]
                {
                    $"{format}: calls search_orders, check_inventory",
                    $"{format}: calls search_orders, check_inventory",
                    $"{format}: a synthetic final message",
                }
            )
        );
    }

    private static async Task<ToolResult> RunAsync(string agent, Uri server, bool mended)
    {
        if (Component.OnPath("node") is not { } node || !Directory.Exists(Path.Combine(s_folder, "node_modules")))
        {
            Component.Missing($"Node.js or its packages are not installed (npm ci --prefix {Path.GetRelativePath(Repo.Root, s_folder)})");
            throw new InvalidOperationException();
        }
        var start = new ProcessStartInfo(node)
        {
            WorkingDirectory = s_folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { agent, Question },
        };
        foreach (
            var (name, value) in new[]
            {
                ("OPENAI_BASE_URL", "v1"),
                ("ORDERS_URL", "http/orders.example"),
                ("INVENTORY_URL", "http/inventory.example"),
            }
        )
            start.Environment[name] = new Uri(server, value).ToString();
        start.Environment["OPENAI_API_KEY"] = "no-key";
        start.Environment["MENDED"] = mended ? "1" : "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, output, await errors);
    }
}
