using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;
using static VerifyNUnit.Verifier;

namespace ReplayHarness.Tests.Server;

/// <summary>A fixture's model as its providers' APIs, for agents in other processes: what is on the wire, to the byte.</summary>
public sealed class ServeTests
{
    private const string Chat = "/v1/chat/completions",
        Responses = "/v1/responses",
        Messages = "/v1/messages";
    private static readonly string s_asked = $$"""[{"role":"user","parts":[{"type":"text","content":"go"}]}]""";

    // Each format's own way to ask, and to give back the results of the two calls.
    private static readonly Dictionary<string, (string First, string Second)> s_requests = new()
    {
        [Chat] = (
            """{"model":"m","messages":[{"role":"system","content":"Be short."},{"role":"user","content":"go"}]}""",
            """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"go"}]},{"role":"assistant","content":null,"tool_calls":[{"id":"b","type":"function","function":{"name":"read","arguments":"{\"of\":\"b\"}"}},{"id":"a","type":"function","function":{"name":"read","arguments":"{\"of\":\"a\"}"}}]},{"role":"tool","tool_call_id":"a","content":"A"},{"role":"tool","tool_call_id":"b","content":"B"}]}"""
        ),
        [Responses] = (
            """{"model":"m","instructions":"Be short.","input":"go"}""",
            """{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"go"}]},{"type":"function_call","call_id":"a","name":"read","arguments":"{\"of\":\"a\"}"},{"type":"function_call","call_id":"b","name":"read","arguments":"{\"of\":\"b\"}"},{"type":"function_call_output","call_id":"a","output":"A"},{"type":"function_call_output","call_id":"b","output":"B"}]}"""
        ),
        [Messages] = (
            """{"model":"m","max_tokens":9,"system":"Be short.","messages":[{"role":"user","content":"go"}]}""",
            """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"go"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"read","input":{"of":"a"}},{"type":"tool_use","id":"b","name":"read","input":{"of":"b"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"A"},{"type":"tool_result","tool_use_id":"b","content":[{"type":"text","text":"B"}]}]}]}"""
        ),
    };

    [TestCase(Chat)]
    [TestCase(Responses)]
    [TestCase(Messages)]
    public async Task What_is_on_the_wire(string path)
    {
        using var folder = new TempFolder();
        using var served = await Served.StartAsync(TwoTurns(folder), "--time-scale", "0");
        var text = new StringBuilder();
        foreach (
            var request in new[]
            {
                s_requests[path].First,
                s_requests[path].Second,
                Streaming(s_requests[path].First),
                Streaming(s_requests[path].Second),
            }
        )
        {
            var (status, answer) = await served.PostAsync(path, request);
            text.Append(status).Append(' ').Append(answer.TrimEnd()).Append("\n\n");
        }
        Assert.That((await served.StopAsync()).ExitCode, Is.Zero);
        await Verify(text.ToString().TrimEnd()).UseTextForParameters(path.Split('/')[2]);
    }

    [Test]
    public async Task A_request_may_continue_an_answer_by_its_id()
    {
        using var folder = new TempFolder();
        using var served = await Served.StartAsync(TwoTurns(folder), "--time-scale", "0");
        var first = JsonNode.Parse((await served.PostAsync(Responses, s_requests[Responses].First)).Text)!;
        var (status, second) = await served.PostAsync(
            Responses,
            $$"""{"model":"m","previous_response_id":"{{first["id"]}}","input":[{"type":"function_call_output","call_id":"a","output":"A"},{"type":"function_call_output","call_id":"b","output":"B"}]}"""
        );
        Assert.That(
            (status, (string?)JsonNode.Parse(second)!["output"]![0]!["content"]![0]!["text"]),
            Is.EqualTo((200, "Both were read."))
        );
    }

    [TestCase("RateLimitError", "429 Too Many Requests", 429, "rate_limit_error")]
    [TestCase("APIError", "503 Service Unavailable", 503, "api_error")]
    [TestCase("APIError", "529 overloaded", 529, "overloaded_error")]
    [TestCase("BadRequestError", "400 bad request", 400, "invalid_request_error")]
    public async Task Recorded_errors_are_refusals(string type, string message, int status, string anthropic)
    {
        using var folder = new TempFolder();
        using var served = await Served.StartAsync(Failing(folder, type, message), "--time-scale", "0");
        foreach (var (path, (request, _)) in s_requests)
        {
            using var content = new StringContent(Streaming(request), Encoding.UTF8, "application/json");
            using var answer = await served.Http.PostAsync(new Uri(path, UriKind.Relative), content);
            var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!;
            Assert.That(
                ((int)answer.StatusCode, answer.Headers.RetryAfter?.Delta?.TotalSeconds, (string?)error["message"]),
                Is.EqualTo((status, status == 429 ? 1 : (double?)null, message))
            );
            if (path == Messages)
                Assert.That((string?)error["type"], Is.EqualTo(anthropic));
        }
    }

    [Test]
    public async Task What_the_captured_client_met_before_its_answer_is_met_again()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "retried");
        var captured = await Tool.RunAsync("capture", Data.TracesOf("vercel-ai6-llm-retry-429-503"), "--trace", "1ca74f01", "--out", path);
        Assert.That(captured.ExitCode, Is.Zero, captured.Errors);
        using var served = await Served.StartAsync(path, "--time-scale", "0");
        const string Request =
            """{"model":"m","messages":[{"role":"user","content":"Find the last orders of customer C-1042 and check stock of SKU-778 in lyon-2."}]}""";
        List<int> statuses = [];
        for (var i = 0; i < 3; i++)
            statuses.Add((await served.PostAsync(Chat, Request)).Status);
        Assert.That(statuses, Is.EqualTo(new[] { 503, 429, 200 }));
    }

    [Test]
    public async Task A_model_that_hung_does_not_answer_and_one_that_broke_off_breaks_off()
    {
        using var folder = new TempFolder();
        using (var hung = await Served.StartAsync(Failing(folder, "TimeoutError", "Request timed out."), "--time-scale", "0"))
        {
            hung.Http.Timeout = TimeSpan.FromSeconds(1);
            await Assert.ThrowsAsync<TaskCanceledException>(() => hung.PostAsync(Chat, s_requests[Chat].First));
            Assert.That(
                (await hung.StopAsync()).Errors,
                Does.Contain("openai-chat: no answer, as captured").And.Contain("the client went away before it had its answer")
            );
        }
        using var other = new TempFolder();
        using var broke = await Served.StartAsync(Failing(other, "ConnectionError", "ECONNRESET"), "--time-scale", "0");
        await Assert.ThrowsAsync<HttpRequestException>(() => broke.PostAsync(Messages, s_requests[Messages].First));
    }

    [Test]
    public async Task A_stream_comes_piece_by_piece_at_the_captured_pace()
    {
        using var folder = new TempFolder();
        using var served = await Served.StartAsync(TwoTurns(folder), "--time-scale", "0.5");
        using var request = new HttpRequestMessage(HttpMethod.Post, Messages)
        {
            Content = new StringContent(Streaming(s_requests[Messages].First), Encoding.UTF8, "application/json"),
        };
        using var answer = await served.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var (watch, pieces) = (Stopwatch.StartNew(), new List<TimeSpan>());
        while (await reader.ReadLineAsync() is { } line)
            if (line.StartsWith("data:", StringComparison.Ordinal))
                pieces.Add(watch.Elapsed);
        // The answer took 1 s when captured, half of that here, in equal steps from its first word on; load only adds to it.
        Assert.That(pieces, Has.Count.GreaterThan(8).And.Ordered);
        Assert.That(pieces[^1] - pieces[0], Is.GreaterThan(TimeSpan.FromSeconds(0.5 * (pieces.Count - 4) / pieces.Count)));
    }

    [TestCase(
        "GET",
        "/v1/models",
        "",
        404,
        "the agent sent GET /v1/models; nothing is served there; expected POST to a path that ends in /chat/completions, "
            + "/responses, /v1/messages"
    )]
    [TestCase("POST", "/v1/embeddings", "{}", 404, "the agent sent POST /v1/embeddings; nothing is served there")]
    [TestCase("POST", Chat, "{nope", 400, "the body is no request of openai-chat")]
    [TestCase("POST", Chat, "[]", 400, "the body is no JSON object")]
    [TestCase("POST", Chat, "{\"model\":\"m\"}", 400, "$.messages: is missing")]
    [TestCase("POST", Messages, "{\"messages\":7}", 400, "the body is no request of anthropic-messages")]
    public async Task Bad_requests_are_refused_and_say_why(string method, string path, string body, int status, string message)
    {
        using var folder = new TempFolder();
        using var served = await Served.StartAsync(TwoTurns(folder), "--time-scale", "0");
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "GET" ? null : new StringContent(body),
        };
        using var answer = await served.Http.SendAsync(request);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That((string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!["message"], Does.StartWith(message));
        Assert.That((await served.PostAsync(Chat, s_requests[Chat].First)).Status, Is.EqualTo(200), "it goes on serving");
    }

    [TestCase(null, "anthropic-version: header is required")]
    [TestCase("v1", "anthropic-version: \"v1\" is not a valid version; expected a date")]
    public async Task A_wrong_version_of_an_api_is_refused(string? version, string message)
    {
        using var folder = new TempFolder();
        using var served = await Served.StartAsync(TwoTurns(folder), "--time-scale", "0");
        served.Http.DefaultRequestHeaders.Remove("anthropic-version");
        if (version is not null)
            served.Http.DefaultRequestHeaders.Add("anthropic-version", version);
        var (status, text) = await served.PostAsync(Messages, s_requests[Messages].First);
        Assert.That((status, (string?)JsonNode.Parse(text)!["error"]!["message"]), Is.EqualTo((400, message)));
    }

    [Test]
    public async Task A_body_over_the_limit_is_refused()
    {
        using var folder = new TempFolder();
        using var served = await Served.StartAsync(TwoTurns(folder), "--time-scale", "0");
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat)
        {
            Content = new StringContent($$"""{"messages":[{"role":"user","content":"{{new string('x', 33 << 20)}}"}]}"""),
        };
        // Asks before it sends it all.
        request.Headers.ExpectContinue = true;
        using var answer = await served.Http.SendAsync(request);
        Assert.That((int)answer.StatusCode, Is.EqualTo(413));
    }

    [Test]
    public async Task A_request_that_contradicts_the_recording_is_refused_and_told_at_the_end()
    {
        using var folder = new TempFolder();
        using var served = await Served.StartAsync(TwoTurns(folder), "--time-scale", "0");
        var (status, text) = await served.PostAsync(Chat, """{"model":"m","messages":[{"role":"user","content":"something else"}]}""");
        Assert.That(
            (status, (string?)JsonNode.Parse(text)!["error"]!["message"]),
            Is.EqualTo(
                (
                    400,
                    "the agent asked the model \"something else\"; nearest in the fixture: \"go\"; the user's text is "
                        + "different: [captured: go, now: something else]"
                )
            )
        );
        var (code, errors) = await served.StopAsync();
        Assert.That(code, Is.EqualTo(4));
        Assert.That(
            errors,
            Does.EndWith(
                "replay-harness: diverged: the agent asked the model \"something else\"; nearest in the fixture: \"go\"; the "
                    + "user's text is different: [captured: go, now: something else]\n"
            )
        );
    }

    [Test]
    public async Task Tools_are_answered_by_authored_responses()
    {
        using var served = await Served.StartAsync(Path.Combine(Data.Root, "fixtures", "order-desk"), "--time-scale", "0");
        Assert.That(
            await served.Http.GetStringAsync(new Uri("/http/inventory.example/lyon-2/SKU-778", UriKind.Relative)),
            Is.EqualTo("""{"status":"pending","retry":true}""")
        );
        using var missing = await served.Http.GetAsync(new Uri("/http/inventory.example/paris/SKU-778", UriKind.Relative));
        Assert.That(
            ((int)missing.StatusCode, await missing.Content.ReadAsStringAsync()),
            Is.EqualTo(
                (
                    404,
                    "the agent sent GET inventory.example/paris/SKU-778; nearest in the fixture: GET "
                        + "http://inventory.example/lyon-2/SKU-778; the URL is different"
                )
            )
        );
    }

    [Test]
    public async Task A_port_that_is_taken_is_one_clear_error()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var result = await Tool.RunAsync("serve", Data.Fixture, "--port", $"{port}");
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(
            result.Errors,
            Does.StartWith("replay-harness: cannot listen:").And.Contain("choose another port").And.Not.Contain("   at ")
        );
    }

    private static string Streaming(string request) =>
        request.Replace(
            "{\"model\":\"m\"",
            "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}",
            StringComparison.Ordinal
        );

    private static string TwoTurns(TempFolder folder) =>
        Authored.Write(
            folder,
            "two-turns",
            new RunBuilder { RootError = ("KeyError", "'answer'") }
                .Model(0, 1, input: s_asked, output: Authored.Asks(("read", "a"), ("read", "b")))
                .Tool("read", 1, 1, arguments: Authored.About("a"))
                .Tool("read", 1, 1, arguments: Authored.About("b"))
                .Model(3, 1, output: RunBuilder.Says("Both were read."))
        );

    private static string Failing(TempFolder folder, string type, string message) =>
        Authored.Write(folder, "failing", new RunBuilder { RootError = (type, message) }.Model(0, 1, (type, message), input: s_asked));
}
