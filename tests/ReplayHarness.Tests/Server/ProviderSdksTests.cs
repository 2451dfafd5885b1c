using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ReplayHarness.Fixtures;
using ReplayHarness.Server;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Server;

/// <summary>
/// Agents in Node on the SDKs of Google and AWS, against a served fixture: calls and their results, refusals that the SDK itself makes
/// good, streams.
/// </summary>
public sealed class ProviderSdksTests
{
    private const string Question = "Find the last orders of customer C-1042 and check stock of SKU-778 in lyon-2.";

    private static readonly string[] s_met =
    [
        "503, as captured",
        "429, as captured",
        "calls search_orders, check_inventory",
        "a synthetic final message",
    ];

    // The SDK of AWS speaks HTTP/2, also without TLS. That of Google sends no ids of calls here.
    [TestCase("gemini.mjs", "gemini-content", "GOOGLE_GEMINI_BASE_URL")]
    [TestCase("bedrock.mjs", "bedrock-converse", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME")]
    public async Task An_agent(string agent, string format, string variable)
    {
        using var folder = new TempFolder();
        List<string> log = [];
        await using var server = await FixtureServer.StartAsync(
            new()
            {
                Fixture = FixtureFolder.Load(await RefusedAsync(folder)),
                Clock = TimeProvider.System,
                TimeScale = 0,
                Log = line =>
                {
                    lock (log)
                        log.Add(line);
                },
            }
        );
        Assert.That(server.Variables[variable], Is.EqualTo(server.Url));
        foreach (var streams in (bool[])[false, true])
        {
            log.Clear();
            var (code, output) = await RunAsync(agent, server, streams);
            Assert.That((code, output), Is.EqualTo((0, "(synthetic: the recording ends here)\n")));
            Assert.That(
                log.Where(l => !l.StartsWith("http:", StringComparison.Ordinal))
                    .Select(l => (l.Split(" after")[0], l.EndsWith("streamed", StringComparison.Ordinal))),
                Is.EqualTo(s_met.Select(m => ($"{format}: {m}", streams)))
            );
        }
        Assert.That(server.Divergence, Is.Null);
    }

    // One port for both: agents in other languages speak HTTP/1.1 there.
    [TestCase("1.1")]
    [TestCase("2.0")]
    public async Task Without_TLS_both_versions_of_HTTP_are_spoken(string version)
    {
        await using var server = await FixtureServer.StartAsync(
            new() { Fixture = FixtureFolder.Load(Data.Fixture), Clock = TimeProvider.System }
        );
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{server.Url}/nothing")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await http.SendAsync(request);
        Assert.That((answer.StatusCode, answer.Version), Is.EqualTo((HttpStatusCode.NotFound, Version.Parse(version))));
    }

    // Azure's SDK for .NET needs another version of OpenAI's than is tested here: its requests, without it.
    [TestCase("/openai/deployments/desk/chat/completions?api-version=2024-10-21", "messages", "choices")]
    [TestCase("/openai/v1/chat/completions", "messages", "choices")]
    [TestCase("/openai/v1/responses", "input", "output")]
    [TestCase("/openai/responses?api-version=2025-04-01-preview", "input", "output")]
    public async Task Azures_paths(string path, string asked, string answered)
    {
        await using var server = await FixtureServer.StartAsync(
            new()
            {
                Fixture = FixtureFolder.Load(Path.Combine(Data.Root, "fixtures", "order-desk")),
                Clock = TimeProvider.System,
                TimeScale = 0,
            }
        );
        using var http = new HttpClient();
        using var content = new StringContent($$"""{"{{asked}}":[{"role":"user","content":"{{Question}}"}]}""");
        content.Headers.Add("api-key", "no-key");
        using var answer = await http.PostAsync(new Uri(server.Url + path), content);
        Assert.That(JsonNode.Parse(await answer.Content.ReadAsStringAsync())![answered]!.ToJsonString(), Does.Contain("check_inventory"));
    }

    private static async Task<string> RefusedAsync(TempFolder folder)
    {
        var path = Path.Combine(folder.Path, "refused");
        var source = Path.Combine(Data.Root, "fixtures", "order-desk");
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(path, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        JsonObject Refused(string errorClass, string message) =>
            new()
            {
                ["latencySeconds"] = 0.1,
                ["error"] = new JsonObject
                {
                    ["type"] = "APIError",
                    ["class"] = errorClass,
                    ["exception"] = "System.Net.Http.HttpRequestException",
                    ["message"] = message,
                    ["retryAfterSeconds"] = 0,
                },
            };
        await Authored.EditAsync(
            path,
            fixture =>
            {
                foreach (var attempt in fixture["attempts"]!.AsArray())
                    attempt!["turns"]![0]!["retries"] = new JsonObject
                    {
                        ["refused"] = new JsonArray(Refused("http-5xx", "The server is overloaded"), Refused("rate-limit", "Slow down")),
                        ["latencySeconds"] = 0.1,
                    };
            }
        );
        return path;
    }

    private static async Task<(int Code, string Output)> RunAsync(string agent, FixtureServer server, bool streams)
    {
        var command = Node.Run(agent, Question);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Node.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in server.Variables)
            start.Environment[name] = value;
        foreach (
            var (name, value) in new[]
            {
                ("GEMINI_API_KEY", "no-key"),
                ("AWS_BEARER_TOKEN_BEDROCK", "no-key"),
                ("AWS_REGION", "eu-west-1"),
                ("ORDERS_URL", $"{server.Url}/http/orders.example"),
                ("INVENTORY_URL", $"{server.Url}/http/inventory.example"),
                ("INVENTORY_TIMEOUT_MS", "5000"),
                ("MENDED", "1"),
                ("STREAM", streams ? "1" : "0"),
                // Of versions of Node that an SDK will leave behind.
                ("NODE_NO_WARNINGS", "1"),
            }
        )
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
