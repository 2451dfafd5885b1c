namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Addresses of e-mail, of whatever script, also where the sign is written as a word.</summary>
internal static class Emails
{
    private const int MostLocal = 128,
        MostDomain = 255;

    private static readonly string[] s_signs = ["@", " (at) ", "(at)", " [at] ", "[at]", " at ", " AT "];

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
                if (text.AsSpan(start, at - start) is "git" && end < text.Length && text[end] == ':')
                    continue;
                found.Add(new("email", start, end - start));
            }
    }

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
        foreach (var dot in (string[])[" (dot) ", "(dot)", " [dot] ", "[dot]", " dot ", " DOT "])
            if (text.AsSpan(at).StartsWith(dot, StringComparison.Ordinal))
                return dot.Length;
        return 0;
    }
}
