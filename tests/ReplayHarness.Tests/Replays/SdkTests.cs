using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>The official SDKs meet a model that fails: their own retries, pauses and time-outs run, in virtual time.</summary>
public sealed class SdkTests
{
    private const string Go = """[{"role":"user","parts":[{"type":"text","content":"go"}]}]""";

    [TestCase("AnthropicMcpDeployed", VerdictKind.Reproduced)]
    [TestCase("AnthropicMcpMended", VerdictKind.Removed)]
    public async Task Tools_of_an_MCP_server_behave_as_captured(string agent, VerdictKind expected)
    {
        var report = await Replay.RunAsync(
            Path.Combine(Data.Root, "fixtures", "order-desk"),
            Agent.InAssembly(Repo.Replays, $"Replays.OrderDesk.{agent}"),
            new ReplayOptions { Hypotheses = ["captured@tool"] }
        );
        var verdict = report.Hypotheses.Single();
        Assert.That(
            (verdict.Verdict, verdict.Schedules.Exhaustive),
            Is.EqualTo((expected, true)),
            $"{verdict.Sentence} {string.Join('\n', verdict.Reasons)}"
        );
    }

    // OpenAI's SDK tries four times, Anthropic's three; the model takes a second to refuse, and 429 asks for a second's pause.
    [TestCase("OpenAiDeployed", "RateLimitError", "429 Too Many Requests", "rate-limit", 4 + 3, 15)]
    [TestCase("OpenAiStreamingDeployed", "RateLimitError", "429 Too Many Requests", "rate-limit", 4 + 3, 15)]
    [TestCase("AnthropicDeployed", "RateLimitError", "429 Too Many Requests", "rate-limit", 3 + 2, 15)]
    [TestCase("OpenAiDeployed", "APIError", "503 Service Unavailable", "http-5xx", 4, 20)]
    [TestCase("AnthropicStreamingDeployed", "APIError", "529 overloaded", "http-5xx", 3, 20)]
    [TestCase("OpenAiDeployed", "BadRequestError", "400 bad request", "http-4xx", 1, 1.1)]
    [TestCase("AnthropicDeployed", "BadRequestError", "400 bad request", "http-4xx", 1, 1.1)]
    [TestCase("OpenAiDeployed", "APIConnectionError", "Connection error.", "connection", 4, 20)]
    [TestCase("OpenAiDeployed", "APITimeoutError", "Request timed out.", "timeout", 400, 430)]
    public async Task Retries_pauses_and_time_outs_are_the_sdks_own(
        string agent,
        string type,
        string message,
        string errorClass,
        double least,
        double most
    )
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(
            folder,
            "failing",
            new RunBuilder { RootError = (type, message) }.Model(0, 1, (type, message), input: Go)
        );
        var report = await Replay.RunAsync(
            fixture,
            Agent.InAssembly(Repo.Replays, $"Replays.OrderDesk.{agent}"),
            new ReplayOptions { Hypotheses = ["captured@tool"] }
        );
        var verdict = report.Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Reproduced), $"{verdict.Sentence} {string.Join('\n', verdict.Reasons)}");
        Assert.That(
            verdict.Shapes.Single().Text,
            Does.Contain($"model-error(model, {errorClass})").And.Contain($"unhandled-model-error(model, {errorClass})")
        );
        Assert.That(report.VirtualSeconds / (double)verdict.Schedules.Explored, Is.InRange(least, most));
    }
}
