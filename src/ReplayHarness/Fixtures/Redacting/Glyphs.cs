using System.Globalization;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>What a character is to a word, whatever the script.</summary>
internal static class Glyphs
{
    /// <summary>Whether a character belongs to a word: a letter, with what is written on it, or a digit.</summary>
    public static bool IsWord(char c) =>
        char.IsAscii(c)
            ? char.IsAsciiLetterOrDigit(c)
            : char.IsLetterOrDigit(c)
                || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Whether a script writes no spaces between words: Chinese, Japanese, Thai.</summary>
    public static bool IsUnspaced(char c) =>
        c is >= '\u3040' and <= '\u30FF' or >= '\u3400' and <= '\u9FFF' or >= '\u0E00' and <= '\u0E7F' or 'ー';

    /// <summary>Whether a value may begin at a place: no word goes on there. What JSON escapes, is no word.</summary>
    public static bool Begins(ReadOnlySpan<char> text, int at)
    {
        if (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1]))
            return at == 0 || !IsWord(text[at - 1]) || IsUnspaced(text[at - 1]);
        return IsEscape(text, at - 1) || (at >= 6 && text[at - 6] == '\\' && text[at - 5] == 'u') || (at >= 3 && text[at - 3] == '%');
    }

    /// <summary>Whether a value may end before a place: no word goes on there.</summary>
    public static bool Ends(ReadOnlySpan<char> text, int at) => at >= text.Length || !IsWord(text[at]) || IsUnspaced(text[at]);

    /// <summary>Whether a letter is the second sign of an escape: <c>\n</c>, say.</summary>
    public static bool IsEscape(ReadOnlySpan<char> text, int at) =>
        at > 0 && text[at] is 'n' or 'r' or 't' or 'b' or 'f' && at > 0 && text[at - 1] == '\\';
}
