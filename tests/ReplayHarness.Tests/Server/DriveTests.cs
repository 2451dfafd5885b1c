using System.Diagnostics;
using System.Text.Json.Nodes;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Server;

/// <summary>Agents in another process and language, driven through every order of responses: the same verdicts as in the process.</summary>
// In real time: with nothing beside it.
[NonParallelizable]
public sealed class DriveTests
{
    private const string Question = "Find the last orders of customer C-1042 and check stock of SKU-778 in lyon-2.";
    private static readonly string s_fixture = Path.Combine(Data.Root, "fixtures", "order-desk");
    private static readonly string[] s_services =
    [
        "--env",
        "ORDERS_URL={url}/http/orders.example",
        "--env",
        "INVENTORY_URL={url}/http/inventory.example",
    ];

    // The agent's time-out is of 0.3 s, which a busy machine alone can take: five times slower, all of it.
    private static readonly string[] s_slowly = ["--env", "INVENTORY_TIMEOUT_MS=1500", "--time-scale", "5"];

    // The other two of each stand in docs/agents.md, whose test runs them.
    [TestCase("vercel.mjs", "0", "reproduced", "captured@tool reproduced 2/2, healthy@http reproduced 1/2")]
    [TestCase("openai-agents.mjs", "1", "removed", "captured@tool removed 0/2, healthy@http removed 0/3")]
    public async Task Deployed_and_mended(string agent, string mended, string verdict, string hypotheses)
    {
        using var folder = new TempFolder();
        var page = Path.Combine(folder.Path, "report.html");
        var result = await Tool.RunAsync([
            "drive",
            s_fixture,
            .. s_services,
            .. s_slowly,
            "--env",
            $"MENDED={mended}",
            "--expect",
            verdict,
            "--report",
            page,
            "--json",
            "--",
            .. Node.Run(agent, Question),
        ]);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, $"{page}: open it in a browser\n")), result.Output);
        Assert.That(await File.ReadAllTextAsync(page), Does.Contain("agent, replayed in the captured order"));
        var report = JsonNode.Parse(result.Output)!;
        Assert.That((string?)report["verdict"], Is.EqualTo(verdict));
        Assert.That(
            string.Join(
                ", ",
                report["hypotheses"]!
                    .AsArray()
                    .Select(h => $"{h!["name"]} {h["verdict"]} {h["schedules"]!["failing"]}/{h["schedules"]!["represented"]}")
            ),
            Is.EqualTo(hypotheses)
        );
        Assert.That(report["hypotheses"]!.AsArray().Select(h => (bool)h!["schedules"]!["exhaustive"]!), Is.All.True);
    }

    [Test]
    public async Task A_time_out_of_a_minute_takes_seconds_where_the_clock_is_scaled()
    {
        if (!Directory.Exists("/usr/lib/x86_64-linux-gnu/faketime"))
            Component.Missing("libfaketime is not installed (apt install faketime)");
        var watch = Stopwatch.StartNew();
        var result = await Tool.RunAsync([
            "drive",
            s_fixture,
            .. s_services,
            "--env",
            "MENDED=0",
            "--env",
            "INVENTORY_TIMEOUT_MS=60000",
            "--hypothesis",
            "captured@tool",
            "--schedules",
            "captured",
            "--faketime",
            "--time-scale",
            "0.02",
            "--expect",
            "partly-removed",
            "--",
            .. Node.Run("vercel.mjs", Question),
        ]);
        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Errors);
        Assert.That(result.Output, Does.Contain("unhandled-tool-error").And.Contain("its clock, time-outs and pauses are scaled"));
        // No more than to tell it from a minute.
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(45)));
    }

    [Test]
    public async Task Another_argument_diverges()
    {
        var result = await Tool.RunAsync([
            "drive",
            s_fixture,
            .. s_services,
            "--env",
            "MENDED=1",
            "--schedules",
            "captured",
            "--",
            .. Node.Run("vercel.mjs", "Find the first orders."),
        ]);
        Assert.That(result.ExitCode, Is.EqualTo(4), result.Output + result.Errors);
        Assert.That(
            result.Output,
            Does.StartWith("diverged: The agent contradicts the fixture: the agent asked the model \"Find the first orders.\"")
                .And.Contain("what to do: ")
        );
    }

    [Test]
    public async Task The_captured_order_is_kept_and_every_other_is_tried()
    {
        var result = await Tool.RunAsync([
            "drive",
            s_fixture,
            .. s_services,
            .. s_slowly,
            "--env",
            "MENDED=1",
            "--hypothesis",
            "healthy@http",
            "--verbose",
            "--json",
            "--",
            .. Node.Run("vercel.mjs", Question),
        ]);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(
            (string?)JsonNode.Parse(result.Output)!["hypotheses"]![0]!["schedules"]!["latencyModel"],
            Is.EqualTo("captured pace once, then any-order")
        );
        Assert.That(result.Errors.Split('\n').Count(l => l.StartsWith("http: GET", StringComparison.Ordinal)), Is.EqualTo(6));
    }
}

/// <summary>The agents in Node.</summary>
internal static class Node
{
    public static readonly string Folder = Path.Combine(Repo.Root, "tests", "Agents", "OrderDeskNode");

    /// <summary>The command that runs one of them.</summary>
    public static string[] Run(string agent, params string[] arguments)
    {
        if (Component.OnPath("node") is { } node && Directory.Exists(Path.Combine(Folder, "node_modules")))
            return [node, Path.Combine(Folder, agent), .. arguments];
        Component.Missing($"Node.js or its packages are not installed (npm ci --prefix {Path.GetRelativePath(Repo.Root, Folder)})");
        throw new InvalidOperationException();
    }

    /// <summary>The command that runs a script.</summary>
    public static string[] Script(string script)
    {
        if (Component.OnPath("node") is { } node)
            return [node, "-e", script];
        Component.Missing("Node.js is not installed");
        throw new InvalidOperationException();
    }
}
