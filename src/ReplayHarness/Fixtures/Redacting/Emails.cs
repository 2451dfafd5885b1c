namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Addresses of e-mail, of whatever script, also where the sign is written as a word.</summary>
internal static class Emails
{
    private const int MostLocal = 128,
        MostDomain = 255;

    private static readonly string[] s_signs = ["@", " (at) ", "(at)", " [at] ", "[at]", " at ", " AT "];

    // None of these stands within a user and a password of an address of the web.
    private static readonly System.Buffers.SearchValues<char> s_outside = System.Buffers.SearchValues.Create("/ \n\"'@");

    private static readonly string[] s_dots = [" (dot) ", "(dot)", " [dot] ", "[dot]", " dot ", " DOT "];

    /// <summary>Adds the addresses of a text.</summary>
    public static void Find(string text, List<Find> found)
    {
        foreach (var sign in s_signs)
            for (
                var at = text.IndexOf(sign, StringComparison.Ordinal);
                at >= 0;
                at = text.IndexOf(sign, at + sign.Length, StringComparison.Ordinal)
            )
            {
                var (start, end) = (Local(text, at), Domain(text, at + sign.Length, sign));
                // As a word between spaces it is a sign only where the dot is a word too.
                if (
                    start == at
                    || end < 0
                    || (
                        sign[0] == ' '
                        && sign.Trim() is "at" or "AT"
                        && !text.AsSpan(at, end - at).Contains(" dot ", StringComparison.OrdinalIgnoreCase)
                    )
                )
                    continue;
                if (IsPassword(text, start))
                    continue;
                if (text.AsSpan(start, at - start) is "git" && end < text.Length && text[end] == ':')
                    continue;
                found.Add(new("email", start, end - start));
            }
    }

    /// <summary>An address in small letters, with its signs instead of their words.</summary>
    public static string Plain(string value)
    {
        var sign = SignOf(value);
        foreach (var dot in sign == "@" ? [] : s_dots)
            value = value.Replace(dot, ".", StringComparison.Ordinal);
        return value.Replace(sign, "@", StringComparison.Ordinal).ToLowerInvariant();
    }

    /// <summary>An address with the words for its signs that another has.</summary>
    public static string As(string plain, string like)
    {
        if (SignOf(like) is var sign && sign == "@")
            return plain;
        var at = plain.IndexOf('@', StringComparison.Ordinal);
        var dot = Array.Find(s_dots, d => like.Contains(d, StringComparison.Ordinal)) ?? ".";
        return plain[..at] + sign + plain[(at + 1)..].Replace(".", dot, StringComparison.Ordinal);
    }

    // What stands between a user and a host: scheme://user:password@host.
    private static bool IsPassword(string text, int start)
    {
        if (start < 4 || text[start - 1] != ':')
            return false;
        var from = Math.Max(0, start - MostLocal);
        var before = text.AsSpan(from, start - 1 - from);
        return before.LastIndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme && !before[(scheme + 3)..].ContainsAny(s_outside);
    }

    private static string SignOf(string value) => Array.Find(s_signs, s => value.Contains(s, StringComparison.Ordinal)) ?? "@";

    private static int Local(string text, int at)
    {
        var start = at;
        while (
            start > 0
            && at - start < MostLocal
            && (Glyphs.IsWord(text[start - 1]) && !Glyphs.IsUnspaced(text[start - 1]) || text[start - 1] is '.' or '_' or '%' or '+' or '-')
        )
            start--;
        while (start < at && (text[start] is '.' or '%' || Glyphs.IsEscape(text, start)))
            start++;
        return start;
    }

    private static int Domain(string text, int from, string sign)
    {
        var (at, last, good) = (from, from, -1);
        var most = Math.Min(text.Length, from + MostDomain);
        while (at < most)
        {
            while (at < most && (char.IsAscii(text[at]) ? char.IsAsciiLetterOrDigit(text[at]) || text[at] == '-' : char.IsLetter(text[at])))
                at++;
            if (at == last)
                break;
            if (last > from && at - last >= 2 && text.AsSpan(last, at - last).IndexOfAnyInRange('0', '9') < 0 && text[at - 1] != '-')
                good = at;
            var dot =
                at < most && text[at] == '.' ? 1
                : sign.Length > 1 ? DotWord(text, at)
                : 0;
            if (dot == 0)
                break;
            last = at += dot;
        }
        return good;
    }

    private static int DotWord(string text, int at)
    {
        foreach (var dot in s_dots)
            if (text.AsSpan(at).StartsWith(dot, StringComparison.Ordinal))
                return dot.Length;
        return 0;
    }
}
