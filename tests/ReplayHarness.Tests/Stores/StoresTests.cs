using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Tests.Support.Containers;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Stores;

/// <summary>Each store answers the troubleshooting questions for the incident as its file does.</summary>
public sealed class StoresTests
{
    private static readonly string[][] s_questions =
    [
        ["find", "--where", $"task_id={Data.TaskId}", "--environment", "production"],
        ["tree", "--trace", Data.FirstAttempt],
        ["attempts", "--where", $"task_id={Data.TaskId}"],
        ["io", "--trace", Data.FirstAttempt],
    ];

    private static readonly IReadOnlyList<Trace> s_traces = Data.Load(Data.DriveTimeout);

    private static async Task AnswersAsync(string source, (string, string) variable = default)
    {
        foreach (var question in s_questions)
        {
            var expected = await Tool.RunAsync([question[0], Data.DriveTimeout, .. question[1..]]);
            string[] arguments = [question[0], source, .. question[1..]];
            var result = variable == default ? await Tool.RunAsync(arguments) : await Tool.RunWithAsync(variable, arguments);
            Assert.That(result.Errors, Is.Empty);
            Assert.That(Comparable(result.Output), Is.EqualTo(Comparable(expected.Output)), question[0]);
            Assert.That(result.ExitCode, Is.Zero);
        }
    }

    // Stores keep microseconds; the file's spans end with nanoseconds of their own.
    private static string Comparable(string output) => System.Text.RegularExpressions.Regex.Replace(output, @"(\.\d{6})\dZ", "$1Z");

    [Test]
    public async Task Postgres_and_a_logfire_that_runs_its_sql_answer()
    {
        using var postgres = Postgres.Start();
        postgres.Fill(s_traces);
        await AnswersAsync(postgres.Address);
        using var logfire = new Endpoint(asked => Logfire(postgres, asked));
        await AnswersAsync($"logfire:{logfire.Url}", ("LOGFIRE_READ_TOKEN", "pylf_v1_eu_x"));
        Assert.That(logfire.Requests.Select(r => r.Headers["Authorization"]), Is.All.EqualTo("Bearer pylf_v1_eu_x"));
        foreach (var sql in Article(Data.TaskId, Data.FirstAttempt))
            Assert.That(postgres.Rows(sql), Is.Not.Empty, sql);
    }

    [Test]
    public async Task More_rows_than_a_page_are_all_read()
    {
        using var postgres = Postgres.Start();
        postgres.Fill(s_traces, padding: 25_000);
        var trace = (await Tool.RunAsync("find", postgres.Address, "--where", $"task_id={Data.TaskId}", "--json")).Output;
        Assert.That(trace, Does.Contain(Data.FirstAttempt));
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "all.jsonl");
        var converted = await Tool.RunAsync("convert", postgres.Address, "--out", file);
        Assert.That(converted.Errors, Is.Empty);
        Assert.That(TraceFiles.Load(file).Traces.Sum(t => t.Spans.Count), Is.EqualTo(25_000 + s_traces.Sum(t => t.Spans.Count)));
    }

    [Test]
    public async Task Postgres_without_the_table_or_the_server_says_so()
    {
        using var postgres = Postgres.Start();
        var table = await Tool.RunAsync("find", postgres.Address, "--where", "a=b");
        Assert.That(
            (table.ExitCode, table.Errors),
            Is.EqualTo(
                (
                    3,
                    $"replay-harness: {postgres.Address}: PostgreSQL refuses: relation \"records\" does not exist (42P01); it "
                        + $"needs a table or view records with Logfire's columns\n"
                )
            )
        );
        var server = await Tool.RunAsync("find", $"postgres://u:secret@127.0.0.1:{Component.FreePort()}/d", "--where", "a=b");
        Assert.That(server.ExitCode, Is.EqualTo(3));
        Assert.That(server.Errors, Does.Contain("cannot be reached").And.Not.Contain("secret").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Jaeger_answers()
    {
        using var jaeger = new Endpoint(asked =>
            asked.Path switch
            {
                "/api/services" => new("""{"data":["mailpilot","other"]}"""),
                "/api/traces" when asked.Query["service"] == "mailpilot" => new(
                    Writers.Jaeger([
                        .. s_traces.Where(t => Tags(asked).All(tag => t.Spans.Any(s => s.Text(tag.Key) == tag.Value!.ToString()))),
                    ])
                ),
                "/api/traces" => new("""{"data":[]}"""),
                _ => s_traces.FirstOrDefault(t => asked.Path.EndsWith(t.TraceId, StringComparison.Ordinal)) is { } trace
                    ? new(Writers.Jaeger([trace]))
                    : new("""{"data":null}""", 404),
            }
        );
        await AnswersAsync($"jaeger:{jaeger.Url}");
    }

    private static JsonObject Tags(Asked asked) => (JsonObject)JsonNode.Parse(asked.Query["tags"]!)!;

    [Test]
    public async Task Tempo_answers()
    {
        using var tempo = new Endpoint(asked =>
            asked.Path == "/api/search"
                ? new(
                    new JsonObject
                    {
                        ["traces"] = new JsonArray([
                            .. s_traces
                                .Where(t => TraceQl(asked.Query["q"]!, t))
                                .Select(t => new JsonObject { ["traceID"] = t.TraceId.TrimStart('0') }),
                        ]),
                    }.ToJsonString()
                )
            : s_traces.FirstOrDefault(t => asked.Path.EndsWith(t.TraceId, StringComparison.Ordinal)) is not { } trace ? new("", 404)
            : new(new JsonObject { ["trace"] = JsonNode.Parse(Otlp(trace)) }.ToJsonString())
        );
        await AnswersAsync($"tempo:{tempo.Url}");
        Assert.That(
            tempo.Requests.Where(r => r.Path == "/api/search").Select(r => r.Query["q"]),
            Does.Contain(
                $$"""{ .task_id = "{{Data.TaskId}}" } && { .deployment.environment.name = "production" || .deployment.environment = "production" }"""
            )
        );
    }

    // As much of TraceQL as the queries use: every braced part holds on some span; a part is alternatives of .name = "value".
    private static bool TraceQl(string query, Trace trace) =>
        query
            .Split("} && {")
            .All(part =>
                part.Trim('{', '}', ' ')
                    .Split(" || ")
                    .Any(alternative =>
                        alternative.Split(" = ") is [var name, var value]
                        && trace.Spans.Any(s => s.Text(name.TrimStart('.')) == value.Trim('"'))
                    )
            );

    private static string Otlp(Trace trace)
    {
        using var stream = new MemoryStream();
        OtlpJson.Write(stream, [trace]);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    [Test]
    public async Task Clickhouse_answers_and_gets_values_as_parameters()
    {
        using var clickhouse = new Endpoint(asked =>
            new(
                Writers.ClickHouse([
                    .. s_traces.Where(t => asked.Query["param_trace"] is not { } id || t.TraceId.StartsWith(id, StringComparison.Ordinal)),
                ])
            )
        );
        await AnswersAsync($"clickhouse:{clickhouse.Url}");
        Assert.That(clickhouse.Requests[0].Query["param_value"], Is.EqualTo(Data.TaskId));
        Assert.That(
            clickhouse.Requests[0].Body,
            Does.Contain("SpanAttributes[{key:String}] = {value:String}").And.Contain("FORMAT JSONEachRow").And.Not.Contain(Data.TaskId)
        );
    }

    [TestCase(429)]
    [TestCase(503)]
    public async Task What_is_only_for_now_is_tried_again(int status)
    {
        var failures = 2;
        using var jaeger = new Endpoint(asked =>
            failures-- > 0
                ? new("busy", status, RetryAfter: "0")
                : new(asked.Path == "/api/services" ? """{"data":["s"]}""" : Writers.Jaeger(s_traces))
        );
        var result = await Tool.RunAsync("find", $"jaeger:{jaeger.Url}", "--where", $"task_id={Data.TaskId}");
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
    }

    private static IEnumerable<TestCaseData> Failures()
    {
        yield return Case("jaeger", new("", 401), "answered 401 (check the token or the user)");
        yield return Case("jaeger", new("<html>", 200), "its list of services is no JSON");
        yield return Case("jaeger", new("busy", 503, RetryAfter: "0"), "answered 503 (tried 5 times): busy");
        yield return Case("tempo", new("bad query", 400), "answered 400 (the request was not understood): bad query");
        yield return Case("tempo", new("[]", 200), "is it Tempo");
        yield return Case("clickhouse", new("Code: 60", 404), "has the database a table otel_traces?");

        static TestCaseData Case(string store, Answer answer, string message) =>
            new TestCaseData(store, answer, message).SetName($"Store: {store} {answer.Status} {message}");
    }

    [TestCaseSource(nameof(Failures))]
    public async Task A_failure_is_one_clear_message(string store, object answer, string message)
    {
        using var endpoint = new Endpoint(_ => (Answer)answer);
        var result = await Tool.RunAsync("find", $"{store}:{endpoint.Url}", "--where", "a=b");
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Errors, Does.StartWith($"replay-harness: {store}:{endpoint.Url}: ").And.Contain(message));
        Assert.That(result.Errors.TrimEnd('\n'), Does.Not.Contain("\n"));
    }

    [TestCase("jaeger:http://127.0.0.1:1", "cannot be reached")]
    [TestCase("jaeger:", "expected an address after the colon")]
    [TestCase("logfire:", "needs a read token in LOGFIRE_READ_TOKEN")]
    [TestCase("postgres:nonsense", "expected a connection")]
    public async Task A_wrong_address_is_one_clear_message(string source, string message)
    {
        var result = await Tool.RunAsync("find", source, "--where", "a=b");
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Errors, Does.Contain(message).And.Not.Contain("   at "));
    }

    private static Answer Logfire(Postgres postgres, Asked asked)
    {
        var body = JsonNode.Parse(asked.Body)!;
        if (asked.Path != "/v2/query" || body["min_timestamp"] is null)
            return new("""{"detail":"min_timestamp is required"}""", 422);
        return new(
            new JsonObject
            {
                ["schema"] = new JsonObject { ["fields"] = new JsonArray() },
                ["data"] = new JsonArray([
                    .. postgres.Rows(body["sql"]!.GetValue<string>()).Take((int)body["limit"]!).Select(r => JsonNode.Parse(r)),
                ]),
            }.ToJsonString()
        );
    }

    // The article's four queries, as written there.
    private static string[] Article(string taskId, string traceId) =>
        [
            $"""
                SELECT start_timestamp, span_name, level, message,
                       exception_type, exception_message, trace_id, span_id
                FROM records
                WHERE deployment_environment = 'production'
                  AND attributes->>'task_id' = '{taskId}'
                ORDER BY start_timestamp DESC
                LIMIT 100
                """,
            $"""
                SELECT start_timestamp, span_name, duration, level, message,
                       exception_type, exception_message, span_id, parent_span_id
                FROM records
                WHERE deployment_environment = 'production'
                  AND trace_id = '{traceId}'
                ORDER BY start_timestamp ASC
                LIMIT 200
                """,
            $"""
                SELECT start_timestamp, span_name, duration,
                       exception_type, exception_message,
                       attributes->>'attempt' AS attempt,
                       trace_id, span_id, parent_span_id
                FROM records
                WHERE deployment_environment = 'production'
                  AND attributes->>'task_id' = '{taskId}'
                ORDER BY start_timestamp ASC
                LIMIT 200
                """,
            """
                SELECT start_timestamp, duration, message, attributes
                FROM records
                WHERE deployment_environment = 'production'
                  AND span_id IN ('9ac9256ed4b719be','ce04c860e83f80f5','34c5eb8884cb0cc4')
                LIMIT 10
                """,
        ];
}
