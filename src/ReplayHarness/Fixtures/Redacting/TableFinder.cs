namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Finds what stands in the column of a table whose head is a label: of CSV, of values between tabs, of Markdown.</summary>
internal sealed class TableFinder(LabelFinder labels)
{
    private const int MostLine = 4096,
        MostHead = 48,
        MostWords = 4;

    private static readonly System.Buffers.SearchValues<char> s_rule = System.Buffers.SearchValues.Create("-:|+ =");

    private static readonly string[] s_signs = ["|", "\t", "\\t", ",", ";"];

    private static readonly HashSet<string> s_ofPeople = new(StringComparer.Ordinal)
    {
        "birth-date",
        "national-id",
        "phone",
        "passport",
        "address",
        "name",
    };

    /// <summary>Adds the values of a text's tables, and takes away what its heads were taken for.</summary>
    public void Find(string text, List<Find> found)
    {
        if (!text.Contains('\n', StringComparison.Ordinal) && !text.Contains("\\n", StringComparison.Ordinal))
            return;
        List<(int Start, int End)> heads = [];
        List<Find> cells = [];
        for (var line = LineAt(text, 0); line.Next > 0; )
        {
            var next = LineAt(text, line.Next);
            var (head, limit) = WithinQuotes(text, line);
            var after = next;
            foreach (var sign in s_signs)
                if (Count(text, head, sign) > 0 && Table(text, head, next, sign, limit, heads, cells) is { } end)
                {
                    after = end;
                    break;
                }
            line = after;
        }
        if (heads.Count > 0)
            found.RemoveAll(f => IsIn(heads, f.Start));
        found.AddRange(cells);
    }

    // The line after the table; null where none begins.
    private Line? Table(string text, Line head, Line next, string sign, int limit, List<(int, int)> heads, List<Find> found)
    {
        var isMarkdown = sign == "|";
        // Where the text ends with the rule, no row follows it.
        var row = isMarkdown && next.Next > 0 && IsRule(text, next) ? LineAt(text, next.Next) : next;
        if ((isMarkdown && row == next) || next.Start >= text.Length)
            return null;
        var names = Cells(text, head, sign);
        // Words between commas may be a sentence.
        var isLoose = sign is "," or ";" && text.AsSpan(head.Start, head.End - head.Start).Contains($"{sign} ", StringComparison.Ordinal);
        if (
            names.Count < 2
            || !names.All(n => IsHead(text, n, isLoose))
            || !IsSame(text, row with { End = Math.Min(row.End, limit) }, sign, names.Count)
        )
            return null;
        List<Rule>[] rules = [.. names.Select(n => RulesOf(text, n, sign))];
        if (rules.All(r => r.Count == 0))
            return null;
        if (rules.Any(r => r.Any(x => s_ofPeople.Contains(x.Kind))) || names.Exists(n => IsMail(text, n)))
            for (var i = 0; i < rules.Length; i++)
                if (Named(text, names[i]).Equals("name", StringComparison.OrdinalIgnoreCase))
                    rules[i] = [.. labels.RulesOf("customer name")];
        if (isMarkdown)
            heads.Add((head.Start, head.End));
        for (; row.Start < limit; row = LineAt(text, row.Next))
        {
            if (row.End > limit)
                row = row with { End = limit };
            if (!IsSame(text, row, sign, names.Count))
                break;
            foreach (var (i, cell) in Cells(text, row, sign).Index())
            foreach (var rule in rules[i])
                if (LabelledValues.Whole(text[cell.Start..cell.End], rule) is { } find)
                {
                    found.Add(find with { Start = cell.Start + find.Start });
                    break;
                }
            if (row.Next == 0)
                break;
        }
        return row;
    }

    // A table that is a member of an object begins behind the quote that opens it, and ends where that is closed.
    private static (Line Head, int Limit) WithinQuotes(string text, Line line)
    {
        if (
            line.End - line.Start is 0 or > MostLine
            || text.LastIndexOf("\":", line.End - 1, line.End - line.Start, StringComparison.Ordinal) is not (>= 0 and var colon)
        )
            return (line, text.Length);
        var at = colon + 2;
        while (at < line.End && text[at] == ' ')
            at++;
        var start = Gap.Quote(text, at);
        if (start == at || start > line.End)
            return (line, text.Length);
        var close = LabelledValues.Close(text, at, start);
        return close >= 0 && close <= line.End ? (line, text.Length) : (line with { Start = start }, close < 0 ? text.Length : close);
    }

    private List<Rule> RulesOf(string text, (int Start, int End) cell, string sign)
    {
        var name = Named(text, cell);
        return name.Length == 0 || (sign != "|" && name.Split(' ').Length > MostWords)
            ? []
            : [.. labels.RulesOf(name).Where(r => r.Value != "cookie")];
    }

    private static string Named(string text, (int Start, int End) cell) => text[cell.Start..cell.End];

    private static bool IsMail(string text, (int Start, int End) cell) =>
        Named(text, cell).Contains("mail", StringComparison.OrdinalIgnoreCase);

    private static bool IsHead(string text, (int Start, int End) cell, bool isOneWord)
    {
        var name = text.AsSpan(cell.Start, cell.End - cell.Start);
        if (name.Length > MostHead || name.Count(' ') >= (isOneWord ? 1 : MostWords))
            return false;
        foreach (var c in name)
            if (!(Glyphs.IsWord(c) || c is ' ' or '_' or '-' or '.' or '/' or '#' or '(' or ')' or '\''))
                return false;
        return true;
    }

    // A row has as many cells; more, where a sign stands within quotes, are read as its quotes say.
    private static bool IsSame(string text, Line row, string sign, int count) => Cells(text, row, sign).Count == count;

    private static bool IsRule(string text, Line line)
    {
        var span = text.AsSpan(line.Start, line.End - line.Start).Trim();
        return span.Contains('-') && !span.ContainsAnyExcept(s_rule);
    }

    private static int Count(string text, Line line, string sign) =>
        line.End - line.Start > MostLine ? 0 : text.AsSpan(line.Start, line.End - line.Start).Count(sign);

    // Without spaces, quotes and the signs of Markdown around them.
    private static List<(int Start, int End)> Cells(string text, Line line, string sign)
    {
        List<(int, int)> cells = [];
        if (line.End - line.Start > MostLine)
            return cells;
        var (from, end) = (line.Start, line.End);
        while (from <= end)
        {
            var start = from;
            while (start < end && text[start] is ' ')
                start++;
            var open = Gap.Quote(text, start);
            var close = open > start && open <= end ? LabelledValues.Close(text, start, open) : -1;
            var at = close >= 0 && close <= end ? close : start;
            var length = text.AsSpan(at, Math.Max(0, end - at)).IndexOf(sign, StringComparison.Ordinal);
            var stop = length < 0 ? end : at + length;
            cells.Add(Trimmed(text, start, stop, isFirst: cells.Count == 0, isLast: length < 0));
            if (length < 0)
                break;
            from = stop + sign.Length;
        }
        if (sign == "|" && cells.Count > 2)
        {
            // The lines at both ends hold nothing.
            if (cells[^1] is var (s, e) && s == e)
                cells.RemoveAt(cells.Count - 1);
            if (cells[0] is var (first, last) && first == last)
                cells.RemoveAt(0);
        }
        return cells;
    }

    private static (int Start, int End) Trimmed(string text, int start, int end, bool isFirst, bool isLast)
    {
        // What a table stands in may begin before its first cell, and end behind its last.
        if (
            isFirst
            && start < end
            && text[start] is not ('"' or '\\' or '\'')
            && text.LastIndexOf('"', end - 1, end - start) is >= 0 and var before
        )
            start = before + 1;
        if (isLast && text.AsSpan(start, end - start).IndexOf('"') is > 0 and var after && text[start] is not ('"' or '\\'))
            end = start + after;
        while (start < end && text[start] is ' ' or '"' or '\'' or '\\' or '*' or '`')
            start++;
        while (
            end > start && text[end - 1] is ' ' or '"' or '\'' or '\\' or '`' or '\r'
            || (end > start && text[end - 1] == '*' && text[end - 2] == '*')
        )
            end--;
        return (start, end);
    }

    private static bool IsIn(List<(int Start, int End)> ranges, int at)
    {
        var (low, high) = (0, ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (at >= ranges[middle].Start && at < ranges[middle].End)
                return true;
            if (at < ranges[middle].Start)
                high = middle - 1;
            else
                low = middle + 1;
        }
        return false;
    }

    private static Line LineAt(string text, int start)
    {
        for (var at = start; at < text.Length; at++)
            if (text[at] is '\n' or '\\' && Groups.Break(text, at) is > 0 and var next)
                return new(start, at, next);
            else if (text[at] == '\\')
                while (at + 1 < text.Length && text[at + 1] == '\\')
                    at++;
        return new(start, text.Length, 0);
    }

    private readonly record struct Line(int Start, int End, int Next);
}
