namespace ReplayHarness.Server.Recording;

/// <summary>How an exchange with a real endpoint ended.</summary>
internal enum ExchangeEnd
{
    /// <summary>It had not ended when the recording did.</summary>
    Pending,

    /// <summary>The response came whole.</summary>
    Complete,

    /// <summary>There was no connection, or it broke before a response began.</summary>
    NoResponse,

    /// <summary>The connection broke in the middle of the response.</summary>
    Cut,

    /// <summary>The agent went away before the response was whole.</summary>
    GivenUp,
}

/// <summary>A request of the agent and what came of it, in ticks since the start of the recording. Its headers are not kept.</summary>
internal sealed class Exchange
{
    private readonly List<(byte[] Bytes, long Ticks)> _pieces = [];

    public required string Method { get; init; }

    /// <summary>Where it really went.</summary>
    public required Uri Target { get; init; }

    /// <summary>The path that it came to.</summary>
    public required string Path { get; init; }

    public required byte[] Request { get; init; }

    public required long StartTicks { get; init; }

    public long EndTicks { get; set; }

    public int Status { get; set; }

    public string ContentType { get; set; } = "";

    public ExchangeEnd End { get; set; }

    public string? Error { get; set; }

    public bool Streams => ContentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    public IReadOnlyList<(byte[] Bytes, long Ticks)> Pieces => _pieces;

    public byte[] Body => [.. _pieces.SelectMany(p => p.Bytes)];

    public void Add(ReadOnlySpan<byte> bytes, long ticks) => _pieces.Add((bytes.ToArray(), ticks));
}
