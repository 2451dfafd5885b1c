namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Phone numbers and addresses of the internet.</summary>
internal static class Numbers
{
    private const int MostPhone = 26,
        MostAddress = 45;

    /// <summary>Adds the values of a text.</summary>
    public static void Find(string text, List<Find> found)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (!(char.IsAsciiHexDigit(c) || c is '+' or '(' or ':') || (char.IsAsciiHexDigit(c) && !Glyphs.Begins(text, at)))
                continue;
            if ((c is not ('+' or '(') && Address(text, at, found)) || (!char.IsAsciiLetter(c) && c != ':' && Phone(text, at, found)))
                at = Math.Max(at, found[^1].End - 1);
        }
    }

    private static bool Address(string text, int at, List<Find> found)
    {
        if (at > 0 && text[at - 1] is '.' or ':' or '-' && at > 1 && Glyphs.IsWord(text[at - 2]) && text[at - 1] != ':')
            return false;
        if (at > 0 && text[at - 1] == ':' && at > 1 && char.IsAsciiHexDigit(text[at - 2]) && text[at] == ':')
            return false;
        var (end, dots, colons) = (at, 0, 0);
        for (; end < text.Length && end - at <= MostAddress && (char.IsAsciiHexDigit(text[end]) || text[end] is '.' or ':'); end++)
            if (text[end] == '.')
                dots++;
            else if (text[end] == ':')
                colons++;
        while (end > at && text[end - 1] == '.' || (end > at + 1 && text[end - 1] == ':' && text[end - 2] != ':'))
            end--;
        if (dots >= 3 && colons <= 1)
        {
            if (colons == 1 && text.IndexOf(':', at, end - at) is >= 0 and var colon)
                end = colon;
        }
        else if (colons < 3)
            return false;
        if (
            end < text.Length
            && (Glyphs.IsWord(text[end]) || (text[end] is '-' or '.' or '_' && end + 1 < text.Length && Glyphs.IsWord(text[end + 1])))
        )
            return false;
        if (end - at < 6 || !Checks.IsAddress(text, at, end - at))
            return false;
        found.Add(new("ip-address", at, end - at));
        return true;
    }

    private static bool Phone(string text, int at, List<Find> found)
    {
        if (
            at > 0
            && text[at - 1] is '.' or '-' or '/' or ',' or '_'
            && at > 1
            && char.IsAsciiLetterOrDigit(text[at - 2])
            && text[at] != '+'
        )
            return false;
        // Behind + stands what a version was built from: 1.2.3+20260527.
        if (text[at] == '+' && !Glyphs.Begins(text, at))
            return false;
        var end = EndOf(text, at);
        if (
            end < 0
            || (
                end < text.Length
                && text[end] is '-' or '.' or '/' or '_' or ':' or ','
                && end + 1 < text.Length
                && char.IsAsciiLetterOrDigit(text[end + 1])
            )
        )
            return false;
        if (!IsPhone(text, at, end))
            return false;
        found.Add(new("phone", at, end - at));
        return true;
    }

    // Digits with a sign or a space between them, as many as a number may have.
    private static int EndOf(string text, int at)
    {
        var (end, digits) = (-1, 0);
        for (var i = at; i < text.Length && i - at < MostPhone; i++)
            if (char.IsAsciiDigit(text[i]))
            {
                if (++digits > 15)
                    return -1;
                end = i + 1;
            }
            else if (
                !(text[i] is ' ' or '-' or '.' or '/' or '(' or ')' || (i == at && text[i] == '+'))
                || (i > at && text[i] == ' ' && text[i - 1] is ' ')
            )
                break;
        return digits >= 9 && end < text.Length == Glyphs.Ends(text, end) || digits >= 9 && end == text.Length ? end : -1;
    }

    private static bool IsPhone(string text, int at, int end)
    {
        var value = text.AsSpan(at, end - at);
        Span<char> digits = stackalloc char[16];
        var count = 0;
        foreach (var c in value)
            if (char.IsAsciiDigit(c))
                digits[count++] = c;
        digits = digits[..count];
        if (value[0] == '+')
            return digits[0] switch
            {
                '0' => false,
                '1' => count == 11 && digits[1] >= '2',
                '7' => count == 11,
                _ => count >= 9,
            };
        var words = Context.Before(text, at).ToArray();
        if (words.Any(Context.IsThing))
            return false;
        var isCalled = words.Any(Context.IsPhone);
        if (
            count == 10
                && digits[0] >= '2'
                && digits[3] >= '2'
                && Form(value) is "(ddd) ddd-dddd" or "(ddd)ddd-dddd" or "ddd-ddd-dddd" or "(ddd) ddd dddd" or "ddd.ddd.dddd"
            || (isCalled && count == 10 && Form(value) is "ddd ddd dddd")
        )
            return true;
        if (digits[0] == '0' && digits[1] == '0' && digits[2] != '0' && count is >= 11 and <= 15)
            return isCalled || (value.Contains(' ') && value.IndexOf(' ') <= 5);
        // A national form: the zero, and groups.
        return digits[0] == '0'
            && digits[1] != '0'
            && count is 10 or 11 or 12
            && isCalled | Form(value) is "ddddd dddddd" or "dd dd dd dd dd" or "dddd ddddddd" or "dddd dddddddd"
            && value.ContainsAny(' ', '/', '-');
    }

    private static string Form(ReadOnlySpan<char> value) =>
        string.Create(
            value.Length,
            value,
            static (form, from) =>
            {
                for (var i = 0; i < form.Length; i++)
                    form[i] = char.IsAsciiDigit(from[i]) ? 'd' : from[i];
            }
        );
}
