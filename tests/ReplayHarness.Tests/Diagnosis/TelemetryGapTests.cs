using ReplayHarness.Diagnosis.Readiness;
using ReplayHarness.Fixtures;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;
using static ReplayHarness.Tests.Support.DotNetSpans;

namespace ReplayHarness.Tests.Diagnosis;

/// <summary>What .NET's telemetry leaves out, and the line that turns it on.</summary>
public sealed class TelemetryGapTests
{
    private static readonly (string Type, string Message) s_timeout = ("System.TimeoutException", "no answer");

    private static DotNetSpans Asked(DotNetSpans spans, string parent)
    {
        spans.Chat(parent, [User("Now?")], [Asks(("c1", "now", new { zone = "UTC" }))], "tool_calls", ["now"]);
        spans.Fail(spans.Tool(parent, "now", "c1", new { zone = "UTC" }, null), s_timeout.Type, s_timeout.Message);
        spans.Fail("0000000000000001", s_timeout.Type, s_timeout.Message);
        return spans;
    }

    private static DotNetSpans Bare()
    {
        var spans = new DotNetSpans { HasContent = false };
        return Asked(spans, spans.Loop(spans.Job()));
    }

    // Telemetry around the invocation of functions: one span, and no loop around it.
    private static DotNetSpans Outer(string type, string message)
    {
        var spans = new DotNetSpans();
        spans.Fail(spans.Chat(spans.Job(), [User("Now?")], tools: ["now"]), type, message);
        spans.Fail("0000000000000001", type, message);
        return spans;
    }

    [Test]
    public void Content_of_Extensions_AI()
    {
        var gap = TelemetryGap.Of(Bare().Runs().Single()).Single();
        Assert.That(gap.Missing, Does.Contain("1 of 1 model calls and 1 of 1 tool calls").And.Contain("a replay has none of them"));
        Assert.That(
            gap.Remedy,
            Does.StartWith(".UseFunctionInvocation().UseOpenTelemetry(configure: t => t.EnableSensitiveData = true), in this order")
                .And.Contain("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true")
        );
    }

    [Test]
    public void Content_of_Agent_Framework()
    {
        var spans = new DotNetSpans { HasContent = false };
        Asked(spans, spans.Agent(spans.Job(), "Clock", "Now?"));
        Assert.That(
            TelemetryGap.Of(spans.Runs().Single()).Single().Remedy,
            Does.Contain("agent.AsBuilder().UseOpenTelemetry(configure: t => t.EnableSensitiveData = true).Build()")
                .And.Contain("chat client .UseFunctionInvocation().UseOpenTelemetry(")
        );
    }

    [Test]
    public void Content_of_Semantic_Kernel()
    {
        var spans = new DotNetSpans { Scope = "Microsoft.SemanticKernel.Diagnostics" };
        var job = spans.Job();
        spans.Add(job, "chat m", ("gen_ai.operation.name", "chat"), ("gen_ai.response.finish_reason", "[\"ToolCalls\"]"));
        spans.Add(
            "Microsoft.SemanticKernel",
            job,
            "execute_tool now",
            [("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "now")]
        );
        Assert.That(
            TelemetryGap.Of(spans.Runs().Single()).Single().Remedy,
            Does.Contain("AppContext.SetSwitch(\"Microsoft.SemanticKernel.Experimental.GenAI.EnableOTelDiagnosticsSensitive\", true)")
                .And.Contain("SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS_SENSITIVE=true")
        );
    }

    [TestCase("OpenAI.ChatClient", "client.AsIChatClient().AsBuilder().UseFunctionInvocation().UseOpenTelemetry(")]
    [TestCase("com.anthropic.sdk.csharp", "client.AsIChatClient().AsBuilder().UseFunctionInvocation().UseOpenTelemetry(")]
    [TestCase("Azure.AI.Inference.ChatCompletionsClient", "Azure.Experimental.TraceGenAIMessageContent")]
    public void Content_of_clients(string scope, string remedy)
    {
        var spans = new DotNetSpans { Scope = scope };
        spans.Add(spans.Job(), "chat m", ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "m"));
        Assert.That(TelemetryGap.Of(spans.Runs().Single()).First().Remedy, Does.Contain(remedy));
    }

    [Test]
    public void Nothing_is_missing_where_all_is_told()
    {
        var spans = new DotNetSpans();
        Assert.That(TelemetryGap.Of(Asked(spans, spans.Loop(spans.Job())).Runs().Single()), Is.Empty);
        Assert.That(TelemetryGap.Of(new RunBuilder().Model(0, 1).Tool("read", 1, 1).Model(3, 1).Inspect().Run), Is.Empty);
    }

    [Test]
    public async Task An_empty_fixture_is_not_captured_without_a_word()
    {
        using var folder = new TempFolder();
        var captured = await CaptureAsync(folder, Bare());
        Assert.That((captured.ExitCode, captured.Errors), Is.EqualTo((0, "")));
        Assert.That(
            captured.Output,
            Does.Contain("missing: the content of 1 of 1 model calls and 1 of 1 tool calls")
                .And.Contain("  turn it on: .UseFunctionInvocation().UseOpenTelemetry(")
        );
        var checklist = await Tool.RunAsync("checklist", Path.Combine(folder.Path, "t.jsonl"), "--trace", RunBuilder.TraceId);
        Assert.That(
            checklist.Output,
            Does.Contain("[ ] content captured: 0 of 2 calls have their content\n    to do: .UseFunctionInvocation()")
                .And.Contain("  turn it on: .UseFunctionInvocation()")
        );
    }

    [Test]
    public async Task What_failed_behind_telemetry_around_the_loop_is_not_the_models_error()
    {
        using var folder = new TempFolder();
        var outer = Outer(s_timeout.Type, s_timeout.Message);
        Assert.That(
            InspectedRun.Of(outer.Runs().Single()).Findings.Select(f => f.Rule.Name),
            Does.Contain("agent-error").And.None.Contains("model-error")
        );
        var refused = await CaptureAsync(folder, outer);
        Assert.That(refused.ExitCode, Is.EqualTo(3));
        Assert.That(
            refused.Errors,
            Does.Contain("missing: the calls of tools")
                .And.Contain("UseFunctionInvocation().UseOpenTelemetry(")
                .And.Contain("in this order")
        );
        var checklist = await Tool.RunAsync("checklist", Path.Combine(folder.Path, "t.jsonl"));
        Assert.That(
            checklist.Output,
            Does.Contain("[ ] tool calls traced: 0 of 1 runs")
                .And.Contain("    to do: .UseFunctionInvocation().UseOpenTelemetry(")
                // Of one run nobody needs to be told which.
                .And.Contain("  turn it on: .UseFunctionInvocation().UseOpenTelemetry(")
        );
    }

    [TestCase("System.ClientModel.ClientResultException", "HTTP 429 (tokens: rate_limit_exceeded)")]
    [TestCase("System.Net.Http.HttpRequestException", "Connection refused")]
    [TestCase("System.Threading.Tasks.TaskCanceledException", "The operation was cancelled")]
    public void A_providers_error_stays_the_models(string type, string message) =>
        Assert.That(
            InspectedRun.Of(Outer(type, message).Runs().Single()).Findings.Select(f => f.Rule.Name),
            Does.Contain("model-error").And.None.Contains("agent-error")
        );

    [Test]
    public void Results_in_an_answer_show_telemetry_around_the_loop()
    {
        var spans = new DotNetSpans();
        spans.Chat(
            spans.Job(),
            [User("Now?")],
            [Asks(("c1", "now", new { zone = "UTC" })), Told(("c1", "noon")), Says("Noon.")],
            "stop",
            ["now"]
        );
        var run = spans.Runs().Single();
        Assert.That(TelemetryGap.Of(run).Single().Remedy, Does.Contain("in this order"));
        Assert.That(Replayability.Of(run).Gaps.Select(g => g.What), Does.Contain("model calls that cover tools"));
    }

    private static async Task<ToolResult> CaptureAsync(TempFolder folder, DotNetSpans spans)
    {
        var path = Path.Combine(folder.Path, "t.jsonl");
        await using (var file = File.Create(path))
            OtlpJson.Write(file, [spans.All.Build()]);
        return await Tool.RunAsync("capture", path, "--trace", RunBuilder.TraceId, "--out", Path.Combine(folder.Path, "bare"));
    }
}
