namespace ReplayHarness.Replays.Answers;

/// <summary>An HTTP request of the agent.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Url">Where it goes: the whole URL; or, as a server sees it, host, path and query; or a path of the server's own.</param>
/// <param name="Path">Its path.</param>
/// <param name="Body">Its body.</param>
internal sealed record HttpAsked(string Method, string Url, string Path, byte[] Body)
{
    private const string AfterScheme = "://";

    /// <summary>The value of a header, or null.</summary>
    public required Func<string, string?> Header { get; init; }

    /// <summary>Its query, with the question mark; or empty.</summary>
    public string Query { get; init; } = "";

    /// <summary>Whether it goes to the mock itself, and to no other host that the mock stands for.</summary>
    public bool IsToMock { get; init; }

    /// <summary>Whether it goes to a URL.</summary>
    public bool IsTo(string url) =>
        !IsToMock
        && url.EndsWith(Url, StringComparison.Ordinal)
        && (url.Length == Url.Length || url.AsSpan(0, url.Length - Url.Length).EndsWith(AfterScheme, StringComparison.Ordinal));
}
