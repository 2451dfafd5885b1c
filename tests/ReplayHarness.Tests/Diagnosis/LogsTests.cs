using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ReplayHarness.Diagnosis.Logs;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Diagnosis;

/// <summary>Logs in the forms they come in, correlated with a run; and where they contradict its spans.</summary>
public sealed class LogsTests
{
    private static string DriveLogs => Data.Path("incidents/drive-timeout/logs.jsonl");

    // As the first article shows it: the spans of the same incident run on another clock.
    private const string Flat = """
        21:30:23  task started: handle inbound email
        21:31:29  retrying (transient)
        21:31:29.384  tool start: read_drive_markdown
        21:31:29.385  tool start: read_drive_markdown
        21:31:30.509  tool end:   read_drive_markdown
        21:32:30.216  tool error: TimeoutError
        21:36:30  failed: max_attempts (The read operation timed out)
        """;

    [Test]
    public void Json_lines_are_correlated_by_trace_id()
    {
        var logs = Correlate(DriveLogs);
        Assert.That((logs.Records.Count, logs.ByTraceId, logs.ByRunId, logs.ByTime), Is.EqualTo((28, 28, 0, 0)));
        Assert.That(
            logs.Records[1],
            Is.Not.Null.And.Property("Event").EqualTo("tool_call").And.Property("ArgumentsKey").EqualTo("bcc394eddf73")
        );
    }

    // Its memory is not its length, so that one line of a file cannot end the process.
    [Test]
    public void A_line_without_end_is_left_out()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "long.log");
        var piece = Enumerable.Repeat((byte)'x', 1 << 20).ToArray();
        using (var output = File.Create(file))
        {
            for (var i = 0; i <= 64; i++)
                output.Write(piece);
            output.Write("\r\n{\"timestamp\":1,\"message\":\"one\"}\r\n\n{\"timestamp\":2,\"message\":\"two\"}"u8);
        }
        List<string> problems = [];
        Assert.That(LogFiles.Read(file, p => problems.Add($"{p}")).Select(r => r.Message), Is.EqualTo(new[] { "one", "two" }));
        Assert.That(problems, Is.EqualTo(new[] { $"{file}:1: the line is longer than 64 MiB, the most that is read; it was left out" }));
    }

    [Test]
    public void Run_id_correlates_where_the_trace_id_is_missing_and_time_where_both_are()
    {
        var other = string.Join(
            '\n',
            File.ReadAllLines(DriveLogs)
                .Select(l =>
                    l.Replace(Data.TaskId, "another", StringComparison.Ordinal).Replace("trace_id", "ignored", StringComparison.Ordinal)
                )
        );
        using var folder = new TempFolder();
        var byRun = Correlate(folder.Write("run.jsonl", File.ReadAllText(DriveLogs).Replace("\"trace_id\"", "\"ignored\"")));
        Assert.That((byRun.Records.Count, byRun.ByRunId), Is.EqualTo((28, 28)));
        Assert.That(Correlate(folder.Write("other.jsonl", other)).Records, Is.Empty, "another run's records are not taken by time");
        var byTime = Correlate(folder.Write("time.jsonl", other.Replace("\"run_id\"", "\"id\"", StringComparison.Ordinal)));
        Assert.That((byTime.Records.Count, byTime.ByTime), Is.EqualTo((28, 28)));
    }

    [Test]
    public async Task Every_form_gives_the_same_diagnosis()
    {
        using var folder = new TempFolder();
        var lines = File.ReadAllLines(DriveLogs);
        var gzip = Path.Combine(folder.Path, "logs.jsonl.gz");
        await using (var file = new GZipStream(File.Create(gzip), CompressionMode.Compress))
            await file.WriteAsync(File.ReadAllBytes(DriveLogs));
        var expected = await DebugAsync(DriveLogs);
        Assert.That(expected, Does.Contain("max_attempts  [logs]"));
        foreach (
            var form in new[]
            {
                gzip,
                folder.Write("list.json", $"[\n{string.Join(",\n", lines)}\n]"),
                folder.Write("otlp.jsonl", Otlp(lines, bodies: false)),
                folder.Write("bodies.jsonl", Otlp(lines, bodies: true)),
            }
        )
            Assert.That(await DebugAsync(form), Is.EqualTo(expected), form);
    }

    [Test]
    public async Task Flat_text_is_the_last_resort_and_what_it_contradicts_is_shown()
    {
        using var folder = new TempFolder();
        var result = await Tool.RunAsync("debug", Data.TaskId, "--traces", Data.DriveTimeout, "--logs", folder.Write("app.log", Flat));
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Errors, Does.Contain("6 record(s) belong to the run by their time only"));
        Assert.That(result.Output, Does.Contain("max_attempts  [logs]"));
        Assert.That(result.Output, Does.Contain("the logs tell of 2 calls of read_drive_markdown, the spans of 8"));
        Assert.That(result.Output, Does.Contain("run_finished is logged 408.58 s before the last span ends"));
    }

    private static IEnumerable<TestCaseData> Contradicting()
    {
        yield return new(
            "\"status\":\"error\",\"error_class\":\"timeout\"",
            "\"status\":\"ok\"",
            "the logs tell of 0 failed calls of read_drive_markdown, the spans of 4"
        );
        yield return new(
            "\"stop_reason\":\"max_attempts\"",
            "\"stop_reason\":\"completed\"",
            "the logs say stop_reason completed, but the run's span failed: TimeoutError: The read operation timed out"
        );
        yield return new("\"release\":\"2026.5.27\"", "\"release\":\"2026.5.28\"", "the logs say release 2026.5.28, the spans 2026.5.27");
        yield return new(
            Data.FirstAttempt,
            "ffffffffffffffffffffffffffffffff",
            "the logs name 1 trace(s) of this run that the traces do not hold: ffffffffffffffffffffffffffffffff"
        );
        yield return new(
            "2026-05-27T21:32:30.215Z",
            "2026-05-27T21:32:40.215Z",
            "1 tool_result record(s) of read_drive_markdown are 10.00 s after their spans end"
        );
    }

    [TestCaseSource(nameof(Contradicting))]
    public async Task Contradictions_are_shown(string from, string to, string expected)
    {
        using var folder = new TempFolder();
        Assert.That(await DebugAsync(DriveLogs), Does.Not.Contain("contradictions"));
        Assert.That(
            await DebugAsync(folder.Write("logs.jsonl", File.ReadAllText(DriveLogs).Replace(from, to, StringComparison.Ordinal))),
            Does.Contain(expected)
        );
    }

    [Test]
    public void A_line_that_is_no_record_is_told_and_the_others_are_read()
    {
        using var folder = new TempFolder();
        var file = folder.Write("logs.jsonl", File.ReadAllText(DriveLogs).Insert(0, "{\"timestamp\": \"2026-\n"));
        List<InputProblem> problems = [];
        Assert.That(LogFiles.Read(file, problems.Add).Count(), Is.EqualTo(28));
        Assert.That(problems.Select(p => p.ToString()), Has.One.Items.And.All.StartWith($"{file}:1:"));
    }

    [Test]
    public void An_OTLP_record_of_a_wrong_form_is_told_and_structured_bodies_are_read()
    {
        using var folder = new TempFolder();
        const string Wrong = """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","traceId":"no id"}]}]}]}""";
        const string Right =
            """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","body":{"kvlistValue":{"values":[{"key":"run_id","value":{"stringValue":"a"}},{"key":"attempt","value":{"intValue":"2"}}]}}}]}]}]}""";
        List<InputProblem> problems = [];
        var record = LogFiles.Read(folder.Write("l.jsonl", $"{Right}\n{Wrong}\n"), problems.Add).Single();
        Assert.That((record.RunId, record.Attributes["attempt"]), Is.EqualTo(("a", 2L)));
        Assert.That(problems.Single().ToString(), Does.Contain("l.jsonl:2: ").And.Contain("traceId").And.EndWith("the line was left out"));
    }

    [TestCase("{\"ts\":1779917484,\"run_id\":\"a\"}")]
    [TestCase("{\"ts\":1779917484000,\"run_id\":\"a\"}")]
    [TestCase("{\"time\":1779917484000000,\"run_id\":\"a\"}")]
    [TestCase("{\"@timestamp\":1779917484000000000,\"run_id\":\"a\"}")]
    [TestCase("{\"timestamp\":\"2026-05-27T21:31:24Z\",\"extra\":{\"run_id\":\"a\"}}")]
    [TestCase("{\"time\":1779917484.0,\"fields\":{\"run.id\":\"a\"}}")]
    public void Times_and_names_are_read_as_loggers_write_them(string line)
    {
        using var folder = new TempFolder();
        var record = LogFiles.Read(folder.Write("l.jsonl", line), _ => Assert.Fail()).Single();
        Assert.That((record.TimeNanos, record.RunId), Is.EqualTo((1_779_917_484_000_000_000, "a")));
    }

    [Test]
    public async Task Policy_decisions_are_shown()
    {
        using var folder = new TempFolder();
        var record =
            $"{{\"timestamp\":\"2026-05-27T21:31:28Z\",\"trace_id\":\"{Data.FirstAttempt}\",\"event\":\"policy_decision\","
            + $"\"policy\":\"max-parallel-tools\",\"decision\":\"allow\",\"tool\":\"read_drive_markdown\"}}\n";
        Assert.That(
            await DebugAsync(folder.Write("logs.jsonl", record)),
            Does.Contain("policy                max-parallel-tools, allow, read_drive_markdown  [logs]")
        );
    }

    private static async Task<string> DebugAsync(string logs)
    {
        var result = await Tool.RunAsync("debug", Data.TaskId, "--traces", Data.DriveTimeout, "--logs", logs);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        return result.Output;
    }

    private static CorrelatedLogs Correlate(string file) =>
        CorrelatedLogs.Of(LogFiles.Read(file, p => Assert.Fail(p.ToString())), AgentRuns.Read(Data.Load(Data.DriveTimeout)));

    // As an exporter writes them: members as attributes of the record, or the whole line as the text of its body.
    private static string Otlp(string[] lines, bool bodies) =>
        string.Join(
            '\n',
            lines.Select(line =>
            {
                var members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line)!;
                var time =
                    (
                        DateTimeOffset.Parse(members["timestamp"].GetString()!, System.Globalization.CultureInfo.InvariantCulture)
                        - DateTimeOffset.UnixEpoch
                    ).Ticks * 100;
                var attributes = members
                    .Where(m => m.Key is not ("timestamp" or "trace_id"))
                    .Select(m => new
                    {
                        key = m.Key,
                        value = m.Value.ValueKind == JsonValueKind.Number
                            ? (object)new { intValue = m.Value.ToString() }
                            : new { stringValue = m.Value.GetString() },
                    });
                var record = bodies
                    ? (object)new { timeUnixNano = $"{time}", body = new { stringValue = line } }
                    : new
                    {
                        timeUnixNano = $"{time}",
                        traceId = members["trace_id"].GetString(),
                        body = new { stringValue = "" },
                        attributes,
                    };
                return JsonSerializer.Serialize(
                    new
                    {
                        resourceLogs = new[]
                        {
                            new
                            {
                                resource = new { attributes = Array.Empty<object>() },
                                scopeLogs = new[] { new { logRecords = new[] { record } } },
                            },
                        },
                    }
                );
            })
        );
}
