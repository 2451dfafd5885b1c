using System.Net;
using System.Net.Sockets;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Server;

/// <summary>Agents that are recorded and hang until the deadline: that is what is captured.</summary>
// In real time: with nothing beside it.
[NonParallelizable]
public sealed class RecordedHangsTests
{
    private const string Asks =
        """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"c1","type":"function","""
        + """ "function":{"name":"read_page","arguments":"{\"page\":1}"}}]},"finish_reason":"tool_calls"}]}""";

    private const string Agent =
        "const ask = () => fetch(process.env.OPENAI_BASE_URL + '/chat/completions', { method: 'POST', body: JSON.stringify({ model: 'm', "
        + "messages: [{ role: 'user', content: 'go' }] }) }).then(answer => answer.text()); ";

    [Test]
    public async Task A_model_that_does_not_answer()
    {
        using var folder = new TempFolder();
        using var model = new Model(null);
        var (fixture, result) = await RecordAsync(folder, model, "1", Agent + "ask()");
        Assert.That(result.Errors, Does.Contain("and was ended while it waited for POST /v1/chat/completions; what it did until then"));
        Assert.That(
            fixture.Identity.Select(i => $"{i}"),
            Is.EqualTo(new[] { "model-error(model, timeout)", "unhandled-model-error(model, timeout)" })
        );
        var turn = fixture.Fixture.Attempts[0].Turns[0];
        Assert.That(turn.LatencySeconds, Is.GreaterThan(0.1).And.LessThan(1.1));
        Assert.That(turn.Error!.Message, Does.Contain("no answer when the recording ended"));
    }

    [Test]
    public async Task An_answer_that_does_not_end()
    {
        using var folder = new TempFolder();
        using var model = new Model(Asks, "content-length: 9999");
        var (fixture, _) = await RecordAsync(folder, model, "1", Agent + "ask()");
        var turn = fixture.Fixture.Attempts[0].Turns[0];
        Assert.That(
            (turn.Broken, turn.Error!.Message),
            Is.EqualTo((BrokenAnswer.Stall, "Request timed out: the answer had not ended when the recording did"))
        );
    }

    [Test]
    public async Task A_tool_that_does_not_return()
    {
        using var folder = new TempFolder();
        using var model = new Model(Asks, $"content-length: {Asks.Length}");
        var (fixture, result) = await RecordAsync(folder, model, "2", Agent + "ask().then(() => setInterval(() => {}, 1000))");
        Assert.That(result.Errors, Does.Contain("the agent had not ended when the deadline passed, and was ended; what it did until then"));
        Assert.That(fixture.Identity.Select(i => $"{i}"), Is.EqualTo(new[] { "pending-tool-call(read_page, timeout)" }));
    }

    // Ctrl-C and SIGTERM.
    [TestCase("INT")]
    [TestCase("TERM")]
    [Platform(Exclude = "Win", Reason = "there are no such signals")]
    public async Task Who_stops_the_recording_keeps_what_was_recorded(string signal)
    {
        using var folder = new TempFolder();
        using var model = new Model(null);
        var output = Path.Combine(folder.Path, "x");
        using var tool = Tool.Start(
            ["record", "--out", output, "--", .. Node.Script(Agent + "ask()")],
            variables: [("OPENAI_BASE_URL", model.Url)]
        );
        Assert.That(() => model.Asked, Is.EqualTo(1).After(20_000, 20));
        Tool.Signal(tool, signal);
        var result = await Tool.EndAsync(tool);
        Assert.That(result.ExitCode, Is.EqualTo(5), result.Output + result.Errors);
        Assert.That(
            result.Errors,
            Does.StartWith("replay-harness: the agent had not ended when this command was stopped, and was ended while it waited for POST")
        );
        Assert.That(FixtureFolder.Load(output).Identity.Select(i => $"{i}"), Does.Contain("model-error(model, timeout)"));
    }

    [Test]
    public async Task One_that_asks_nothing()
    {
        using var folder = new TempFolder();
        var result = await Tool.RunAsync("record", "--out", Path.Combine(folder.Path, "x"), "--deadline", "0.5", "--", "sleep", "60");
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(
            result.Errors,
            Does.StartWith("replay-harness: the agent asked no model (the agent had not ended when the deadline of 0.5 s passed); it is to")
        );
    }

    private static async Task<(FixtureFolder Fixture, ToolResult Result)> RecordAsync(
        TempFolder folder,
        Model model,
        string deadline,
        string script
    )
    {
        var output = Path.Combine(folder.Path, "x");
        var result = await Tool.RunWithAsync(
            ("OPENAI_BASE_URL", model.Url),
            ["record", "--out", output, "--deadline", deadline, "--", .. Node.Script(script)]
        );
        Assert.That(result.ExitCode, Is.EqualTo(5), result.Output + result.Errors);
        return (FixtureFolder.Load(output), result);
    }

    // Answers once, or never, and closes no connection.
    private sealed class Model : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _clients = [];

        public Model(string? body, string header = "")
        {
            _listener.Start();
            _ = ServeAsync(body is null ? "" : $"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{header}\r\n\r\n{body}");
        }

        public int Asked { get; private set; }

        public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1";

        public void Dispose()
        {
            _listener.Stop();
            _clients.ForEach(c => c.Dispose());
        }

        private async Task ServeAsync(string answer)
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    _clients.Add(client);
                    _ = await client.GetStream().ReadAsync(new byte[1 << 16]);
                    Asked++;
                    await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answer));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // The test has ended.
            }
        }
    }
}
