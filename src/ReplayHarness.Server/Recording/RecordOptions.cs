namespace ReplayHarness.Server.Recording;

/// <summary>What to record, and where the real endpoints are.</summary>
public sealed record RecordOptions
{
    /// <summary>The agent's program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Real time.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>
    /// Where the real models are, by the variable that an SDK takes the address from: <c>OPENAI_BASE_URL</c> (with its <c>/v1</c>),
    /// <c>ANTHROPIC_BASE_URL</c>, <c>GOOGLE_GEMINI_BASE_URL</c>, <c>AWS_ENDPOINT_URL_BEDROCK_RUNTIME</c>. What is
    /// left out is where its provider has it.
    /// </summary>
    public IReadOnlyDictionary<string, Uri> Models { get; init; } = new Dictionary<string, Uri>(StringComparer.Ordinal);

    /// <summary>The real MCP server; null where there is none.</summary>
    public Uri? Mcp { get; init; }

    /// <summary>
    /// Where hosts are, that <c>/http/HOST/</c> stands for. One that only a value of <see cref="Environment"/> names, as
    /// <c>{url}/http/HOST</c>, is <c>https://HOST</c>; a request to any other is refused.
    /// </summary>
    public IReadOnlyDictionary<string, Uri> Hosts { get; init; } = new Dictionary<string, Uri>(StringComparer.Ordinal);

    /// <summary>Variables that are set for the agent; <c>{url}</c> stands for the address that records.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The port on loopback; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The longest that the run may take; then the agent's process is ended.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Told of each request in one line.</summary>
    public Action<string>? Log { get; init; }
}
