namespace ReplayHarness.Cli.Scaffolding;

/// <summary>The clients of providers, as a driver makes them: with a key that is none, for the replay answers their HTTP.</summary>
internal static class ProviderClients
{
    /// <summary>How a client of this type is made, with the namespaces that it needs; null for another type.</summary>
    public static (string Expression, IReadOnlyList<string> Namespaces)? New(string type) =>
        type switch
        {
            "OpenAIClient" => ("new OpenAIClient(new ApiKeyCredential(\"none\"))", ["OpenAI", "System.ClientModel"]),
            "ChatClient" => ("new ChatClient(\"model\", new ApiKeyCredential(\"none\"))", ["OpenAI.Chat", "System.ClientModel"]),
            "AnthropicClient" or "IAnthropicClient" => ("new AnthropicClient { ApiKey = \"none\" }", ["Anthropic"]),
            _ => null,
        };
}
