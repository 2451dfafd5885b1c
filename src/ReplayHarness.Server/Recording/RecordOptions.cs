namespace ReplayHarness.Server.Recording;

/// <summary>What to record, and where the real endpoints are.</summary>
public sealed record RecordOptions
{
    /// <summary>The agent's program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Real time.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The real model of OpenAI's formats, with its <c>/v1</c>.</summary>
    public required Uri OpenAi { get; init; }

    /// <summary>The real model of Anthropic's format.</summary>
    public required Uri Anthropic { get; init; }

    /// <summary>The real MCP server; null where there is none.</summary>
    public Uri? Mcp { get; init; }

    /// <summary>Where hosts are, that <c>/http/HOST/</c> stands for; <c>https://HOST</c> where one is left out.</summary>
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
