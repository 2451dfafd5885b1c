using System.Text;

namespace ReplayHarness.Cli.Scaffolding;

/// <summary>C# source as far as declarations are read from it: comments, texts and directives are blank, at the same places.</summary>
internal static class CSharpCode
{
    /// <summary>The same text with comments, texts and directives blank.</summary>
    public static string Bare(string source)
    {
        var code = new StringBuilder(source);
        for (var i = 0; i < source.Length; )
        {
            var end = EndOfNoCode(source, i);
            for (var k = i; k < end; k++)
                if (source[k] is not '\n')
                    code[k] = ' ';
            i = Math.Max(end, i + 1);
        }
        return code.ToString();
    }

    /// <summary>The place of the bracket that closes the one at a place, or the text's end.</summary>
    public static int Close(string code, int open)
    {
        var depth = 0;
        for (var i = open; i < code.Length; i++)
            if (code[i] is '(' or '[' or '{')
                depth++;
            else if (code[i] is ')' or ']' or '}' && --depth == 0)
                return i;
        return code.Length;
    }

    /// <summary>The parts between commas that stand in no brackets.</summary>
    public static IEnumerable<string> Parts(string list)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i <= list.Length; i++)
            if (i == list.Length || (list[i] is ',' && depth == 0))
            {
                if (list[start..i].Trim() is { Length: > 0 } part)
                    yield return part;
                start = i + 1;
            }
            else if (list[i] is '(' or '[' or '{' or '<')
                depth++;
            else if (list[i] is ')' or ']' or '}' || (list[i] is '>' && list[i - 1] is not '='))
                depth--;
    }

    /// <summary>A block's text with the blocks in it blank: the members, without what they do.</summary>
    public static string Outer(string block)
    {
        var outer = new StringBuilder(block);
        for (var i = 0; i < block.Length; i++)
            if (block[i] is '{')
            {
                var end = Close(block, i);
                for (var k = i + 1; k < end; k++)
                    outer[k] = ' ';
                i = end;
            }
        return outer.ToString();
    }

    // Where the comment, text or directive that begins here ends; here, where none begins.
    private static int EndOfNoCode(string text, int at) =>
        text[at] switch
        {
            '/' when Next(text, at) is '/' => Find(text, "\n", at),
            '/' when Next(text, at) is '*' => After(text, "*/", at + 2),
            '#' when text.AsSpan(text.LastIndexOf('\n', at) + 1, at - text.LastIndexOf('\n', at) - 1).IsWhiteSpace() => Find(
                text,
                "\n",
                at
            ),
            '\'' => EndOfText(text, at, verbatim: false, '\''),
            '"' => EndOfQuoted(text, at),
            _ => at,
        };

    private static int EndOfQuoted(string text, int at)
    {
        var quotes = 0;
        while (at + quotes < text.Length && text[at + quotes] is '"')
            quotes++;
        if (quotes >= 3)
            return After(text, new string('"', quotes), at + quotes);
        var before = text[Math.Max(0, at - 2)..at];
        return EndOfText(text, at, before.EndsWith('@') || before is "@$", '"', before.Contains('$', StringComparison.Ordinal));
    }

    // Holes of a text may hold texts of their own.
    private static int EndOfText(string text, int at, bool verbatim, char quote, bool holes = false)
    {
        for (var i = at + 1; i < text.Length; i++)
            if (!verbatim && text[i] is '\\')
                i++;
            else if (holes && text[i] is '{' && Next(text, i) is '{')
                i++;
            else if (holes && text[i] is '{')
                i = EndOfHole(text, i);
            else if (text[i] == quote && verbatim && Next(text, i) == quote)
                i++;
            else if (text[i] == quote || (!verbatim && text[i] is '\n'))
                return i + 1;
        return text.Length;
    }

    private static int EndOfHole(string text, int at)
    {
        for (var (i, depth) = (at, 0); i < text.Length; )
        {
            if (text[i] is '{')
                depth++;
            else if (text[i] is '}' && --depth == 0)
                return i;
            i = Math.Max(EndOfNoCode(text, i), i + 1);
        }
        return text.Length;
    }

    private static char Next(string text, int at) => at + 1 < text.Length ? text[at + 1] : '\0';

    private static int Find(string text, string what, int from) =>
        text.IndexOf(what, from, StringComparison.Ordinal) is >= 0 and var found ? found : text.Length;

    private static int After(string text, string what, int from) => Math.Min(text.Length, Find(text, what, from) + what.Length);
}
