using ReplayHarness.Shapes;

namespace ReplayHarness.Cli;

/// <summary>
/// Colours, where standard output is a terminal that has them. NO_COLOR turns them off (no-color.org), FORCE_COLOR turns them on.
/// </summary>
internal static class Ink
{
    /// <summary>What a terminal's command stands between until it is written; no text has a use for these.</summary>
    public const char Begin = '\uFDD0',
        End = '\uFDD1';

    /// <summary>Erases the line, and goes to its beginning.</summary>
    public static readonly string EraseLine = $"{Begin}K{End}";

    private static readonly string s_reset = $"{Begin}0{End}";

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

    private static string Write(string code, string text) =>
        s_colours && text.Length > 0 ? $"{Begin}{code}{End}{text}{s_reset}" : text;

    /// <summary>The command that a text begins with, as a terminal takes it, and its length; null and 1 where there is none.</summary>
    public static string? Command(ReadOnlySpan<char> text, out int length)
    {
        length = 1;
        if (text[0] != Begin || text.IndexOf(End) is not (> 0 and var end))
            return null;
        string? command = text[1..end] switch
        {
            "K" => "\r\u001b[K",
            "0" or "1" or "2" or "33" or "35" or "1;31" => $"\u001b[{text[1..end]}m",
            _ => null,
        };
        length = command is null ? 1 : end + 1;
        return command;
    }

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
}
