using System.Globalization;
using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Scaffolding;

/// <summary>
/// Text of a trace, or of a user, as C# that says it and does nothing else. All that a scaffold writes into C# goes through here.
/// </summary>
internal static class CSharpText
{
    /// <summary>
    /// A text within one line of a documentation comment: what ends a line, is not seen, or reorders what is seen, is spelt as
    /// <c>\u000A</c>.
    /// </summary>
    public static string Comment(string text)
    {
        var safe = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
                safe.Append(text, i++, 2);
            else if (IsUnseen(text[i]))
                safe.Append(Unseen.Spelt(text[i]));
            else
                safe.Append(Escaped(text[i]) ?? text[i].ToString());
        }
        return safe.ToString();
    }

    /// <summary>A name in kebab-case as an identifier in Pascal case: letters and digits of ASCII, a letter first.</summary>
    public static string Identifier(string name)
    {
        var parts = new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Split(
            '-',
            StringSplitOptions.RemoveEmptyEntries
        );
        var joined = string.Concat(parts.Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
        return joined.Length > 0 && char.IsAsciiLetter(joined[0]) ? joined : "Incident" + joined;
    }

    private static string? Escaped(char c) =>
        c switch
        {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            _ => null,
        };

    private static bool IsUnseen(char c) =>
        Unseen.Is(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;
}
