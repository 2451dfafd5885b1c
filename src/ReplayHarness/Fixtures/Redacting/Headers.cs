namespace ReplayHarness.Fixtures.Redacting;

/// <summary>What headers of HTTP and arguments of commands keep secret: cookies, schemes of authorization, <c>-pPASSWORD</c>.</summary>
internal static class Headers
{
    private const int MostCookies = 8192,
        LeastCookie = 8;

    private static readonly string[] s_plain = ["path", "domain", "expires", "max-age", "samesite", "theme", "lang", "locale"];

    private static readonly string[] s_clients = ["mysql", "mysqldump", "mariadb", "sshpass", "mysqladmin"];

    /// <summary>Adds the values of a text.</summary>
    public static void Find(string text, List<Find> found)
    {
        for (var at = Next(text, "cookie", 0); at >= 0; at = Next(text, "cookie", at + 6))
            if (
                (at == 0 || !char.IsAsciiLetter(text[at - 1]) || Glyphs.IsEscape(text, at - 1))
                && Gap.After(text, at, at + 6) is { Kind: GapKind.Sign or GapKind.Pair } gap
            )
                Cookies(text, Gap.Quote(text, gap.At), found);
        foreach (var scheme in (string[])["Bearer ", "Basic ", "Token ", "ApiKey "])
            for (var at = Next(text, scheme, 0); at >= 0; at = Next(text, scheme, at + scheme.Length))
                if (Glyphs.Begins(text, at))
                    Scheme(text, at + scheme.Length, scheme, found);
        foreach (var option in (string[])[" -p", " -u ", " --user ", " -U "])
            for (var at = Next(text, option, 0); at >= 0; at = Next(text, option, at + option.Length))
                Option(text, at + option.Length, option, at, found);
    }

    private static int Next(string text, string what, int from) => text.IndexOf(what, from, StringComparison.OrdinalIgnoreCase);

    private static void Cookies(string text, int at, List<Find> found)
    {
        var most = Math.Min(text.Length, at + MostCookies);
        while (at < most)
        {
            var name = at;
            while (at < most && (Glyphs.IsWord(text[at]) || text[at] is '_' or '-' or '.' or '$'))
                at++;
            if (at == name || at >= most || text[at] != '=')
                return;
            var value = ++at;
            while (at < most && !(char.IsWhiteSpace(text[at]) || text[at] is ';' or ',' or '"' or '\'' or '\\'))
                at++;
            if (at - value >= LeastCookie && !s_plain.Contains(text[name..(value - 1)].ToLowerInvariant()))
                found.Add(new("cookie", value, at - value));
            if (at >= most || text[at] is not (';' or ' '))
                return;
            while (at < most && text[at] is ';' or ' ')
                at++;
        }
    }

    private static void Scheme(string text, int at, string scheme, List<Find> found)
    {
        while (at < text.Length && text[at] == ' ')
            at++;
        var end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '_' or '~' or '+' or '/' or '-' or '='))
            end++;
        while (end > at && text[end - 1] == '.')
            end--;
        if (end - at < 10)
            return;
        var value = text[at..end];
        if (
            scheme[0] is 'B' && scheme.Length == 6
                ? Encodings.Base64(value)?.Contains(':', StringComparison.Ordinal) == true
                : IsToken(value, scheme)
        )
            found.Add(new("authorization", at, end - at));
    }

    private static bool IsToken(string value, string scheme) =>
        scheme == "Token "
            ? value.Length >= 20 && Checks.IsRandom(value)
            : value.Any(char.IsAsciiDigit) && (value.Split('-', '.', '_').Any(p => p.Length >= 10) || value.EndsWith('='));

    private static void Option(string text, int at, string option, int from, List<Find> found)
    {
        var end = at;
        while (end < text.Length && !(char.IsWhiteSpace(text[end]) || text[end] is '"' or '\'' or '\\' or ',' or ')' or ']'))
            end++;
        if (option == " -p")
        {
            if (end - at >= 4 && Context.Line(text, from).Any(s_clients.Contains))
                found.Add(new("password", at, end - at));
            return;
        }
        var colon = text.AsSpan(at, Math.Min(64, end - at)).IndexOf(':');
        if (
            colon > 0
            && end - at - colon > 3
            && Checks.IsPassword(text[(at + colon + 1)..end])
            && Context.Line(text, from).Contains("curl")
        )
            found.Add(new("password", at + colon + 1, end - at - colon - 1));
    }
}
