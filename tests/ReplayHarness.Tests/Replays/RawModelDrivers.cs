using System.Diagnostics;
using System.Text;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Asks a model's API without any SDK: once, again after it was refused, and with the results; a span for each answer.</summary>
public abstract class RawModelDriver(string url, string first, string second) : IReplayDriver
{
    private static readonly ActivitySource s_source = new("raw");

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        foreach (var body in (string[])[first, first, second])
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri(url), content, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            var type = answer.Headers.TryGetValues("x-amzn-errortype", out var names) ? $" {names.Single()}" : "";
            using var span = s_source.StartActivity("answer");
            span?.SetTag("what", $"{(int)answer.StatusCode}{type} {answer.Content.Headers.ContentType?.MediaType}");
            span?.SetTag("text", text);
        }
    }
}

/// <summary>Google's, as a stream that is one array; its calls come back without ids.</summary>
public sealed class RawGemini()
    : RawModelDriver(
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent",
        """{"contents":[{"role":"user","parts":[{"text":"go"}]}]}""",
        """{"contents":[{"role":"user","parts":[{"text":"go"}]},{"role":"model","parts":[{"functionCall":{"name":"read","args":{"of":"a"}},"thoughtSignature":"AbC="},{"functionCall":{"name":"read","args":{"of":"b"}}}]},{"role":"function","parts":[{"functionResponse":{"name":"read","response":{"output":"A"}}},{"functionResponse":{"name":"read","response":{"output":"B"}}}]}]}"""
    );

/// <summary>Amazon's, as a stream of its own kind.</summary>
public sealed class RawBedrock()
    : RawModelDriver(
        "https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse-stream",
        """{"messages":[{"role":"user","content":[{"text":"go"}]}]}""",
        """{"messages":[{"role":"user","content":[{"text":"go"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"read","input":{"of":"a"}}},{"toolUse":{"toolUseId":"b","name":"read","input":{"of":"b"}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"a","content":[{"text":"A"}]}},{"toolResult":{"toolUseId":"b","content":[{"text":"B"}]}}]}]}"""
    );
