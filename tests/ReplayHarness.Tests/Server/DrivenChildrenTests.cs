using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ReplayHarness.Server.Recording;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Server;

/// <summary>
/// Agents' processes that misbehave: a clear message, the right exit code, nothing left running, and nothing outside asked.
/// </summary>
[Platform(Include = "Linux", Reason = "the children are shell scripts, and orphans are looked for in /proc")]
// In real time: with nothing beside it.
[NonParallelizable]
public sealed class DrivenChildrenTests
{
    private static readonly string s_fixture = Path.Combine(Data.Root, "fixtures", "order-desk");

    [Test]
    public async Task One_that_never_calls()
    {
        var result = await DriveAsync([], "sh", "-c", "echo 'no model is configured'");
        Assert.That(result.ExitCode, Is.EqualTo(5), result.Output + result.Errors);
        Assert.That(
            result.Output,
            Does.Contain("the agent ended (exit code 0) without asking its model")
                .And.Contain("the last it printed: no model is configured")
        );
    }

    [Test]
    public async Task One_that_never_ends()
    {
        var result = await DriveAsync(["--deadline", "1", "--hypothesis", "healthy@http"], "sleep", "7654321");
        Assert.That(result.ExitCode, Is.EqualTo(5), result.Output + result.Errors);
        Assert.That(
            result.Output,
            Does.Contain("the agent had not ended when the deadline of 1 s passed").And.Contain("what to do: raise --deadline")
        );
        Assert.That(Processes.With("7654321"), Is.Empty);
    }

    [Test]
    public async Task One_that_forks_leaves_nothing_behind()
    {
        var result = await DriveAsync(
            ["--hypothesis", "healthy@http"],
            "sh",
            "-c",
            "setsid sleep 7654322 & (env -i sleep 7654323 &) & sleep 0.3; exit 0"
        );
        Assert.That(result.ExitCode, Is.EqualTo(5), result.Output + result.Errors);
        Assert.That(Processes.With("7654322").Concat(Processes.With("7654323")), Is.Empty);
    }

    [Test]
    public async Task One_that_floods_its_output()
    {
        var result = await DriveAsync(["--deadline", "2", "--hypothesis", "healthy@http"], "sh", "-c", "yes flood & yes error >&2");
        Assert.That(result.ExitCode, Is.EqualTo(5), result.Output + result.Errors);
        Assert.That(result.Output, Does.Contain("the last it printed: error").And.Length.LessThan(10_000));
        Assert.That(Processes.With("flood"), Is.Empty);
    }

    [Test]
    public async Task A_program_that_is_not_there()
    {
        var result = await DriveAsync([], "./no-such-agent");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((3, "")));
        Assert.That(
            result.Errors,
            Does.StartWith("replay-harness: ./no-such-agent: cannot be started: ")
                .And.EndWith("give the agent's command after --, as a shell would find it\n")
        );
    }

    [Test]
    public async Task A_port_that_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = $"{((IPEndPoint)taken.LocalEndpoint).Port}";
        var result = await DriveAsync(["--port", port], "true");
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Errors, Does.Contain(port).And.Contain("choose another port"));
    }

    // The agent is not patient enough for its requests to be put in order: then nothing is shown.
    [Test]
    public async Task One_whose_time_out_passes_while_an_answer_is_held()
    {
        var result = await DriveAsync(
            [
                "--hypothesis",
                "healthy@http",
                "--settle",
                "900",
                "--env",
                "ORDERS_URL={url}/http/orders.example",
                "--env",
                "INVENTORY_URL={url}/http/inventory.example",
                "--env",
                "MENDED=1",
            ],
            Node.Run("vercel.mjs", "Find the last orders of customer C-1042 and check stock of SKU-778 in lyon-2.")
        );
        Assert.That(result.ExitCode, Is.EqualTo(5), result.Output + result.Errors);
        Assert.That(
            result.Output,
            Does.Contain("the agent gave up on GET http://inventory.example/lyon-2/SKU-778#1 while its answer was held")
        );
    }

    // Both give up on the second request some time after the first was answered: one because of that answer, one because its own time-out
    // passed meanwhile.
    [TestCase("first.then(() => setTimeout(() => stop.abort(), 200))", false)]
    [TestCase("setTimeout(() => stop.abort(), 850)", true)]
    public async Task A_reaction_to_another_answer_is_told_from_a_time_out(string how, bool timedOut)
    {
        using var folder = new TempFolder();
        var script = $$"""
            const stop = new AbortController(), at = path => process.env.MCP_SERVER_URL.replace('/mcp', '/http/' + path);
            const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Find the last orders of customer C-1042 and check stock of SKU-778 in lyon-2.' }] });
            fetch(process.env.OPENAI_BASE_URL + '/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then(answer => answer.text()).then(() => {
              const first = fetch(at('inventory.example/lyon-2/SKU-778')), second = fetch(at('orders.example/customers/C-1042/orders?limit=5'), { signal: stop.signal });
              {{how}};
              return Promise.allSettled([first, second]);
            });
            """;
        var result = await Tool.RunAsync([
            "drive",
            WithoutTools(folder),
            "--hypothesis",
            "healthy@http",
            "--settle",
            "500",
            "--",
            .. Node.Script(script),
        ]);
        Assert.That(result.Output, Does.Contain("latency model captured pace once, then any-order"), result.Errors);
        Assert.That(
            result.Output.Contains(
                "the agent gave up on GET http://orders.example/customers/C-1042/orders?limit=5#1 while its answer was held",
                StringComparison.Ordinal
            ),
            Is.EqualTo(timedOut),
            result.Output
        );
    }

    // A worker that logs its failure and takes the next message ends as if all were well; its spans, or its last call, say otherwise.
    [TestCase("2", "1", false, "changed")]
    [TestCase("1", "2", false, "changed")]
    [TestCase("1", "1", false, "removed")]
    [TestCase(null, null, true, "changed")]
    [TestCase("0", null, true, "not-established")]
    [TestCase("1", null, true, "symptom-removed")]
    public async Task A_worker_that_logs_its_failure(string? agent, string? job, bool refused, string expected)
    {
        using var folder = new TempFolder();
        var spans = string.Join(
            ", ",
            ((string?[])[Span("invoke_agent desk", "2", agent, "1"), Span("job", "1", job, null)]).OfType<string>()
        );
        var script = $$"""
            const post = (url, body) => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
            const messages = [{ role: 'user', content: 'Find the last orders of customer C-1042 and check stock of SKU-778 in lyon-2.' }];
            const from = Date.now();
            post(process.env.OPENAI_BASE_URL + '/chat/completions', { model: 'm', messages }).then(answer => answer.text()).then(async () => {
              const at = ms => `${ms}000000`, spans = [{{spans}}].map(s => ({ ...s, traceId: '0'.repeat(31) + '1', startTimeUnixNano: at(from - 5), endTimeUnixNano: at(Date.now()) }));
              await post(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] });
              console.error('the message could not be handled; taking the next one');
            });
            """;
        var result = await Tool.RunAsync([
            "drive",
            WithoutTools(folder, refused),
            "--hypothesis",
            "healthy@http",
            "--schedules",
            "captured",
            "--",
            .. Node.Script(script),
        ]);
        Assert.That(result.Output, Does.StartWith($"{expected}: "), result.Output + result.Errors);
    }

    private static string? Span(string name, string id, string? status, string? parent) =>
        status is null
            ? null
            : $$"""
                { name: '{{name}}', spanId: '{{id.PadLeft(16, '0')}}', parentSpanId: '{{parent?.PadLeft(16, '0')}}',
                  status: { code: {{status}}, message: 'it broke' },
                  attributes: [{ key: '{{(
                    parent is null ? "job.id" : "gen_ai.operation.name"
                )}}', value: { stringValue: 'invoke_agent' } }] }
                """;

    // The model asks for no tool, so that nobody waits for spans of one.
    private static string WithoutTools(TempFolder folder, bool refused = false)
    {
        var fixture = JsonNode.Parse(File.ReadAllText(Path.Combine(s_fixture, "fixture.json")))!;
        fixture["attempts"]![0]!["turns"] = new JsonArray(
            new JsonObject
            {
                ["latencySeconds"] = 0.1,
                ["text"] = "Looking.",
                ["calls"] = new JsonArray(),
            }
        );
        if (refused)
            fixture["attempts"]![0]!["turns"]![0]!["error"] = new JsonObject
            {
                ["type"] = "BadRequestError",
                ["class"] = "http-4xx",
                ["exception"] = "System.Net.Http.HttpRequestException",
                ["message"] = "400 no such model",
            };
        fixture["behaviours"] = new JsonArray();
        folder.Write("http/services.json", File.ReadAllText(Path.Combine(s_fixture, "http", "services.json")));
        folder.Write("fixture.json", fixture.ToJsonString());
        return folder.Path;
    }

    [TestCase("fetch(process.env.OPENAI_BASE_URL + '/embeddings', { method: 'POST', body: '{}' })", "the agent sent POST /v1/embeddings")]
    [TestCase("fetch(process.env.MCP_SERVER_URL.replace('/mcp', '/http/orders.example/other'))", "the agent sent GET orders.example/other")]
    [TestCase(
        "require('http').get({ host: '127.0.0.1', port: new URL(process.env.HTTP_PROXY).port, path: 'http://live.example/orders?of=all' })",
        "the agent sent GET live.example/orders?of=all"
    )]
    [TestCase(
        "require('http').request({ method: 'CONNECT', host: '127.0.0.1', port: new URL(process.env.HTTPS_PROXY).port, path: "
            + "'live.example:443', headers: { host: 'live.example:443' } }).on('connect', (_, s) => s.end()).end()",
        "the agent sent CONNECT live.example:443"
    )]
    public async Task What_no_fixture_answers_diverges(string script, string what)
    {
        var result = await DriveAsync(["--hypothesis", "healthy@http"], Node.Script(script));
        Assert.That(result.ExitCode, Is.EqualTo(4), result.Output + result.Errors);
        Assert.That(result.Output, Does.StartWith($"diverged: The agent contradicts the fixture: {what}.\n").And.Contain("what to do: "));
    }

    [Test]
    public async Task Nothing_live_is_asked()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        string[] variables =
        [
            "OPENAI_BASE_URL",
            "ANTHROPIC_BASE_URL",
            "GOOGLE_GEMINI_BASE_URL",
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            "MCP_SERVER_URL",
        ];
        // The live ones are in the environment that drive is called in; all but its own are gone for the agent.
        var agent = Node.Run("vercel.mjs", "Find the last orders of customer C-1042 and check stock of SKU-778 in lyon-2.");
        (string, string)[] live =
        [
            .. variables.Select(v => (v, url)),
            .. new[] { "OPENAI_API_KEY", "ANTHROPIC_AUTH_TOKEN", "GOOGLE_API_KEY", "GEMINI_API_KEY", "AWS_SECRET_ACCESS_KEY" }.Select(v =>
                (v, "sk-live-key")
            ),
        ];
        string[] drive = ["drive", s_fixture, "--hypothesis", "healthy@http"];
        var result = await Tool.RunWithAsync(
            live,
            [
                .. drive,
                "--schedules",
                "captured",
                "--env",
                "ORDERS_URL={url}/http/orders.example",
                "--env",
                "INVENTORY_URL={url}/http/inventory.example",
                "--env",
                "MENDED=1",
                "--",
                .. agent,
            ]
        );
        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Errors);
        Assert.That(listener.Pending(), Is.False);
        var shown = await Tool.RunWithAsync(live, [.. drive, "--", "sh", "-c", "env | tr '\\n' ' '"]);
        Assert.That(shown.Output, Does.Contain("the last it printed").And.Not.Contain(url).And.Not.Contain("sk-live-key"));
    }

    // What a process starts besides, for other agents or for itself, is no agent's.
    [Test]
    public async Task Of_two_agents_that_one_process_records_each_ends_by_itself()
    {
        static Task<Recording> Record(double deadline, string script) =>
            Recorder.RunAsync(
                new()
                {
                    Command = ["sh", "-c", script],
                    Clock = TimeProvider.System,
                    Deadline = TimeSpan.FromSeconds(deadline),
                }
            );
        var first = Record(1, "sleep 7654324");
        Assert.That(() => Processes.With("7654324").Count(), Is.GreaterThan(0).After(5_000, 10));
        using var own = Process.Start("sleep", "7654325");
        var second = Record(60, "sleep 7654326 & (env -i sleep 7654327 &) & sleep 2; exit 7");
        Assert.That(() => first, Throws.TypeOf<BadInputException>().With.Message.Contains("deadline of 1 s"));
        Assert.That(Processes.With("7654324"), Is.Empty);
        Assert.That(() => second, Throws.TypeOf<BadInputException>().With.Message.Contains("exit code 7"));
        Assert.That(own.HasExited, Is.False);
        own.Kill();
        Assert.That(Processes.With("7654326").Concat(Processes.With("7654327")), Is.Empty);
        await own.WaitForExitAsync();
    }

    private static Task<ToolResult> DriveAsync(string[] options, params string[] command) =>
        Tool.RunAsync(["drive", s_fixture, .. options, "--", .. command]);
}
