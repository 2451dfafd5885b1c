namespace ReplayHarness.Traces;

/// <summary>Text of a trace within a line that people read.</summary>
internal static class OneLine
{
    /// <summary>The text with its line ends shown: nothing of it can look like a line of its own.</summary>
    public static string Of(string text) =>
        text.AsSpan().IndexOfAny('\n', '\r') < 0
            ? text
            : text.Replace("\r\n", "\\n", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal)
                .Replace("\r", "\\r", StringComparison.Ordinal);
}
