namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Private keys in PEM, whole or cut off.</summary>
internal static class PrivateKeys
{
    private const string Begin = "-----BEGIN ",
        End = "-----END ";

    private const int MostTitle = 120;

    /// <summary>Adds the keys of a text.</summary>
    public static void Find(string text, List<Find> found)
    {
        for (var at = text.IndexOf(Begin, StringComparison.Ordinal); at >= 0; at = Next(text, at + Begin.Length))
        {
            var title = text.AsSpan(at + Begin.Length, Math.Min(MostTitle, text.Length - at - Begin.Length));
            var close = title.IndexOf("-----", StringComparison.Ordinal);
            if (close < 0 || !title[..close].Contains("PRIVATE KEY", StringComparison.Ordinal))
                continue;
            var body = at + Begin.Length + close + 5;
            var length = EndOf(text, body) - at;
            if (!text.AsSpan(at, length).Contains("REDACTED", StringComparison.Ordinal))
                found.Add(new("private-key", at, length));
        }
    }

    private static int Next(string text, int at) => text.IndexOf(Begin, at, StringComparison.Ordinal);

    // A key goes on to its end, to where the next one begins, or as long as it looks like one.
    private static int EndOf(string text, int body)
    {
        var at = body;
        while (
            at < text.Length
            && (
                char.IsAsciiLetterOrDigit(text[at])
                || text[at] is '+' or '/' or '=' or ':' or ',' or '\\' or ' ' or '\n' or '\r' or '\t' or '.' or '_' or '-'
            )
        )
        {
            if (text[at] != '-' || at + 5 > text.Length || text.AsSpan(at, 5) is not "-----")
                at++;
            else if (
                text.AsSpan(at).StartsWith(End, StringComparison.Ordinal)
                && text.IndexOf("-----", at + End.Length, Math.Min(MostTitle, text.Length - at - End.Length), StringComparison.Ordinal)
                    is > 0
                        and var close
            )
                return close + 5;
            else
                return at;
        }
        return at;
    }
}
