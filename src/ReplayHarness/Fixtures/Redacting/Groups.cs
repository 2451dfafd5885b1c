namespace ReplayHarness.Fixtures.Redacting;

/// <summary>A value among others that one label stands before.</summary>
/// <param name="Start">Where it begins, without its quote.</param>
/// <param name="End">The place after it.</param>
/// <param name="Key">Its own name in an object; null in a list and in a text of lines.</param>
internal readonly record struct Member(int Start, int End, string? Key);

/// <summary>Reads what stands together: lists and objects, as JSON and YAML write them, and texts of several lines.</summary>
internal static class Groups
{
    private const int Most = 1 << 16,
        MostDeep = 3,
        MostLines = 200;

    private static readonly HashSet<string> s_ofSchemas = new(StringComparer.Ordinal) { "type", "$ref", "anyOf", "oneOf", "description" };

    /// <summary>Whether a name is one that objects have which describe a value.</summary>
    public static bool IsOfSchema(string name) => s_ofSchemas.Contains(name);

    /// <summary>The values of what begins at a place; none where it is no list and no object.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The place.</param>
    /// <param name="read">The place after what was read.</param>
    public static List<Member> Members(string text, int at, out int read)
    {
        List<Member> members = [];
        read = at;
        var most = Math.Min(text.Length, at + Most);
        if (at >= most)
            return members;
        if (text[at] == '-')
            read = Dashed(text, at, most, members);
        else if (text[at] is '[' or '{')
            read = Bracketed(text, at, most, members);
        return members;
    }

    /// <summary>The lines of a text of several: behind | or &gt; of YAML, or within three quotes; none where there is none.</summary>
    public static List<Member> Lines(string text, int at, int label, out int read)
    {
        List<Member> lines = [];
        read = at;
        var most = Math.Min(text.Length, at + Most);
        if (Triple(text, at) is > 0 and var quote)
        {
            var mark = text.AsSpan(at, quote);
            var length = text.AsSpan(at + quote, most - at - quote).IndexOf(mark);
            if (length < 0)
                return lines;
            read = at + (2 * quote) + length;
            for (var line = at + quote; line < at + quote + length; )
                line = Line(text, line, at + quote + length, lines);
            return lines;
        }
        if (at >= most || text[at] is not ('|' or '>'))
            return lines;
        var head = at + 1;
        while (head < most && (text[head] is '-' or '+' || char.IsAsciiDigit(text[head])))
            head++;
        var least = Indent(text, LineStart(text, label));
        for (var line = Break(text, head); line > 0 && line < most && lines.Count < MostLines; line = read)
        {
            var isEmpty = Break(text, line) is > 0;
            if (!isEmpty && Indent(text, line) <= least)
                break;
            read = Line(text, line, most, lines);
        }
        return lines;
    }

    /// <summary>The length of a line's end at a place, as it is or as JSON escapes it; the place after it, or 0 for none.</summary>
    public static int Break(string text, int at)
    {
        var sign = at;
        while (sign < text.Length && text[sign] is ' ' or '\t')
            sign++;
        while (true)
        {
            var slashes = sign;
            while (slashes < text.Length && text[slashes] == '\\')
                slashes++;
            if (slashes >= text.Length)
                return 0;
            if (text[slashes] == '\n' && slashes == sign)
                return slashes + 1;
            if (text[slashes] == '\r' && slashes == sign)
                sign++;
            else if (slashes > sign && text[slashes] == 'n')
                return slashes + 1;
            else if (slashes > sign && text[slashes] == 'r')
                sign = slashes + 1;
            else
                return 0;
        }
    }

    // How long three quotes are, each with the backslashes that it has; 0 for none.
    private static int Triple(string text, int at)
    {
        var length = Gap.Quote(text, at) - at;
        if (length == 0 || at + (3 * length) > text.Length || text[at + length - 1] is not ('"' or '\''))
            return 0;
        var mark = text.AsSpan(at, length);
        return
            text.AsSpan(at + length).StartsWith(mark, StringComparison.Ordinal)
            && text.AsSpan(at + (2 * length)).StartsWith(mark, StringComparison.Ordinal)
            ? 3 * length
            : 0;
    }

    // Adds a line without the spaces around it; the place after its end.
    private static int Line(string text, int at, int most, List<Member> lines)
    {
        while (at < most && text[at] is ' ' or '\t')
            at++;
        var end = at;
        var next = 0;
        while (end < most && (text[end] is not ('\n' or '\r' or '\\') || (next = Break(text, end)) == 0) && text[end] is not '"')
            end++;
        var last = end;
        while (last > at && text[last - 1] is ' ' or '\t')
            last--;
        if (last > at)
            lines.Add(new(at, last, null));
        return next > 0 ? next : most;
    }

    private static int LineStart(string text, int at)
    {
        var least = Math.Max(0, at - 256);
        while (
            at > least && text[at - 1] is ' ' or '\t' or '-'
            || (at > least && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '_'))
        )
        {
            if (at > 1 && Glyphs.IsEscape(text, at - 1))
                break;
            at--;
        }
        return at;
    }

    private static int Indent(string text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] is ' ' or '\t')
            end++;
        return end - at;
    }

    // - one
    // - two
    private static int Dashed(string text, int at, int most, List<Member> members)
    {
        var (read, indent) = (at, 0);
        while (indent < 64 && at - indent > 0 && text[at - indent - 1] is ' ' or '\t')
            indent++;
        for (var line = at; line + 1 < most && text[line] == '-' && text[line + 1] == ' '; )
        {
            var start = line + 2;
            var quote = Gap.Quote(text, start);
            var close = quote > start ? LabelledValues.Close(text, start, quote) : -1;
            var end = close >= 0 ? close : quote;
            while (close < 0 && end < most && text[end] is not ('\n' or '\r' or '\\' or '"' or ':'))
                end++;
            if (end < most && text[end] == ':' && close < 0)
                return read;
            members.Add(new(quote, end, null));
            read = close >= 0 ? close + (quote - start) : end;
            if (Break(text, read) is not (> 0 and var next) || Indent(text, next) != indent)
                return read;
            line = next + indent;
        }
        return read;
    }

    private static int Bracketed(string text, int at, int most, List<Member> members)
    {
        var (depth, key, isSchema) = (0, (string?)null, false);
        while (at < most)
        {
            at = Gap.Space(text, at);
            if (at >= most)
                break;
            var c = text[at];
            if (c is '[' or '{')
            {
                if (++depth > MostDeep)
                    break;
                at++;
            }
            else if (c is ']' or '}')
            {
                at++;
                if (--depth == 0)
                    break;
            }
            else if (c == ',')
                (at, key) = (at + 1, null);
            else if (One(text, at, most) is not { } one)
                break;
            else if (Gap.Space(text, one.Next) is var sign && sign < most && text[sign] == ':' && text[sign - 1] != '\\')
            {
                key = text[one.Start..one.End];
                isSchema |= IsOfSchema(key);
                at = sign + 1;
            }
            else
            {
                members.Add(new(one.Start, one.End, key));
                at = one.Next;
            }
        }
        if (isSchema)
            members.Clear();
        return at;
    }

    // A text in quotes, or a word or a number without.
    private static (int Start, int End, int Next)? One(string text, int at, int most)
    {
        var start = Gap.Quote(text, at);
        if (start > at)
            return LabelledValues.Close(text, at, start) is >= 0 and var close ? (start, close, close + (start - at)) : null;
        var end = at;
        while (end < most && (Glyphs.IsWord(text[end]) || text[end] is '_' or '-' or '.' or '+'))
            end++;
        return end > at ? (at, end, end) : null;
    }
}
