using ReplayHarness.Shapes;

namespace ReplayHarness.Cli;

/// <summary>
/// Colours, where standard output is a terminal that has them. NO_COLOR turns them off (no-color.org), FORCE_COLOR turns them on.
/// </summary>
internal static class Ink
{
    private const string Reset = "\u001b[0m";

    private static readonly bool s_colours =
        IsSet("FORCE_COLOR") || (!IsSet("NO_COLOR") && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb");

    public static string Of(SpanMark mark, string text) =>
        mark switch
        {
            SpanMark.Cause => Write("1;31", text),
            SpanMark.Unwind => Write("33", text),
            SpanMark.Failed => Write("35", text),
            _ => text,
        };

    /// <summary>A heading.</summary>
    public static string Bold(string text) => Write("1", text);

    /// <summary>What matters less.</summary>
    public static string Faint(string text) => Write("2", text);

    private static string Write(string code, string text) => s_colours && text.Length > 0 ? $"\u001b[{code}m{text}{Reset}" : text;

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
}
