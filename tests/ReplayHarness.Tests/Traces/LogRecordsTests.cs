using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>Log records in files that should hold spans.</summary>
public sealed class LogRecordsTests
{
    [TestCase("claude-code", "com.anthropic.claude_code.events", "of Claude Code and no spans; ", "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1")]
    [TestCase("codex_cli_rs", "", "of Codex CLI and no spans; ", "sends no spans that name its calls")]
    [TestCase("gemini-cli", "gemini-cli", "of Gemini CLI and no spans; ", "GEMINI_TELEMETRY_TRACES_ENABLED")]
    [TestCase("desk", "desk", "2 log record(s) and no spans; ", "another signal")]
    public void Log_records_where_spans_should_be_are_named(string service, string scope, string whose, string advice)
    {
        using var folder = new TempFolder();
        var line =
            $$$"""{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"{{{service}}}"}}]},"scopeLogs":[{"scope":{"name":"{{{scope}}}"},"logRecords":[{"timeUnixNano":"1","body":{"stringValue":"event"}}]}]}]}""";
        var set = TraceFiles.Load(folder.Write("logs.jsonl", $"{line}\n{line}\n"));
        Assert.That($"{set.Problems.Single()}", Does.Contain(whose).And.Contain(advice).And.Contain("these are 2 log record(s)"));
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
