namespace ReplayHarness.Fixtures.Redacting;

/// <summary>What headers of HTTP and arguments of commands keep secret: cookies, schemes of authorization, <c>-pPASSWORD</c>.</summary>
internal static class Headers
{
    private const int MostCookies = 8192,
        MostArgument = 512,
        MostOften = 4,
        LeastCookie = 2,
        LeastRandom = 16;

    private static readonly string[] s_sessions = ["sid", "sess", "token", "auth", "csrf", "xsrf", "jwt", "user", "login", "key"];

    private static readonly HashSet<string> s_plain = new(
        "path domain expires max-age samesite priority version comment theme lang locale language timezone tz currency".Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    // What an object says of its cookie.
    private static readonly HashSet<string> s_ofCookies = new(
        "name httponly secure hostonly expirationdate maxage".Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly HashSet<string> s_settings = new(
        "true false yes no on off none null undefined deleted dark light auto en de fr es it en-us en-gb de-de utc strict lax".Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly string[] s_clients = ["mysql", "mysqldump", "mariadb", "sshpass", "mysqladmin"];

    /// <summary>Adds the values of a text.</summary>
    public static void Find(string text, List<Find> found)
    {
        var budget = (long)MostOften * text.Length;
        for (var at = Next(text, "cookie", 0); at >= 0; at = Next(text, "cookie", at + 6))
            if (
                budget > 0
                && (at == 0 || !char.IsAsciiLetter(text[at - 1]) || Glyphs.IsEscape(text, at - 1))
                && Gap.After(text, at, at + 6) is { Kind: GapKind.Sign or GapKind.Pair or GapKind.Argument } gap
            )
                budget -= Header(text, gap.At, found) - gap.At;
        foreach (var scheme in (string[])["Bearer ", "Basic ", "Token ", "ApiKey "])
            for (var at = Next(text, scheme, 0); at >= 0; at = Next(text, scheme, at + scheme.Length))
                if (Glyphs.Begins(text, at))
                    Scheme(text, at + scheme.Length, scheme, found);
        foreach (var option in (string[])[" -p", " -u ", " --user ", " -U ", " -b "])
            for (var at = Next(text, option, 0); at >= 0; at = Next(text, option, at + option.Length))
                Option(text, at + option.Length, option, at, found);
    }

    private static int Next(string text, string what, int from) => text.IndexOf(what, from, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a name is that of a header with cookies.</summary>
    public static bool IsCookie(string name) =>
        name.EndsWith("cookie", StringComparison.OrdinalIgnoreCase)
        && (name.Length == 6 || !char.IsLetterOrDigit(name[^7]) || char.IsUpper(name[^6]));

    /// <summary>Whether a value of a cookie may say who somebody is.</summary>
    public static bool IsCookie(string name, string value) =>
        value.Length >= LeastCookie && !s_plain.Contains(name) && !s_settings.Contains(value) && !Checks.IsMasked(value);

    /// <summary>Whether a member of an object of cookies is one, and no setting of theirs.</summary>
    public static bool IsMember(string name, string value) =>
        IsCookie(name, value)
        && !s_ofCookies.Contains(name)
        && (
            value.Length >= LeastRandom
            || (value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter))
            || s_sessions.Any(s => name.Contains(s, StringComparison.OrdinalIgnoreCase))
        );

    /// <summary>Adds the values of the cookies that begin at a place: all of a header, or of each header of a list.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The place.</param>
    /// <param name="found">What was found.</param>
    /// <param name="length">How long they may be.</param>
    /// <returns>The place after what was read.</returns>
    public static int Cookies(string text, int at, List<Find> found, int length = MostCookies)
    {
        var most = Math.Min(text.Length, at + length);
        while (at < most)
        {
            var name = at;
            while (at < most && (Glyphs.IsWord(text[at]) || text[at] is '_' or '-' or '.' or '$'))
                at++;
            if (at == name || at >= most)
                return at;
            if (text[at] == '=')
                at = Cookie(text, name, at + 1, most, found);
            // Secure, HttpOnly, and what follows a date's comma; another cookie may follow one too.
            while (at < most && text[at] is not (';' or '"' or '\'' or '\\' or '\n' or '\r' or '{' or '}') && !IsNext(text, at))
                at++;
            if (at >= most || text[at] is not (';' or ','))
                return at;
            at++;
            while (at < most && text[at] is ';' or ' ')
                at++;
        }
        return at;
    }

    /// <summary>The user and the password of Basic authorization; null for what is none.</summary>
    public static (string User, string? Kind, string Password)? Halves(string value)
    {
        if (Encodings.Base64(value) is not { } pair || pair.IndexOf(':', StringComparison.Ordinal) is not (>= 0 and var colon))
            return null;
        var (user, password) = (pair[..colon], pair[(colon + 1)..]);
        if (!Checks.IsPassword(password) || !user.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or '+' or '\\'))
            return null;
        var kind =
            user.Contains('@', StringComparison.Ordinal) ? "email"
            : Checks.IsUserName(user) ? "name"
            : null;
        return (user, kind, password);
    }

    private static bool IsNext(string text, int at)
    {
        if (text[at] != ',')
            return false;
        var name = Gap.Space(text, at + 1);
        var end = name;
        while (end < text.Length && (Glyphs.IsWord(text[end]) || text[end] is '_' or '-' or '.'))
            end++;
        return end > name && end < text.Length && text[end] == '=';
    }

    private static int Cookie(string text, int name, int value, int most, List<Find> found)
    {
        var start = Gap.Quote(text, value);
        var at = start;
        while (at < most && !(char.IsWhiteSpace(text[at]) || text[at] is ';' or ',' or '"' or '\'' or '\\'))
            at++;
        if (IsCookie(text[name..(value - 1)], text[start..at]))
            found.Add(new("cookie", start, at - start));
        return at < most && start > value && text[at] is not (';' or ',') ? Gap.Quote(text, at) : at;
    }

    // A header's text, or a list of such; the place after what was read.
    private static int Header(string text, int at, List<Find> found)
    {
        var most = Math.Min(text.Length, at + MostCookies);
        var isList = at < most && text[at] == '[';
        var from = isList ? at + 1 : at;
        while (from < most)
        {
            while (from < most && (char.IsWhiteSpace(text[from]) || text[from] == ','))
                from++;
            var start = Gap.Quote(text, from);
            var end = Cookies(text, start, found);
            if (!isList || start == from || LabelledValues.Close(text, from, start) is not (>= 0 and var close))
                return end;
            from = close + (start - from);
        }
        return from;
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
        if (option == " -b ")
        {
            if (Context.Line(text, from).Contains("curl"))
                Cookies(text, Gap.Quote(text, at), found, MostArgument);
            return;
        }
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
