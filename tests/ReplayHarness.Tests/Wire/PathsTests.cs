using ReplayHarness.Wire;

namespace ReplayHarness.Tests.Wire;

/// <summary>Which format a request is in, by its path: also where a provider puts the deployment before it.</summary>
public sealed class PathsTests
{
    [TestCase("/v1/chat/completions", "openai-chat")]
    [TestCase("/openai/deployments/my-deployment/chat/completions", "openai-chat")]
    [TestCase("/openai/v1/chat/completions", "openai-chat")]
    [TestCase("/openai/v1/responses", "openai-responses")]
    [TestCase("/openai/responses", "openai-responses")]
    [TestCase("/v1/messages", "anthropic-messages")]
    [TestCase("/v1beta/models/gemini-2.5-flash:generateContent", "gemini-content")]
    [TestCase("/v1beta/models/gemini-2.5-flash:streamGenerateContent", "gemini-content")]
    [TestCase("/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-flash:generateContent", "gemini-content")]
    [TestCase("/v1beta/models/gemini-2.5-flash:countTokens", null)]
    [TestCase("/model/amazon.nova-lite-v1:0/converse", "bedrock-converse")]
    [TestCase("/model/amazon.nova-lite-v1:0/converse-stream", "bedrock-converse")]
    [TestCase("/bots/7/converse", null)]
    [TestCase("/openai/deployments/my-deployment/embeddings", null)]
    public void Of_a_request(string path, string? format) => Assert.That(WireFormats.Of("POST", path)?.Name, Is.EqualTo(format));
}
