using System.Diagnostics;
using System.Text.Json.Nodes;
using ReplayHarness.Tests.Server;
using ReplayHarness.Tests.Support;
using WireMock.Server;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>
/// A fixture's http responses as WireMock mappings: WireMock, WireMock.Net and the fixture's own server answer alike, and alike late.
/// </summary>
public sealed class WireMockTests
{
    private static readonly string s_orderDesk = Path.Combine(Data.Root, "fixtures", "order-desk");
    private static readonly string s_driveTimeout = Path.Combine(Data.Root, "fixtures", "drive-timeout");

    [Test]
    public async Task WireMock_answers_as_the_fixture_does()
    {
        using var folder = new TempFolder();
        var fixture = Faults(folder);
        using var served = await Served.StartAsync(fixture);
        using var real = await RealWireMock.StartAsync(folder, await ConvertAsync(folder, fixture, "wiremock"));
        Assert.That(await AskAllAsync(real.Url), Is.EqualTo(await AskAllAsync(served.Http.BaseAddress!)));
    }

    [Test]
    public async Task WireMock_Net_answers_as_the_fixture_does()
    {
        using var folder = new TempFolder();
        var fixture = Faults(folder);
        using var served = await Served.StartAsync(fixture);
        using var server = WireMockServer.Start();
        server.ReadStaticMappingAndAddOrUpdate(await ConvertAsync(folder, fixture, "wiremock-net"));
        // Its first answer of all is late.
        using (var http = new HttpClient())
            await http.GetAsync(new Uri($"{server.Url}/first"));
        var outcomes = (await AskAllAsync(new Uri(server.Url!))).ToLookup(a => s_faults.Contains(a.Split(':')[0]));
        Assert.That(
            outcomes[false],
            Is.EqualTo((await AskAllAsync(served.Http.BaseAddress!)).Where(a => !s_faults.Contains(a.Split(':')[0])))
        );
        string[] faults = [.. outcomes[true]];
        Assert.That(faults[..2], Is.EqualTo(new[] { "connection-reset: 200 text/plain  ", "empty-response: 200 text/plain  " }));
        Assert.That(faults[2], Does.StartWith("malformed-response: 200 text/plain ").And.Length.GreaterThan(50));
        Assert.That(server.LogEntries.Select(e => e.RequestMessage?.Path), Does.Contain("/http/orders.example/customers/C-1042/orders"));
    }

    // What WireMock.Net does at these is told where they are converted.
    private static readonly string[] s_faults = ["connection-reset", "empty-response", "malformed-response"];

    [Test]
    public async Task What_a_dialect_cannot_say_is_told()
    {
        using var folder = new TempFolder();
        var result = await Tool.RunAsync("convert", Faults(folder), "--to", "wiremock-net", "--out", Path.Combine(folder.Path, "m.json"));
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "")));
        const string Empty = "WireMock.Net answers with the status and an empty body, and closes no connection";
        Assert.That(
            result
                .Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => l["replay-harness: http://faults.example/".Length..]),
            Is.EqualTo(
                new[]
                {
                    $"connection-reset: is connection-reset in the fixture; {Empty}",
                    $"empty-response: is empty-response in the fixture; {Empty}",
                    "malformed-response: is malformed-response in the fixture; WireMock.Net answers with the status and a "
                        + "body that ends in random bytes, a sound response otherwise",
                    "dribbled: comes whole after 1 s more: WireMock.Net sends no body in pieces",
                }
            )
        );
    }

    [Test]
    public async Task Mappings_come_back_as_they_were()
    {
        using var folder = new TempFolder();
        foreach (var fixture in new[] { s_orderDesk, s_driveTimeout, Faults(folder) })
        {
            var mappings = await ConvertAsync(folder, fixture, "wiremock");
            var copy = Path.Combine(folder.Path, $"back of {Path.GetFileName(fixture)}");
            var back = Directory.CreateDirectory(Path.Combine(copy, "http")).FullName;
            foreach (var file in Directory.GetFiles(fixture))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            var result = await Tool.RunAsync("convert", mappings, "--to", "http", "--out", Path.Combine(back, "responses.json"));
            Assert.That(result.ExitCode, Is.Zero, result.Errors);
            Assert.That(
                await File.ReadAllTextAsync(await ConvertAsync(folder, copy, "wiremock")),
                Is.EqualTo(await File.ReadAllTextAsync(mappings))
            );
        }
    }

    [Test]
    public async Task Mappings_of_others_are_read()
    {
        var result = await ReadAsync(
            """
            {"mappings":[
              {"request":{"method":"POST","urlPath":"/orders","queryParameters":{"of":{"equalTo":"a b"}},"bodyPatterns":[{"equalToJson":"{\"sku\":1}"}]},"response":{"status":201,"jsonBody":{"id":7},"headers":{"content-type":"application/json"}}},
              {"request":{"method":"GET","url":"/http/same.example/x"},"response":{"body":"first"}},
              {"request":{"method":"GET","url":"/http/same.example/x"},"response":{"body":"the later of two answers"}},
              {"priority":1,"request":{"method":"GET","url":"/x","host":{"equalTo":"h.example"},"scheme":"https"},"response":{"base64Body":"aGk=","fault":"RANDOM_DATA_THEN_CLOSE","fixedDelayMilliseconds":1500}}
            ]}
            """,
            "--base-url",
            "https://api.example"
        );
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(
            JsonNode.DeepEquals(
                JsonNode.Parse(result.Output)!["responses"],
                JsonNode.Parse(
                    """
                    [
                      {"method":"GET","url":"https://h.example/x","status":200,"latencySeconds":1.5,"contentType":"text/plain","body":"hi","fault":"malformed-response"},
                      {"method":"GET","url":"http://same.example/x","status":200,"latencySeconds":0,"contentType":"text/plain","body":"the later of two answers"},
                      {"method":"GET","url":"http://same.example/x","status":200,"latencySeconds":0,"contentType":"text/plain","body":"first"},
                      {"method":"POST","url":"https://api.example/orders?of=a%20b","requestBody":{"sku":1},"status":201,"latencySeconds":0,"contentType":"application/json","body":{"id":7}}
                    ]
                    """
                )
            ),
            Is.True,
            result.Output
        );
    }

    [TestCase(
        """{"request":{"method":"GET","urlPattern":"/a.*"},"response":{}}""",
        "$.request.urlPattern: a fixture's response cannot say this; known are method, url,"
    )]
    [TestCase(
        """{"mappings":[{"request":{"method":"ANY","url":"/http/h/a"},"response":{}}]}""",
        "$.mappings[0].request.method: expected one method"
    )]
    [TestCase(
        """{"request":{"method":"GET","url":"/a"},"response":{}}""",
        "$.request: names no host; give the base URL that it stands for, for example https://HOST"
    )]
    [TestCase(
        """{"request":{"method":"GET","url":"/http/h/a"},"response":{"fault":"FIRE"}}""",
        "$.response.fault: is FIRE; expected CONNECTION_RESET_BY_PEER"
    )]
    [TestCase(
        """{"request":{"method":"GET","url":"/http/h/a"},"response":{"base64Body":"/w=="}}""",
        "$.response.base64Body: is no text in UTF-8"
    )]
    [TestCase("""{"request":{"method":"GET","url":"/http/h/a"}}""", "$.response: is missing")]
    [TestCase("""{"request":{"method":"GET","url":"/http/h/a"},"response":{},"priority":"high"}""", "$.priority: expected a whole number")]
    [TestCase("""{"request":{"method":7,"url":"/http/h/a"},"response":{}}""", "$.request.method: expected a text")]
    [TestCase(
        """{"request":{"method":"GET","url":"/http/h/a","queryParameters":{"q":{"equalTo":"x","caseInsensitive":true}}},"response":{}}""",
        "$.request.queryParameters.q.caseInsensitive: a fixture's response cannot say this"
    )]
    [TestCase(
        """{"request":{"method":"GET","url":"/http/h/a","bodyPatterns":[{"equalToJson":"{"}]},"response":{}}""",
        "$.request.bodyPatterns[0].equalToJson: is not JSON"
    )]
    [TestCase("""[]""", "$: expected a mapping")]
    [TestCase("""{""", "not JSON: expected a mapping file of WireMock")]
    public async Task What_a_fixture_cannot_say_is_one_clear_error(string mappings, string message)
    {
        var result = await ReadAsync(mappings);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((3, "")));
        Assert.That(result.Errors, Does.Contain(message).And.Not.Contain("   at "));
    }

    private static async Task<ToolResult> ReadAsync(string mappings, params string[] options)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "mappings.json");
        await File.WriteAllTextAsync(file, mappings);
        return await Tool.RunAsync(["convert", file, "--to", "http", .. options]);
    }

    // Responses of every kind, and those of the order desk.
    private static string Faults(TempFolder folder)
    {
        var path = Path.Combine(folder.Path, $"faults-{Directory.GetDirectories(folder.Path).Length}");
        Directory.CreateDirectory(Path.Combine(path, "http"));
        File.Copy(Path.Combine(s_orderDesk, "fixture.json"), Path.Combine(path, "fixture.json"));
        File.Copy(Path.Combine(s_orderDesk, "http", "services.json"), Path.Combine(path, "http", "services.json"));
        HttpFaults.Write(path);
        return path;
    }

    private static async Task<string> ConvertAsync(TempFolder folder, string fixture, string form)
    {
        var file = Path.Combine(folder.Path, $"{form}-{Directory.GetFiles(folder.Path).Length}.json");
        var result = await Tool.RunAsync("convert", fixture, "--to", form, "--out", file);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return file;
    }

    // What is asked, and how late the answer is.
    private static readonly (string Path, double Seconds)[] s_asked =
    [
        ("faults.example/state", 0.1),
        ("faults.example/state", 0.1),
        ("faults.example/no-answer", ClientSeconds),
        ("faults.example/connection-reset", 0.1),
        ("faults.example/empty-response", 0.1),
        ("faults.example/malformed-response", 0.1),
        ("faults.example/dribbled", 1.1),
        ("orders.example/customers/C-1042/orders?limit=5", 0.9),
        ("inventory.example/lyon-2/SKU-778", 0.07),
        ("orders.example/customers/C-1042/orders?limit=6", 0),
    ];

    private const double ClientSeconds = 2.5;

    private static async Task<string[]> AskAllAsync(Uri server)
    {
        using var http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(ClientSeconds) };
        List<string> outcomes = [];
        foreach (var (path, seconds) in s_asked)
        {
            var watch = Stopwatch.StartNew();
            outcomes.Add($"{path.Split('/')[^1]}: {await AskAsync(http, path)}");
            // A timer may fire a little early by another clock; how much too late, the machine decides.
            Assert.That(watch.Elapsed.TotalSeconds, Is.InRange(seconds - 0.02, seconds + 10), $"{path} at {server}");
        }
        return [.. outcomes];
    }

    private static async Task<string> AskAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"/http/{path}", UriKind.Relative));
            return (int)answer.StatusCode == 404
                ? "404"
                : $"{(int)answer.StatusCode} {answer.Content.Headers.ContentType} {await answer.Content.ReadAsStringAsync()} "
                    + $"{string.Join(',', answer.Headers.TryGetValues("x-kind", out var kind) ? kind : [])}";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            // What is sent after a fault, and how soon the socket closes, is each server's own.
            return e is HttpRequestException { InnerException: HttpIOException or IOException }
                ? "the connection failed"
                : $"{e.GetType().Name}";
        }
    }
}
