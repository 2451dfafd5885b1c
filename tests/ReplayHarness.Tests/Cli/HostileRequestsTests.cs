using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReplayHarness.Tests.Server;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Cli;

/// <summary>
/// Commands that serve: what is asked of them, and what an agent prints, reaches no terminal as it is, and begins no line of its own.
/// </summary>
public sealed partial class HostileRequestsTests
{
    private static readonly string s_escaped = Uri.EscapeDataString(HostileTextTests.Evil);

    [Test]
    public async Task Served()
    {
        using var folder = new TempFolder();
        var (traces, fixture) = (Path.Combine(folder.Path, "t.jsonl"), Path.Combine(folder.Path, "f\u001b[31m\nEVIL\u202e"));
        using (var file = File.Create(traces))
            OtlpJson.Write(file, Data.Load(Data.DriveTimeout).Select(t => new Trace(t.TraceId, t.Spans.Select(HostileTextTests.Hostile))));
        var capture = await Tool.RunAsync("capture", traces, "--trace", "019e6b59", "--out", fixture);
        HostileTextTests.IsHarmless(capture.Output + capture.Errors);
        using var tool = Tool.Start(["serve", fixture, "--port", "0"]);
        var model =
            $"{{\"model\":{JsonSerializer.Serialize(HostileTextTests.Evil)},\"messages\":[{{\"role\":\"user\",\"content\":"
            + $"{JsonSerializer.Serialize(HostileTextTests.Evil)}}}]}}";
        var printed = await AskedAsync(
            tool,
            [
                Request("POST", "/v1/chat/completions", model),
                Request("POST", $"/v1/models/{s_escaped}:generateContent", "{}"),
                Request("GET", $"/http/{s_escaped}/{s_escaped}?{s_escaped}", ""),
                Request("GET", $"/{s_escaped}", "", $"Origin: {s_escaped}\r\nX-\u009b31m: \u001b[31m\r\n"),
                Request("POST", "/mcp", $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":{JsonSerializer.Serialize(HostileTextTests.Evil)}}}"),
            ]
        );
        HostileTextTests.IsHarmless(printed);
        Assert.That(printed, Does.Contain("EVIL"));
    }

    [Test]
    public async Task Received()
    {
        using var folder = new TempFolder();
        var file = folder.Write("day\u001b[31m\nEVIL\u202e.jsonl", "torn");
        using var tool = Tool.Start(["listen", "--out", file, "--port", "0", "--grpc-port", "0"]);
        var printed = await AskedAsync(
            tool,
            [
                Request("POST", $"/v1/{s_escaped}", "{}"),
                Request("POST", "/v1/traces", HostileTextTests.Evil),
                Request("POST", "/v1/traces", "{}", "Content-Encoding: \u001b[31m\r\n"),
                Request("POST", "/v1/traces", "{}", $"Origin: {s_escaped}\r\n"),
            ]
        );
        HostileTextTests.IsHarmless(printed);
        Assert.That(printed, Does.Contain("its last 4 bytes are a torn line"));
    }

    [Test]
    public async Task Recorded()
    {
        using var folder = new TempFolder();
        var script =
            "const url = process.env.OPENAI_BASE_URL.replace('/v1', ''), evil = process.env.EVIL, e = encodeURIComponent(evil);"
            + "Promise.all([fetch(`${url}/http/${e}/${e}?${e}`), fetch(`${url}/${e}`, { headers: { origin: e } })])"
            + ".then(() => { console.error(evil); process.exit(3); });";
        var result = await Tool.RunWithAsync(
            ("EVIL", HostileTextTests.Evil),
            ["record", "--verbose", "--out", Path.Combine(folder.Path, "x"), "--", .. Node.Script(script)]
        );
        Assert.That(result.ExitCode, Is.EqualTo(3));
        HostileTextTests.IsHarmless(result.Output + result.Errors);
        Assert.That(result.Errors, Does.Contain("was not given").And.Contain("Origin").And.Contain("the last it printed"));
    }

    // Bytes as they are: a client would refuse to send some of them.
    private static string Request(string method, string path, string body, string headers = "") =>
        $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{headers}"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    private static async Task<string> AskedAsync(System.Diagnostics.Process tool, string[] requests)
    {
        var errors = tool.StandardError.ReadToEndAsync();
        var (printed, address) = ("", Match.Empty);
        while (!address.Success && await tool.StandardOutput.ReadLineAsync() is { } line)
            (printed, address) = ($"{printed}{line}\n", Address().Match(line));
        Assert.That(address.Success, printed);
        var output = tool.StandardOutput.ReadToEndAsync();
        foreach (var request in requests)
        {
            using var client = new TcpClient("127.0.0.1", int.Parse(address.Groups[1].Value));
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
            await client.GetStream().CopyToAsync(Stream.Null);
        }
        Tool.Signal(tool, "INT");
        await tool.WaitForExitAsync();
        return printed + await output + await errors;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Address();
}
