using System.Buffers;
using System.Globalization;
using System.Text;

namespace ReplayHarness.Traces;

/// <summary>
/// Characters of a text that a person does not see as they are: control characters, ends of lines, marks of writing direction, and others
/// without a shape. Where people or programs read a text of a trace, they are spelt. Joiners within words and emoji are no such.
/// </summary>
internal static class Unseen
{
    /// <summary>All of them.</summary>
    public static SearchValues<char> Characters { get; } =
        SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(Is)]);

    /// <summary>Whether a character is one of them.</summary>
    public static bool Is(char c) =>
        char.GetUnicodeCategory(c)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
        && c is not ('\u200c' or '\u200d');

    /// <summary>How one is spelt: <c>\u001B</c>.</summary>
    public static string Spelt(char c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");

    /// <summary>The text with each of them spelt; ends of lines and tabs as <c>\n</c>, <c>\r</c> and <c>\t</c>.</summary>
    public static string Spelt(string text)
    {
        if (text.AsSpan().IndexOfAny(Characters) < 0)
            return text;
        var spelt = new StringBuilder(text.Length + 16);
        foreach (var c in text)
            _ = c switch
            {
                '\n' => spelt.Append("\\n"),
                '\r' => spelt.Append("\\r"),
                '\t' => spelt.Append("\\t"),
                _ when Is(c) => spelt.Append(Spelt(c)),
                _ => spelt.Append(c),
            };
        return spelt.ToString();
    }
}
