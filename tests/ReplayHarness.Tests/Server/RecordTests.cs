using System.Text.Json.Nodes;
using ReplayHarness.Server.Recording;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Server;

/// <summary>
/// Recording from the wire, against the project's own mocks as the real endpoints: what was served is what is recorded, and it replays.
/// </summary>
// In real time: with nothing beside it.
[NonParallelizable]
public sealed class RecordTests
{
    private const string Question = "Find the last orders of customer C-1042 and check stock of SKU-778 in lyon-2.";
    private const string Key = "a-key-of-no-known-form-7f3b";
    private static readonly string s_orderDesk = Path.Combine(Data.Root, "fixtures", "order-desk");

    // Each agent once: both of each are replayed from the fixture of the repository, too.
    [TestCase("vercel.mjs", "1", "removed")]
    [TestCase("openai-agents.mjs", "0", "reproduced")]
    public async Task What_is_recorded_replays(string agent, string mended, string verdict)
    {
        using var folder = new TempFolder();
        var (healthy, incident) = (Path.Combine(folder.Path, "healthy"), Path.Combine(folder.Path, "incident"));
        var well = await DeskAsync(healthy, agent, mended: "1");
        Assert.That(well.Output, Does.StartWith($"{healthy}: nothing went wrong in this run (exit code 0)"), well.Errors);
        var badly = await DeskAsync(incident, agent, mended: "0", "--healthy", Path.Combine(healthy, "traces.otlp.jsonl"));
        // The shape that the captured run has, of another agent in another language, recorded in another way.
        Assert.That(badly.Output, Does.StartWith($"{incident}: 1 attempt(s), 2 tool calls, shape c9c8b77ba4c9\n"), badly.Errors);
        Assert.That(
            badly.Errors,
            Does.Contain("GET http://orders.example/customers/C-1042/orders?limit=5: the agent gave up on it, so its response is not known")
        );
        Directory.CreateDirectory(Path.Combine(incident, "http"));
        File.Copy(Path.Combine(healthy, "http", "recorded.json"), Path.Combine(incident, "http", "recorded.json"));
        var replayed = await Tool.RunAsync([
            "drive",
            incident,
            .. Services,
            "--env",
            $"MENDED={mended}",
            // Five times slower, all of it: a busy machine alone can take the 0.3 s of the agent's time-out.
            "--env",
            "INVENTORY_TIMEOUT_MS=1500",
            "--time-scale",
            "5",
            "--expect",
            verdict,
            "--",
            .. Node.Run(agent, Question),
        ]);
        Assert.That(replayed.ExitCode, Is.Zero, replayed.Output + replayed.Errors);
        foreach (var file in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories))
            Assert.That(await File.ReadAllTextAsync(file), Does.Not.Contain(Key), file);
    }

    [TestCase("/chat/completions", false)]
    [TestCase("/chat/completions", true)]
    [TestCase("/responses", false)]
    [TestCase("/responses", true)]
    [TestCase("/messages", false)]
    [TestCase("/messages", true)]
    public async Task What_a_model_says_is_recorded_in_every_format(string path, bool streams)
    {
        using var folder = new TempFolder();
        var served = TwoCalls(folder, static _ => { });
        var recorded = (await RecordAsync(folder, served, Ask(path, streams, "await answer.text();")))["attempts"]![0]!["turns"]![0]!;
        var said = Turn(served);
        Assert.That(
            (recorded["text"]?.ToJsonString(), recorded["calls"]!.ToJsonString(), recorded["usage"]!.ToJsonString()),
            Is.EqualTo((said["text"]?.ToJsonString(), said["calls"]!.ToJsonString(), said["usage"]!.ToJsonString()))
        );
        Assert.That(recorded["streamSeconds"] is not null, Is.EqualTo(streams));
    }

    [Test]
    public async Task Pieces_are_recorded_when_they_come()
    {
        using var folder = new TempFolder();
        var served = TwoCalls(folder, turn => turn["streamSeconds"] = new JsonArray(0.1, 0.8, 0.8));
        var recorded = (await RecordAsync(folder, served, Ask("/chat/completions", streams: true, "await answer.text();")))["attempts"]![
            0
        ]!["turns"]![0]!["streamSeconds"]!
            .AsArray()
            .Select(n => (double)n!)
            .ToArray();
        Assert.That(recorded, Is.Ordered);
        // Each at its time, or later: how much, the machine decides.
        Assert.That((recorded[0], recorded[^1]), Is.EqualTo((0.1, 0.8)).Within(0.5));
        Assert.That(recorded[0], Is.GreaterThanOrEqualTo(0.09));
        Assert.That(recorded[^1], Is.GreaterThanOrEqualTo(0.79));
    }

    [TestCase("cut", "connection")]
    [TestCase("stall", "timeout")]
    [TestCase("malformed", "model")]
    public async Task How_an_answer_broke_off_is_recorded(string how, string errorClass)
    {
        using var folder = new TempFolder();
        var served = TwoCalls(
            folder,
            turn =>
            {
                turn["broken"] = how;
                turn["error"] = new JsonObject
                {
                    ["type"] = "APIConnectionError",
                    ["class"] = "connection",
                    ["exception"] = "System.IO.IOException",
                    ["message"] = "it broke off",
                };
            }
        );
        var recorded = (await RecordAsync(folder, served, Ask("/chat/completions", streams: false, "await answer.text();")))["attempts"]![
            0
        ]!["turns"]![0]!;
        Assert.That(
            ((string?)recorded["broken"], (string?)recorded["error"]!["class"]),
            Is.EqualTo((how, errorClass)),
            recorded.ToJsonString()
        );
    }

    [Test]
    public async Task A_refusal_is_recorded_as_one()
    {
        using var folder = new TempFolder();
        var served = TwoCalls(
            folder,
            turn =>
                turn["error"] = new JsonObject
                {
                    ["type"] = "RateLimitError",
                    ["class"] = "rate-limit",
                    ["exception"] = "System.Net.Http.HttpRequestException",
                    ["message"] = "slow down",
                }
        );
        var recorded = (await RecordAsync(folder, served, Ask("/messages", streams: true, "await answer.text();")))["attempts"]![0]![
            "turns"
        ]![0]!;
        Assert.That(
            ((string?)recorded["error"]!["class"], (string?)recorded["error"]!["message"]),
            Is.EqualTo(("rate-limit", "429 slow down"))
        );
    }

    [TestCase("'x-api-key': '" + Key + "'")]
    [TestCase("authorization: 'Bearer " + Key + "'")]
    public async Task A_key_is_written_nowhere_even_where_the_agent_tells_it(string header)
    {
        using var folder = new TempFolder();
        var served = TwoCalls(folder, static _ => { });
        var script = Ask("/messages", streams: false, "await answer.text();")
            .Replace("headers: {", $"headers: {{ {header},", StringComparison.Ordinal)
            .Replace("content: 'go'", $"content: 'go' }}, {{ role: 'user', content: 'with {Key}'", StringComparison.Ordinal);
        var recorded = await RecordAsync(folder, served, script);
        Assert.That(recorded["redactions"]!.AsArray().Select(r => (string?)r!["kind"]), Is.EqualTo(new[] { "known-secret" }));
        foreach (var file in Directory.GetFiles(Path.Combine(folder.Path, "recorded")))
            Assert.That(await File.ReadAllTextAsync(file), Does.Not.Contain(Key), file);
    }

    [Test]
    public async Task An_agent_that_asks_no_model()
    {
        using var folder = new TempFolder();
        var result = await Tool.RunAsync("record", "--out", Path.Combine(folder.Path, "x"), "--", "sh", "-c", "echo nothing to do");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((3, "")));
        Assert.That(
            result.Errors,
            Is.EqualTo(
                "replay-harness: the agent asked no model (exit code 0); it is to take its address from OPENAI_BASE_URL, "
                    + "ANTHROPIC_BASE_URL, GOOGLE_GEMINI_BASE_URL or AWS_ENDPOINT_URL_BEDROCK_RUNTIME, which are set for it; "
                    + "the last it printed: nothing to do\n"
            )
        );
    }

    [Test]
    public async Task Nothing_is_passed_on_to_a_host_that_was_not_given()
    {
        const string Script =
            "fetch(process.env.OPENAI_BASE_URL.replace('/v1', '/http/orders.example/latest'))"
            + ".then(async answer => console.log(answer.status, await answer.text()))";
        var told = await Assert.ThrowsAsync<BadInputException>(() =>
            Recorder.RunAsync(
                new()
                {
                    Command = Node.Script(Script),
                    Clock = TimeProvider.System,
                    Environment = new Dictionary<string, string> { ["LONGER"] = "{url}/http/orders.example.com/x" },
                }
            )
        );
        Assert.That(
            told!.Message,
            Does.EndWith(
                "the last it printed: 403 the host 'orders.example' was not given, so nothing is passed on to it; give it as an upstream "
                    + "(orders.example=https://orders.example)"
            )
        );
    }

    [Test]
    public async Task A_real_address_of_a_wrong_form()
    {
        using var folder = new TempFolder();
        var result = await Tool.RunWithAsync(
            ("OPENAI_BASE_URL", "api.example/v1"),
            "record",
            "--out",
            Path.Combine(folder.Path, "x"),
            "--",
            "true"
        );
        Assert.That(
            (result.ExitCode, result.Errors),
            Is.EqualTo((3, "replay-harness: OPENAI_BASE_URL=api.example/v1: expected http://HOST or https://HOST\n"))
        );
    }

    private static readonly string[] Services =
    [
        "--env",
        "ORDERS_URL={url}/http/orders.example",
        "--env",
        "INVENTORY_URL={url}/http/inventory.example",
    ];

    private static async Task<ToolResult> DeskAsync(string output, string agent, string mended, params string[] more)
    {
        using var served = await Served.StartAsync(s_orderDesk);
        var url = served.Http.BaseAddress!.ToString().TrimEnd('/');
        var result = await Tool.RunWithAsync(
            ("OPENAI_BASE_URL", $"{url}/v1"),
            [
                "record",
                "--out",
                output,
                .. Services,
                "--env",
                "MENDED=again",
                "--env",
                $"MENDED={mended}",
                "--env",
                $"OPENAI_API_KEY={Key}",
                "--upstream",
                $"orders.example={url}/http/orders.example",
                "--upstream",
                $"inventory.example={url}/http/inventory.example",
                .. more,
                "--",
                .. Node.Run(agent, Question),
            ]
        );
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return result;
    }

    private static async Task<JsonNode> RecordAsync(TempFolder folder, string fixture, string script)
    {
        using var served = await Served.StartAsync(fixture, "--time-scale", "1");
        var url = served.Http.BaseAddress!.ToString().TrimEnd('/');
        var output = Path.Combine(folder.Path, "recorded");
        var result = await Tool.RunWithAsync(
            (
                script.Contains("ANTHROPIC", StringComparison.Ordinal) ? "ANTHROPIC_BASE_URL" : "OPENAI_BASE_URL",
                script.Contains("ANTHROPIC", StringComparison.Ordinal) ? url : $"{url}/v1"
            ),
            ["record", "--out", output, "--", .. Node.Script(script)]
        );
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(output, "fixture.json")))!;
    }

    // One request, and then an end with an error: else there would be nothing to make a fixture of.
    private static string Ask(string path, bool streams, string read)
    {
        var (url, body) =
            path == "/messages"
                ? ("process.env.ANTHROPIC_BASE_URL + '/v1", "{ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'go' }]")
                : (
                    "process.env.OPENAI_BASE_URL + '",
                    path == "/responses"
                        ? "{ model: 'm', input: 'go'"
                        : "{ model: 'm', stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'go' }]"
                );
        return $"(async () => {{ const answer = await fetch({url}{path}', {{ method: 'POST', signal: AbortSignal.timeout(1500), "
            + $"headers: {{ 'anthropic-version': '2023-06-01' }}, body: JSON.stringify({body}, stream: "
            + $"{(streams ? "true" : "false")} }}) }}); {read} throw new Error('no more'); }})()";
    }

    private static JsonObject Turn(string fixture) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(fixture, "fixture.json")))!["attempts"]![0]!["turns"]![0]!.AsObject();

    private static string TwoCalls(TempFolder folder, Action<JsonObject> edit)
    {
        const string Go = """[{"role":"user","parts":[{"type":"text","content":"go"}]}]""";
        var fixture = Authored.Write(
            folder,
            "two-calls",
            new RunBuilder { RootError = ("KeyError", "'answer'") }
                .Model(0, 0.2, input: Go, output: Authored.Asks(("read", "a"), ("read", "b")))
                .Tool("read", 1, 1, arguments: Authored.About("a"))
                .Tool("read", 1, 1, arguments: Authored.About("b"))
        );
        var file = Path.Combine(fixture, "fixture.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        var turn = json["attempts"]![0]!["turns"]![0]!.AsObject();
        turn["text"] = "Both, then.";
        turn["usage"] = new JsonObject { ["inputTokens"] = 12, ["outputTokens"] = 7 };
        edit(turn);
        File.WriteAllText(file, json.ToJsonString());
        return fixture;
    }
}
