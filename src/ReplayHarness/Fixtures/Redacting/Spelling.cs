using System.Net;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>
/// One value may be written in several ways: a number with spaces or without, a name in capitals, a date as another country writes it.
/// All have one key, and what stands for the value is written as the value was.
/// </summary>
internal static class Spelling
{
    // Of a phone number so many last digits are its own; what stands before them says the country, or is left out at home.
    private const int OwnDigits = 9,
        LeastBare = 6;

    private static readonly HashSet<string> s_withSigns = new(StringComparer.Ordinal)
    {
        "card-number",
        "iban",
        "national-id",
        "passport",
        "bank-account",
        "health-id",
        "vehicle",
        "device-id",
        "mac-address",
        "pin",
        "address",
    };

    /// <summary>What all spellings of a value have in common.</summary>
    public static string KeyOf(string kind, string value) =>
        GroupOf(kind, value) is 'n' ? $"n\0{value.ToLowerInvariant()}" : $"{GroupOf(kind, value)}\0{Plain(kind, value)}";

    /// <summary>The spelling that inventions are made in.</summary>
    public static string Plain(string kind, string value) =>
        GroupOf(kind, value) switch
        {
            'e' => Emails.Plain(value),
            'p' => Digits(value) is var digits && digits.Length > OwnDigits ? digits[^OwnDigits..] : digits,
            'd' => Dates.Plain(value) ?? value,
            'i' => IPAddress.TryParse(value, out var address) ? address.ToString() : value,
            'n' => char.IsUpper(value[0]) ? Capital(value.ToLowerInvariant()) : value.ToLowerInvariant(),
            's' when Bare(value) is { Length: > 0 } bare => bare,
            _ => value,
        };

    /// <summary>An invention in the spelling of a value.</summary>
    public static string As(string kind, string invention, string value) =>
        GroupOf(kind, value) switch
        {
            'e' => Cased(Emails.As(invention, value), value),
            'p' => Filled(invention, value, Digits(value).Length - OwnDigits),
            'd' => Dates.As(invention, value) ?? invention,
            'n' => Cased(invention, value),
            's' when Bare(value).Length > 0 => Filled(invention, value, 0),
            _ => invention,
        };

    /// <summary>What of a value has an invention of its own: the words of a name, otherwise the whole.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="value">The value.</param>
    /// <param name="between">Whether what stands between them and stays is told too, as of no kind.</param>
    public static IEnumerable<(string Kind, string Text)> Parts(string kind, string value, bool between = false)
    {
        if (kind != "name")
        {
            yield return (kind, value);
            yield break;
        }
        for (var at = 0; at < value.Length; )
        {
            var isWord = IsOfWord(value[at]);
            var end = at;
            while (end < value.Length && IsOfWord(value[end]) == isWord)
                end++;
            var text = value[at..end];
            var last = at == 0 ? "name" : "last-name";
            if (isWord && (text.Length == value.Length || !Checks.IsParticle(text, isFirst: at == 0)))
                yield return (last, text);
            else if (between)
                yield return ("", text);
            at = end;
        }
    }

    /// <summary>Other spellings that are searched for, since nothing else would find them.</summary>
    public static IEnumerable<string> Others(string kind, string value)
    {
        switch (GroupOf(kind, value))
        {
            case 'p' when Digits(value) is { Length: >= LeastBare } digits:
                return value[0] == '+' ? [digits, $"00{digits}", $"+{digits}"] : [digits];
            case 's' when kind != "address" && Bare(value) is { Length: >= LeastBare } bare:
                return kind == "card-number" && bare.Length == 16
                        ? [bare, .. ((string[])[" ", "-"]).Select(s => string.Join(s, bare.Chunk(4).Select(c => new string(c))))]
                    : bare.Any(char.IsLetter) ? [bare, bare.ToLowerInvariant()]
                    : bare.Length < value.Length ? [bare]
                    : [];
            case 's' when kind == "address":
                return [value.ToUpperInvariant()];
            case 'd':
                return Dates.Others(value);
            case 'n' when IsIdentifier(value):
                return [value.ToLowerInvariant(), value.ToUpperInvariant()];
            case 'n' when char.IsUpper(value[0]):
                string[] words = [.. value.Split(' ').Select((w, i) => Checks.IsParticle(w, i == 0) ? w : Titled(w))];
                string[] own = words.Length > 1 ? [.. words.Select(w => w.TrimEnd(',')).Where(Checks.IsOnlyName)] : [];
                var whole = string.Join(' ', words);
                string[] all = words.Length > 1 ? [whole, value.ToUpperInvariant(), value.ToLowerInvariant()] : [];
                string[] one = words.Length == 1 && Checks.IsOnlyName(whole) ? [whole, value.ToUpperInvariant()] : [];
                var rest = string.Join(' ', words.SkipWhile(Checks.IsTitle));
                string[] untitled =
                    rest.Length < whole.Length && rest.Contains(' ', StringComparison.Ordinal) ? [rest, rest.ToUpperInvariant()] : [];
                return [.. all, .. untitled, .. one, .. own, .. own.Select(w => w.ToUpperInvariant())];
            default:
                return [];
        }
    }

    /// <summary>Whether a name is that of a user of a machine.</summary>
    public static bool IsIdentifier(string value) =>
        !value.Contains(' ', StringComparison.Ordinal)
        && (value.Any(c => char.IsAsciiDigit(c) || c == '_') || value.TrimEnd('.').Contains('.', StringComparison.Ordinal));

    private static char GroupOf(string kind, string value) =>
        kind switch
        {
            "email" => 'e',
            // A rule of a team's own may find a number with letters.
            "phone" => value.Any(char.IsLetter) ? 's' : 'p',
            "birth-date" => 'd',
            "ip-address" => 'i',
            "name" or "last-name" => 'n',
            _ => s_withSigns.Contains(kind) ? 's' : 'x',
        };

    private static bool IsOfWord(char c) => c is not (' ' or ',');

    private static string Digits(string value) => Only(value, char.IsAsciiDigit);

    private static string Bare(string value) => Only(value, char.IsLetterOrDigit).ToUpperInvariant();

    private static string Only(string value, Func<char, bool> isOf)
    {
        if (value.All(isOf))
            return value;
        Span<char> only = value.Length <= 256 ? stackalloc char[value.Length] : new char[value.Length];
        var count = 0;
        foreach (var c in value)
            if (isOf(c))
                only[count++] = c;
        return new(only[..count]);
    }

    // A name in capitals, as names are written otherwise.
    private static string Titled(string word)
    {
        if (word.Any(char.IsLower) || word.Length < 2)
            return word;
        var lower = word.ToLowerInvariant();
        return string.Concat(word.Select((c, i) => i == 0 || !char.IsLetter(word[i - 1]) ? c : lower[i]));
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    // In capitals, small, or with a capital at its beginning.
    private static string Cased(string text, string like) =>
        !like.Any(char.IsLower) && like.Count(char.IsUpper) > 1 ? text.ToUpperInvariant()
        : !like.Any(char.IsUpper) ? text.ToLowerInvariant()
        : char.IsUpper(like[0]) ? Capital(text)
        : text;

    // The letters and digits of the value, after those that stay, become those of the invention; a longer one goes on behind it.
    private static string Filled(string invention, string like, int stay)
    {
        var next = 0;
        var filled = string.Concat(
            like.Select(c =>
                !char.IsLetterOrDigit(c) || (stay > 0 && char.IsAsciiDigit(c) && stay-- > 0) || next == invention.Length ? c
                : char.IsLower(c) ? char.ToLowerInvariant(invention[next++])
                : invention[next++]
            )
        );
        return filled + invention[next..];
    }
}
