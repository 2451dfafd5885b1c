namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Passwords and tokens in addresses: <c>scheme://user:password@host</c>, <c>scheme://token@host</c>.</summary>
internal static class Urls
{
    private static readonly System.Buffers.SearchValues<char> s_ends = System.Buffers.SearchValues.Create(" \n\r\t\"'\\<>`|");

    private const int Most = 512,
        LeastToken = 20;

    /// <summary>Adds the values of a text.</summary>
    public static void Find(string text, List<Find> found)
    {
        for (var at = text.IndexOf("://", StringComparison.Ordinal); at >= 0; at = text.IndexOf("://", at, StringComparison.Ordinal))
        {
            at += 3;
            var rest = text.AsSpan(at, Math.Min(Most, text.Length - at));
            var end = rest.IndexOfAny(s_ends);
            if (end >= 0)
                rest = rest[..end];
            if (rest.IndexOf("://", StringComparison.Ordinal) is >= 0 and var next)
                rest = rest[..next];
            var sign = rest.LastIndexOf('@');
            if (sign < 0)
                continue;
            var colon = rest[..sign].IndexOf(':');
            var user = colon < 0 ? rest[..sign] : rest[..colon];
            if (user.ContainsAny("/?#"))
                continue;
            if (colon < 0 ? sign >= LeastToken && Checks.IsRandom(user.ToString()) : sign - colon > 2 && !IsPort(rest[(colon + 1)..sign]))
                found.Add(colon < 0 ? new("url-credentials", at, sign) : new("url-credentials", at + colon + 1, sign - colon - 1));
        }
    }

    private static bool IsPort(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end > 0 && text[end] is '/' or '?';
    }
}
