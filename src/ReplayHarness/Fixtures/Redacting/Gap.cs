namespace ReplayHarness.Fixtures.Redacting;

/// <summary>How a value is told apart from its label.</summary>
internal enum GapKind
{
    /// <summary><c>:</c>, <c>=</c>, <c>=&gt;</c>.</summary>
    Sign,

    /// <summary>A pair: <c>["name", "value"]</c>, <c>"name": "x", "value": "y"</c>.</summary>
    Pair,

    /// <summary>The next argument of a command.</summary>
    Argument,

    /// <summary>The next cell of a table, or the text of an element.</summary>
    Cell,

    /// <summary>"is".</summary>
    Prose,

    /// <summary>Nothing but space.</summary>
    Space,
}

/// <summary>What stands between a label and its value.</summary>
/// <param name="At">Where the value begins, with its quote.</param>
/// <param name="Kind">How it is told apart.</param>
internal readonly record struct Gap(int At, GapKind Kind)
{
    private const int MostSpace = 64,
        MostAttributes = 100;

    private static readonly string[] s_is =
    [
        "is now",
        "is",
        "was",
        "ist",
        "lautet",
        "est",
        "es",
        "è",
        "é",
        "to",
        "number",
        "no.",
        "no",
        "nr.",
        "nr",
        "#",
        "am",
        "是",
        "为",
        "為",
        "は",
    ];

    private static readonly string[] s_values = ["value", "val", "content", "data", "v"];

    /// <summary>What follows a label; null where nothing does that could be its value.</summary>
    public static Gap? After(string text, int start, int end)
    {
        var at = Quote(text, end);
        var quoted = at > end;
        while (at < text.Length && text[at] is ']' or ')' && (quoted || text[at] == ')'))
            at++;
        // The point of an abbreviation: no. 4711.
        if (at + 1 < text.Length && text[at] == '.' && text[at + 1] is ' ' or ':')
            at++;
        var sign = Space(text, at);
        if (sign >= text.Length)
            return null;
        if (text[sign] is ':' or '=' or '：')
            return new(AfterSign(text, sign), GapKind.Sign);
        if (quoted)
            return Pair(text, start, sign);
        if (text[sign] == '|')
            return new(Space(text, sign + 1), GapKind.Cell);
        if (Element(text, start, end) is { } inner)
            return new(inner, GapKind.Cell);
        if (sign == at)
            return null;
        if (start > 0 && text[start - 1] == '-' && sign < text.Length)
            return new(sign, GapKind.Argument);
        foreach (var word in s_is)
            if (
                text.AsSpan(sign).StartsWith(word, StringComparison.OrdinalIgnoreCase)
                && (sign + word.Length) is var after
                && after < text.Length
                && (text[after] is ' ' or ':' || Glyphs.IsUnspaced(word[0]))
            )
                return new(Space(text, text[Space(text, after)] is ':' or '=' ? Space(text, after) + 1 : after), GapKind.Prose);
        return new(sign, GapKind.Space);
    }

    /// <summary>The place after a quote, however it is escaped; the place itself where there is none.</summary>
    public static int Quote(string text, int at)
    {
        var sign = at;
        while (sign < text.Length && text[sign] == '\\' && sign - at < 32)
            sign++;
        if (sign < text.Length && text[sign] is '"' or '\'' or '`')
            return sign + 1;
        return sign > at && text.AsSpan(sign).StartsWith("u0022", StringComparison.Ordinal) ? sign + 5
            : text.AsSpan(at).StartsWith("&quot;", StringComparison.Ordinal) ? at + 6
            : at;
    }

    /// <summary>The place after spaces and the ends of lines, as they are or as JSON escapes them.</summary>
    public static int Space(string text, int at)
    {
        var most = Math.Min(text.Length, at + MostSpace);
        while (
            at < most
            && (text[at] is ' ' or '\t' or '\n' or '\r' || (text[at] == '\\' && at + 1 < most && text[at + 1] is 'n' or 't' or 'r'))
        )
            at += text[at] == '\\' ? 2 : 1;
        return Math.Min(at, text.Length);
    }

    private static int AfterSign(string text, int at)
    {
        at++;
        while (at < text.Length && text[at] is '=' or '>' or '~')
            at++;
        var value = Space(text, at);
        // The type of a variable: password: str = "x".
        foreach (var type in (string[])["str", "string", "String"])
            if (
                text.AsSpan(value).StartsWith(type, StringComparison.Ordinal)
                && Space(text, value + type.Length) is var sign
                && sign < text.Length
                && text[sign] == '='
            )
                return Space(text, sign + 1);
        return value;
    }

    // In a list of two, or a member named value.
    private static Gap? Pair(string text, int start, int at)
    {
        if (text[at] == ',')
            at = Space(text, at + 1);
        var inner = at;
        while (inner < text.Length && text[inner] is '{' or '[')
            inner++;
        var name = Quote(text, inner);
        foreach (var value in s_values)
            if (
                text.AsSpan(name).StartsWith(value, StringComparison.OrdinalIgnoreCase)
                && Space(text, Quote(text, name + value.Length)) is var sign
                && sign < text.Length
                && text[sign] is ':' or '='
            )
                return new(Space(text, sign + 1), GapKind.Pair);
        return name == inner ? null : new(at, start > 0 && text[start - 1] == '-' ? GapKind.Argument : GapKind.Pair);
    }

    private static int? Element(string text, int start, int end)
    {
        var open = start;
        while (open > 0 && start - open < 20 && text[open - 1] is not ('<' or ' ' or '>' or '/'))
            open--;
        if (open == 0 || text[open - 1] != '<')
            return null;
        var close = text.AsSpan(end, Math.Min(MostAttributes, text.Length - end)).IndexOf('>');
        return close < 0 ? null : end + close + 1;
    }
}

/// <summary>The object that a member stands in.</summary>
internal static class Parent
{
    private const int Reach = 300;

    /// <summary>Whether the object has one of some names, as JSON or as a path writes it.</summary>
    public static bool Is(string text, int at, IReadOnlyList<string> names)
    {
        var depth = 0;
        var least = Math.Max(0, at - Reach);
        for (var i = at - 1; i >= least; i--)
            if (text[i] == '}')
                depth++;
            else if (text[i] == '{' && --depth < 0)
                return Named(text, i, names);
        return false;
    }

    private static bool Named(string text, int brace, IReadOnlyList<string> names)
    {
        var end = brace;
        while (end > 0 && text[end - 1] is ' ' or ':' or '\n' or '\t' or '"' or '\'' or '\\' or '[')
            end--;
        var start = end;
        while (start > 0 && end - start < 40 && (Glyphs.IsWord(text[start - 1]) || text[start - 1] is '_' or '-'))
            start--;
        var name = string.Join(' ', Words.OfLabel(text[start..end])).ToLowerInvariant();
        return names.Contains(name) || names.Contains(name.TrimEnd('s'));
    }
}
