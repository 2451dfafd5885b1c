using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>Log records in files that should hold spans.</summary>
public sealed class LogRecordsTests
{
    [TestCase(
        "claude-code",
        "com.anthropic.claude_code.events",
        "log records of Claude Code (2 read) and no spans; ",
        "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1"
    )]
    [TestCase("codex_cli_rs", "", "log records of Codex CLI (2 read) and no spans; ", "sends no spans that name its calls")]
    [TestCase("gemini-cli", "gemini-cli", "log records of Gemini CLI (2 read) and no spans; ", "GEMINI_TELEMETRY_TRACES_ENABLED")]
    [TestCase("desk", "desk", "log records (2 read) and no spans; ", "another signal")]
    public void Log_records_where_spans_should_be_are_named(string service, string scope, string whose, string advice)
    {
        using var folder = new TempFolder();
        var line =
            $$$"""{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"{{{service}}}"}}]},"scopeLogs":[{"scope":{"name":"{{{scope}}}"},"logRecords":[{"timeUnixNano":"1","body":{"stringValue":"event"}}]}]}]}""";
        var set = TraceFiles.Load(folder.Write("logs.jsonl", $"{line}\n{line}\n"));
        Assert.That($"{set.Problems.Single()}", Does.Contain(whose).And.Contain(advice));
    }

    // Where the file is scanned, and where spans lie in another one.
    [TestCase(false, "log records of Codex CLI (1 read) and no spans; ")]
    [TestCase(true, null)]
    public void Scanned_files_say_the_same(bool besideSpans, string? message)
    {
        using var folder = new TempFolder();
        folder.Write(
            "day.logs.jsonl",
            """{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"codex_cli_rs"}}]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1"}]}]}]}"""
                + "\n"
        );
        if (besideSpans)
            folder.Write(
                "day.jsonl",
                """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"a","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}"""
                    + "\n"
            );
        foreach (var from in new[] { 0L, long.MaxValue })
        {
            var options = new ReadOptions { LargeFrom = from, UseIndex = false };
            using var reading = TraceReading.Open(Path.Combine(folder.Path, "*.jsonl"), TraceQuery.All, options);
            Assert.That(reading.Traces(TraceQuery.All).Count(), Is.EqualTo(besideSpans ? 1 : 0));
            Assert.That(string.Concat(reading.Problems), message is null ? Is.Empty : Does.Contain(message));
        }
    }

    [Test]
    public void Log_records_beside_spans_are_none_of_a_trace()
    {
        using var folder = new TempFolder();
        var spans =
            """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"a","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}""";
        var logs = """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1"}]}]}]}""";
        Assert.That(TraceFiles.Load(folder.Write("day.jsonl", $"{logs}\n{spans}\n")).Problems, Is.Empty);
    }
}
