using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;
using WireMock.Matchers;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>Mapping files that WireMock.Net itself wrote, as a fixture's http responses.</summary>
public sealed class WireMockNetFilesTests
{
    private static IEnumerable<TestCaseData> Said()
    {
        yield return Case(
            "a text",
            s =>
                s.Given(Request.Create().WithPath("/a b").UsingGet())
                    .RespondWith(
                        Response.Create().WithStatusCode(200).WithHeader("Content-Type", "text/html").WithBody("hi").WithDelay(50)
                    ),
            """{"method":"GET","url":"https://api.example/a%20b","status":200,"latencySeconds":0.05,"contentType":"text/html","body":"hi"}"""
        );
        yield return Case(
            "JSON both ways",
            s =>
                s.Given(
                        Request
                            .Create()
                            .WithPath("/http/h.example:8080/o")
                            .UsingPost()
                            .WithParam("of", "a b")
                            .WithBody(new JsonMatcher("{\"sku\":1}"))
                    )
                    .AtPriority(3)
                    .RespondWith(Response.Create().WithStatusCode("201").WithHeader("X-Kind", "slow").WithBodyAsJson(new { id = 7 })),
            """{"method":"POST","url":"http://h.example:8080/o?of=a%20b","requestBody":{"sku":1},"status":201,"latencySeconds":0,"contentType":"text/plain","headers":{"X-Kind":"slow"},"body":{"id":7}}"""
        );
        yield return Case(
            "a whole URL, a body of bytes",
            s =>
                s.Given(Request.Create().WithUrl("https://x.example/b?c=1").UsingPut().WithBody("exactly"))
                    .WithTitle("put")
                    .WithDescription("described")
                    .RespondWith(Response.Create().WithNotFound().WithBody("bytes"u8.ToArray())),
            """{"method":"PUT","url":"https://x.example/b?c=1","requestBody":"exactly","status":404,"latencySeconds":0,"contentType":"text/plain","body":"bytes"}"""
        );
        yield return Case(
            "a state",
            s =>
                s.Given(Request.Create().WithPath("/s").UsingGet())
                    .InScenario("warming")
                    .WillSetStateTo("warm")
                    .RespondWith(Response.Create().WithStatusCode(503)),
            """{"method":"GET","url":"https://api.example/s","status":503,"latencySeconds":0,"contentType":"text/plain","scenario":{"name":"warming","requires":"Started","becomes":"warm"}}"""
        );
        yield return Case(
            "a fault, which is told",
            s => s.Given(Request.Create().WithPath("/f").UsingGet()).RespondWith(Response.Create().WithFault(FaultType.EMPTY_RESPONSE)),
            """{"method":"GET","url":"https://api.example/f","status":200,"latencySeconds":0,"contentType":"text/plain","fault":"empty-response"}""",
            "$.Response.Fault: EMPTY_RESPONSE is read as the fault of that name; WireMock.Net itself answers with the status "
                + "and an empty body"
        );
    }

    [TestCaseSource(nameof(Said))]
    public async Task What_the_server_saved_is_read(Action<WireMockServer> build, string record, string told)
    {
        using var folder = new TempFolder();
        var result = await ReadAsync(Saved(folder, build));
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors, told.Length == 0 ? Is.Empty : Does.Contain(told));
        var responses = JsonNode.Parse(result.Output)!["responses"];
        Assert.That(JsonNode.DeepEquals(responses, new JsonArray(JsonNode.Parse(record))), Is.True, result.Output);
    }

    private static IEnumerable<TestCaseData> Unsaid()
    {
        yield return Bad("any method", s => s.Given(Request.Create().WithPath("/a")), "$.Request.Methods: expected one method");
        yield return Bad("a wildcard", s => Get(s, "/a*"), "$.Request.Path.Matchers[0].Pattern: holds the wildcard *");
        yield return Bad(
            "a pattern",
            s => s.Given(Request.Create().UsingGet().WithPath(new RegexMatcher("/a.*"))),
            "$.Request.Path.Matchers[0].Name: expected ExactMatcher"
        );
        yield return Bad(
            "a header",
            s => s.Given(Request.Create().UsingGet().WithPath("/a").WithHeader("X", "y")),
            "$.Request.Headers: a fixture's response cannot say this; known are Path, Url,"
        );
        yield return Bad(
            "a body in any case",
            s => s.Given(Request.Create().UsingPost().WithPath("/a").WithBody(new JsonMatcher("{}", ignoreCase: true))),
            "$.Request.Body.Matcher.IgnoreCase: a fixture's response can say false alone"
        );
        yield return Bad(
            "a template",
            s => Get(s, "/a", Response.Create().WithBody("{{request.path}}").WithTransformer()),
            "$.Response.UseTransformer: a fixture's response cannot say this"
        );
        yield return Bad(
            "a delay by chance",
            s => Get(s, "/a", Response.Create().WithSuccess().WithRandomDelay(1, 2)),
            "$.Response.MinimumRandomDelay: a fixture's response cannot say this"
        );
        yield return Bad(
            "two values of a header",
            s => Get(s, "/a", Response.Create().WithHeader("X", "1", "2")),
            "$.Response.Headers.X: expected one value"
        );
        yield return Bad(
            "a state after two answers",
            s => s.Given(Request.Create().UsingGet().WithPath("/a")).InScenario("s").WillSetStateTo("t", 2),
            "$.TimesInSameState: a fixture's response can say 1 alone"
        );
    }

    [TestCaseSource(nameof(Unsaid))]
    public async Task What_a_fixture_cannot_say_is_one_clear_error(Action<WireMockServer> build, string message)
    {
        using var folder = new TempFolder();
        await Refused(Saved(folder, build), message);
    }

    [TestCase("""[{"Request":{"Path":"/a","Methods":["GET"]},"Response":{}},7]""", "$[1]: expected an object")]
    [TestCase("""{"Request":{"Path":"/a","Methods":[7]},"Response":{}}""", "$.Request.Methods: expected one method")]
    [TestCase("""{"Request":{"Path":7,"Methods":["GET"]},"Response":{}}""", "$.Request.Path: expected an object")]
    [TestCase("""{"Request":{"Path":"/a","Methods":["GET"]}}""", "$.Response: is missing")]
    [TestCase("""{"Request":{"Path":"/a","methods":["GET"]},"Response":{}}""", "$.Request.methods: a fixture's response cannot say this")]
    [TestCase("""{"Scenario":7,"Request":{"Path":"/a","Methods":["GET"]},"Response":{}}""", "$.Scenario: expected a text")]
    [TestCase(
        """{"Scenario":"s","WhenStateIs":"Started","Request":{"Path":"/a","Methods":["GET"]},"Response":{}}""",
        "$.WhenStateIs: is Started, as a fixture calls the first state"
    )]
    [TestCase(
        """{"Request":{"Path":"/a","Methods":["GET"]},"Response":{"StatusCode":"2xx"}}""",
        "$.Response.StatusCode: expected a number"
    )]
    [TestCase(
        """{"Request":{"Path":"/a","Methods":["GET"]},"Response":{"Fault":{"Type":"EMPTY_RESPONSE","Percentage":5}}}""",
        "$.Response.Fault.Percentage: a fixture's response cannot say this"
    )]
    [TestCase(
        """{"Request":{"Path":"/a","Methods":["GET"],"Body":{"Matcher":{"Name":"JsonMatcher","Pattern":"{"}}},"Response":{}}""",
        "$.Request.Body.Matcher.Pattern: is not JSON"
    )]
    public async Task What_nobody_would_write_is_one_clear_error(string mapping, string message)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "mapping.json");
        await File.WriteAllTextAsync(file, mapping);
        await Refused(file, message);
    }

    // Ours, read and written again by the server, come back whole and in order.
    [TestCase("order-desk")]
    [TestCase("drive-timeout")]
    public async Task What_the_server_read_of_ours_comes_back(string name)
    {
        using var folder = new TempFolder();
        var fixture = Path.Combine(Data.Root, "fixtures", name);
        var mappings = Path.Combine(folder.Path, "ours.json");
        Assert.That((await Tool.RunAsync("convert", fixture, "--to", "wiremock-net", "--out", mappings)).ExitCode, Is.Zero);
        using var server = WireMockServer.Start(new WireMockServerSettings { StartAdminInterface = true });
        server.ReadStaticMappingAndAddOrUpdate(mappings);
        using var http = new HttpClient();
        var listed = Path.Combine(folder.Path, "listed.json");
        await File.WriteAllTextAsync(listed, await http.GetStringAsync(new Uri($"{server.Url}/__admin/mappings")));
        var (ours, theirs) = (await ReadAsync(mappings), await ReadAsync(listed));
        Assert.That((ours.ExitCode, theirs.ExitCode), Is.EqualTo((0, 0)), ours.Errors + theirs.Errors);
        Assert.That(Responses(theirs), Is.EqualTo(Responses(ours)));
        Assert.That(
            Urls(theirs.Output),
            Is.EqualTo(Directory.GetFiles(Path.Combine(fixture, "http")).SelectMany(f => Urls(File.ReadAllText(f))))
        );
    }

    private static string Responses(ToolResult result) => JsonNode.Parse(result.Output)!["responses"]!.ToJsonString();

    private static string[] Urls(string file) => [.. JsonNode.Parse(file)!["responses"]!.AsArray().Select(r => (string)r!["url"]!)];

    private static void Get(WireMockServer server, string path, IResponseBuilder? response = null) =>
        server.Given(Request.Create().UsingGet().WithPath(path)).RespondWith(response ?? Response.Create().WithSuccess());

    private static string Saved(TempFolder folder, Action<WireMockServer> build)
    {
        using var server = WireMockServer.Start();
        build(server);
        server.SaveStaticMappings(folder.Path);
        return Directory.GetFiles(folder.Path, "*.json").Single();
    }

    private static Task<ToolResult> ReadAsync(string file) =>
        Tool.RunAsync("convert", file, "--to", "http", "--base-url", "https://api.example");

    private static async Task Refused(string file, string message)
    {
        var result = await ReadAsync(file);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((3, "")));
        Assert.That(result.Errors, Does.Contain($"{file}: {message}").And.Not.Contain("   at "));
    }

    private static TestCaseData Case(string name, Action<WireMockServer> build, string record, string told = "") =>
        new TestCaseData(build, record, told).SetArgDisplayNames(name);

    private static TestCaseData Bad(string name, Func<WireMockServer, IRespondWithAProvider> build, string message) =>
        Bad(name, s => Finish(build(s)), message);

    private static TestCaseData Bad(string name, Action<WireMockServer> build, string message) =>
        new TestCaseData(build, message).SetArgDisplayNames(name);

    // A mapping is saved once it has a response.
    private static void Finish(IRespondWithAProvider given) => given.RespondWith(Response.Create().WithSuccess());
}
