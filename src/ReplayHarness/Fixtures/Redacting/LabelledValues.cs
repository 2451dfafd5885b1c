namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Reads the value behind a label.</summary>
internal static class LabelledValues
{
    private const int MostLong = 4096,
        LeastToken = 16,
        MostAddress = 120;

    private static readonly string[] s_schemes =
    [
        "Bearer",
        "Basic",
        "Token",
        "ApiKey",
        "Api-Key",
        "Key",
        "Digest",
        "Negotiate",
        "SSWS",
        "Hawk",
        "OAuth",
        "GenieKey",
        "Splunk",
        "DPoP",
        "PRIVATE-TOKEN",
    ];

    private static readonly HashSet<string> s_names = new(
        "first last given family middle full name text value".Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    // What an object says of a value beside it.
    private static readonly HashSet<string> s_parts = new(
        (
            "user username name id kind method scheme algorithm algo hash host port url created created_at updated updated_at expires "
            + "expires_at expires_in length message error code status policy hint label path file env key_id region version provider"
        ).Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>How a value may be read.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["password", "secret", "words", "header", "name", "user", "address", "phone", "cookie"];

    /// <summary>The value, where there is one that the rule means; null otherwise.</summary>
    public static Find? Read(string text, Gap gap, Rule rule, ref int read)
    {
        if (rule.Value is null)
            return Shaped(text, gap, rule);
        var (start, end, quoted) = Span(text, gap, rule.Value);
        var keep = 0;
        if (rule.Value == "header")
            (start, keep) = (AfterScheme(text, start, end), 0);
        if (rule.Value is "name" or "address" or "phone" && !quoted)
            end = Line(text, start, rule.Value);
        if (end <= start)
            return null;
        read = quoted ? read : Math.Max(read, end);
        var value = text[start..end];
        var next = end < text.Length ? text[end] : '\0';
        var real = rule.Value switch
        {
            "password" => gap.Kind switch
            {
                GapKind.Space => quoted && Checks.IsPassword(value) && value.Length >= 4,
                GapKind.Prose or GapKind.Pair => Checks.IsPassword(value) && Checks.IsStrong(value),
                _ => value.Length >= 3 && (quoted || !Checks.IsCode(value, next)) && Checks.IsPassword(value),
            },
            "secret" => gap.Kind != GapKind.Space && value.Length >= 6 && (quoted || !Checks.IsCode(value, next)) && Checks.IsSecret(value),
            "header" => gap.Kind != GapKind.Space && value.Length >= 8 && Checks.IsSecret(value),
            "words" => value.Split(' ').Length >= 3 && value.All(c => char.IsLetter(c) || c is ' '),
            "name" => gap.Kind != GapKind.Space && gap.Kind != GapKind.Argument && Checks.IsName(value),
            "user" => gap.Kind is GapKind.Sign or GapKind.Pair or GapKind.Cell or GapKind.Argument
                && (quoted || !Checks.IsCode(value, next))
                && Checks.IsUserName(value),
            "address" => Checks.IsPostal(value, gap.Kind),
            "phone" => Checks.IsLabelledPhone(value, gap.Kind),
            // Cookies without their names are told apart only where they stand together.
            _ => false,
        };
        return real && (rule.Check?.Invoke(value) ?? true) ? new(rule.Kind, start, end - start, keep) : null;
    }

    /// <summary>The whole text as the value of an attribute whose name is the label.</summary>
    public static Find? Whole(string text, Rule rule)
    {
        if (text.Length == 0)
            return null;
        var real = rule.Value switch
        {
            null => rule.Shape!.LengthAt(text) == text.Length,
            "password" => text.Length >= 3 && Checks.IsPassword(text),
            "secret" or "header" => text.Length >= 6 && Checks.IsSecret(text),
            "words" => text.Split(' ').Length >= 3,
            "name" => Checks.IsName(text),
            "user" => Checks.IsUserName(text),
            "address" => Checks.IsPostal(text, GapKind.Sign),
            "phone" => Checks.IsLabelledPhone(text, GapKind.Sign),
            _ => text.Length >= 2,
        };
        return real && (rule.Check?.Invoke(text) ?? true) ? new(rule.Kind, 0, text.Length) : null;
    }

    /// <summary>Adds the values of a list, an object or the lines of a text behind a label.</summary>
    /// <returns>Whether there were any.</returns>
    public static bool Many(string text, int label, Gap gap, Rule rule, List<Find> found, ref long budget)
    {
        if (budget <= 0 || gap.Kind is not (GapKind.Sign or GapKind.Pair))
            return false;
        var count = found.Count;
        var name = text[label..gap.At];
        name = name.TrimEnd(' ', ':', '=', '"', '\'', '\\', '>', '\n', '\r', '\t');
        var members = Groups.Members(text, gap.At, out var read);
        var areLines = members.Count == 0 && rule.Value is "password" or "secret";
        if (areLines)
            members = Groups.Lines(text, gap.At, label, out read);
        budget -= read - gap.At;
        foreach (var member in members)
            if (
                (areLines || IsAmong(rule, name, member.Key, text[member.Start..member.End]))
                && Whole(text[member.Start..member.End], rule) is { } find
            )
                found.Add(find with { Start = member.Start + find.Start });
        return found.Count > count;
    }

    /// <summary>Whether a value among others may be what their label says: not the parts of what has a label, nor a sentence.</summary>
    public static bool IsAmong(Rule rule, string name, string? key, string value) =>
        rule.Value switch
        {
            "cookie" => key is not null && Headers.IsMember(key, value),
            "password" => value.Count(' ') < 2 && !s_parts.Contains(key ?? ""),
            "secret" when name.EndsWith("tokens", StringComparison.OrdinalIgnoreCase) && value.Length < LeastToken => false,
            "secret" => key is null or "value" or "data" or "plaintext" || (name.EndsWith('s') && !s_parts.Contains(key)),
            "name" => key is null || s_names.Contains(key),
            _ => key is null,
        };

    private static Find? Shaped(string text, Gap gap, Rule rule)
    {
        var at = gap.At;
        while (at < text.Length && at - gap.At < 8 && text[at] is '"' or '\'' or '\\' or '(' or '[' or '#' or '*' or '`')
            at++;
        if (rule.Shape!.LengthAt(text.AsSpan(at)) is not (> 0 and var length))
            return null;
        // A number goes on behind a point: 3.14.
        if (at + length + 1 < text.Length && text[at + length] == '.' && char.IsAsciiDigit(text[at + length + 1]))
            return null;
        return rule.Check?.Invoke(text.Substring(at, length)) == false || (gap.Kind == GapKind.Space && length < 6)
            ? null
            : new(rule.Kind, at, length);
    }

    private static (int Start, int End, bool Quoted) Span(string text, Gap gap, string value)
    {
        var at = gap.At;
        if (at + 1 < text.Length && text[at] is 'b' or 'r' or 'u' or 'f' or '@' or '$' && text[at + 1] is '"' or '\'')
            at++;
        var start = Gap.Quote(text, at);
        if (start > at && Close(text, at, start) is >= 0 and var close)
            return (start, close, true);
        var end = start;
        var most = Math.Min(text.Length, start + MostLong);
        while (end < most && !IsEnd(text[end], gap.Kind, value))
            end++;
        while (end > start && text[end - 1] is '.' or ':' && value != "header")
            end--;
        return (start, end, false);
    }

    private static bool IsEnd(char c, GapKind kind, string value) =>
        value == "words"
            ? !char.IsLetter(c) && c != ' '
            : char.IsWhiteSpace(c)
                || c is '"' or '\'' or '\\' or ';' or ',' or '&' or '}' or ']' or ')' or '|' or '`'
                || (c is '<' && kind == GapKind.Cell)
                || (c is '(' or '<' or '>' && value == "secret");

    /// <summary>Where a text in quotes ends: before the same quote, with as many backslashes before it; -1.</summary>
    public static int Close(string text, int at, int start)
    {
        var mark = text.AsSpan(at, start - at);
        var (sign, slashes) = (mark[^1], mark.Length - 1);
        var most = Math.Min(text.Length, start + MostLong);
        if (sign is not ('"' or '\'' or '`'))
        {
            var next = text.AsSpan(start, most - start).IndexOf(mark);
            return next < 0 ? -1 : start + next;
        }
        for (var i = start; i < most; i++)
        {
            if (text[i] == '\n')
                return -1;
            if (text[i] != sign)
                continue;
            var before = 0;
            while (i - before > start && text[i - before - 1] == '\\')
                before++;
            if (before <= slashes || before % 2 == 0)
                return i - Math.Min(before, slashes);
        }
        return -1;
    }

    private static int AfterScheme(string text, int start, int end)
    {
        foreach (var scheme in s_schemes)
            if (
                text.AsSpan(start).StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
                && start + scheme.Length < text.Length
                && text[start + scheme.Length] == ' '
            )
                return start + scheme.Length + 1;
        return Math.Min(start, end);
    }

    private static int Line(string text, int start, string value)
    {
        var most = Math.Min(text.Length, start + MostAddress);
        var end = start;
        while (
            end < most
            && text[end] is not ('\n' or '\r' or '"' or '\\' or ';' or '|' or '<' or '>' or '{' or '}' or '&')
            && !(value != "address" && text[end] is ',' or '\'')
        )
            end++;
        if (value == "address")
            return Sentence(text, start, end);
        // The words that are written as names are.
        if (value == "name")
        {
            var last = start;
            for (var at = start; at < end; )
            {
                var to = at;
                while (to < end && text[to] != ' ')
                    to++;
                if (
                    to == at
                    || !(char.IsUpper(text[at]) || char.GetUnicodeCategory(text[at]) == System.Globalization.UnicodeCategory.OtherLetter)
                )
                    break;
                last = to;
                at = to + 1;
            }
            return last > start && text[last - 1] is '.' or ':' ? last - 1 : last;
        }
        while (end > start && !char.IsAsciiDigit(text[end - 1]))
            end--;
        for (var i = start; i < end; i++)
            if (!(char.IsAsciiDigit(text[i]) || text[i] is ' ' or '.' or '-' or '/' or '(' or ')' or '+'))
                return i > start ? LastDigit(text, start, i) : start;
        return end;
    }

    private static int LastDigit(string text, int start, int end)
    {
        while (end > start && !char.IsAsciiDigit(text[end - 1]))
            end--;
        return end;
    }

    private static int Sentence(string text, int start, int end)
    {
        var stop = text.AsSpan(start, end - start).IndexOf(". ", StringComparison.Ordinal);
        end = stop > 12 ? start + stop : end;
        while (end > start && text[end - 1] is ' ' or '.' or ',' or ']' or ')' or '\'')
            end--;
        return end;
    }
}
