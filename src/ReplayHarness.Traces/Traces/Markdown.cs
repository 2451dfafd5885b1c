using System.Text.RegularExpressions;

namespace ReplayHarness.Traces;

/// <summary>Text of a trace within Markdown: it stays text and on its line, opens no tag and no link, and calls nobody.</summary>
internal static partial class Markdown
{
    /// <summary>Within a sentence, a list or a cell of a table.</summary>
    public static string Text(string text) => Mention().Replace(Special().Replace(Unseen.Spelt(text), "\\$0"), "@<!-- -->");

    /// <summary>A text as code, within a sentence or a list.</summary>
    public static string Code(string text) => $"`{Unseen.Spelt(text).Replace('`', '\'')}`";

    /// <summary>A text as code, within a table.</summary>
    public static string CodeCell(string text) => Code(text).Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>Lines within a fence of three backticks.</summary>
    public static string Fenced(string lines) => lines.Replace("```", "'''", StringComparison.Ordinal);

    // What begins a tag, a link, emphasis, a cell, code or an entity; and at the beginning of a text, a heading, a list or a quotation.
    [GeneratedRegex(@"[\\|<*\[`~&]|^[#>+=-]|(?<=^[0-9]{1,9})[.)](?=\s)")]
    private static partial Regex Special();

    [GeneratedRegex(@"(?<![A-Za-z0-9])@(?=[A-Za-z0-9])")]
    private static partial Regex Mention();
}
