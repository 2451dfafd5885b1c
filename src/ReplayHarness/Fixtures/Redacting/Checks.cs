using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Whether what looks like a secret or personal data is what it looks like.</summary>
internal static partial class Checks
{
    private const double LeastEntropy = 2.5;
    private const int IbanModulus = 97,
        Luhn = 10,
        LastOfVersions = 30;

    /// <summary>The checks that a rule may name.</summary>
    public static IReadOnlyDictionary<string, Func<string, bool>> Named { get; } =
        new Dictionary<string, Func<string, bool>>(StringComparer.Ordinal)
        {
            ["mixed"] = t => t.Any(char.IsAsciiDigit) && t.Any(char.IsAsciiLetter),
            ["mixed-case"] = t => t.Any(char.IsAsciiDigit) && t.Any(char.IsAsciiLetterLower) && t.Any(char.IsAsciiLetterUpper),
            ["random"] = IsRandom,
            ["digit"] = t => t.Any(char.IsAsciiDigit),
            ["digits-1"] = t => t.Any(char.IsAsciiDigit),
            ["digits-4"] = t => t.Count(char.IsAsciiDigit) >= 4,
            ["long"] = t => t.Length >= 20,
            ["luhn"] = IsCard,
            ["iban"] = IsIban,
            ["ssn"] = NationalIds.IsSsn,
            ["hetu"] = NationalIds.IsHetu,
            ["rut"] = NationalIds.IsRut,
            ["cpf"] = NationalIds.IsCpf,
            ["china"] = NationalIds.IsChinese,
            ["base58"] = NationalIds.IsBase58,
        };

    /// <summary>Whether text is no word, and no words with signs between them.</summary>
    public static bool IsRandom(string text) =>
        text.Any(char.IsAsciiDigit)
            ? text.Split('-', '_').Any(p => p.Length >= 8) && Entropy(text) >= LeastEntropy
            : text.Split('-', '_').Any(p => p.Length >= 16 && Entropy(p) >= 3.2);

    public static bool IsPassword(string text) =>
        text.Length > 0
        && !IsPlaceholder(text)
        && !s_prose.Contains(text)
        && !(text[0] == '{' && text.Contains(':', StringComparison.Ordinal));

    /// <summary>Whether a word of a sentence is rather a password.</summary>
    public static bool IsStrong(string text) =>
        text.Length >= 6
        && (
            text.Any(char.IsDigit)
            || (text.Any(char.IsUpper) && text.Skip(1).Any(char.IsUpper))
            || text.Any(c => !char.IsLetter(c) && c is not ('-' or '_' or '.' or ' ' or '\''))
        );

    /// <summary>Whether a value without quotes is rather what a program computes: a call, a member, an index.</summary>
    public static bool IsCode(string text, char next) =>
        next is '(' or '['
        || text.AsSpan().ContainsAny('(', '[')
        || (
            text.Contains('.', StringComparison.Ordinal)
            && char.IsLetter(text[0])
            && text.Split('.') is var parts
            && parts.Length <= 4
            && parts.All(p => p.Length is > 0 and < 20 && p.All(c => char.IsAsciiLetter(c) || c == '_'))
        )
        || (text.Contains('_', StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterLower(c) || c == '_'));

    public static bool IsSecret(string text) =>
        !IsPlaceholder(text)
        && !text.Contains(' ', StringComparison.Ordinal)
        && (
            text.Any(char.IsAsciiDigit)
                ? (!IsNumber(text) || (text.Length >= 12 && text.All(char.IsAsciiDigit))) && !IsWordy(text)
                : (text.Any(char.IsAsciiLetterUpper) && text.Any(char.IsAsciiLetterLower) && text.Length >= 12 && !IsWordy(text))
                    || (text.Length >= 20 && text.All(char.IsAsciiLetter) && Entropy(text) >= 3.5)
        )
        && Entropy(text) >= LeastEntropy;

    // Words with signs between them, and numbers at their ends: oauth2-client-1.
    private static bool IsWordy(string text) =>
        text.Split('-', '_', '.', '/', ':') is { Length: > 1 } parts
        && parts.All(p =>
            p.Length < 16
            && (
                p.All(char.IsAsciiLetter)
                || p.Length <= 2
                || (
                    p.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') is var word
                    && word.Length > 0
                    && word.All(char.IsAsciiLetterLower)
                    && p.Length - word.Length <= 2
                )
            )
        );

    /// <summary>
    /// The check of ISO 13616: the number, its first four characters moved to its end and letters as two digits, is 1 modulo 97.
    /// </summary>
    public static bool IsIban(string text)
    {
        var bare = text.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return bare.Length is >= 15 and <= 34 && Remainder(bare) == 1;
    }

    /// <summary>The check of ISO/IEC 7812: Luhn's sum is a multiple of 10.</summary>
    public static bool IsCard(string text)
    {
        int[] digits = [.. text.Where(char.IsAsciiDigit).Select(c => c - '0')];
        return digits.Length is >= 13 and <= 19 && digits.Distinct().Count() > 1 && LuhnSum(digits) % Luhn == 0;
    }

    /// <summary>Luhn's sum: every second digit from the right counts twice, its two digits summed.</summary>
    public static int LuhnSum(ReadOnlySpan<int> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] * (i % 2 == 0 ? 1 : 2);
            sum += digit > 9 ? digit - 9 : digit;
        }
        return sum;
    }

    /// <summary>
    /// An address: not of this machine, nor one that is kept for documents. What small numbers say depends on the words before it.
    /// </summary>
    public static bool IsAddress(string text, int at, int length)
    {
        var value = text.Substring(at, length);
        if (!IPAddress.TryParse(value, out var address))
            return false;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return value.Count(c => c == ':') >= 3
                && !IPAddress.IsLoopback(address)
                && !value.StartsWith("2001:db8", StringComparison.OrdinalIgnoreCase);
        var bytes = address.GetAddressBytes();
        if (bytes[0] is 0 or 127 or 255 || IsForNobody(bytes) || value.Split('.').Any(part => part.Length > 1 && part[0] == '0'))
            return false;
        string[] before = [.. Context.Before(text, at).Take(2)];
        var end = at + length;
        if (before.FirstOrDefault() is { } nearest && (Context.IsVersion(nearest) && !Context.IsHost(nearest)))
            return false;
        if (bytes[0] is <= LastOfVersions and not 10 && Context.IsProduct(text, at) && !(end < text.Length && text[end] is ':' or '/'))
            return false;
        return bytes.Max() > 20
            || (bytes[0], bytes[1]) is (10, _) or (192, 168) or (172, >= 16 and < 32)
            || (end < text.Length && text[end] is ':' or '/' or ']')
            || before.Any(Context.IsHost);
    }

    public static bool IsUserName(string text) =>
        text.Length is >= 3 and <= 64
        && !IsPlaceholder(text)
        && !s_machineUsers.Contains(text)
        && !s_prose.Contains(text)
        && !text.Contains(' ', StringComparison.Ordinal)
        && char.IsLetter(text[0])
        && text.Any(c => c is '.' or '_' || char.IsAsciiDigit(c))
        && text.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>Whether text is where people live: a number and words.</summary>
    public static bool IsPostal(string text, GapKind kind) =>
        text.Length is >= 8 and <= 200
        && text.Any(char.IsDigit)
        && (text.Contains(' ', StringComparison.Ordinal) || text.Any(Glyphs.IsUnspaced))
        && text.Count(char.IsLetter) >= 4
        && !text.Any(c => c is '@' or '{' or '}' or '<' or '>' or '=' or '[' or ']' or '_' or '\\')
        && (
            kind is GapKind.Sign or GapKind.Pair or GapKind.Cell
            || (
                char.IsDigit(text[0])
                && text.Split(' ') is { Length: >= 3 } words
                && words[1..].Any(w => w.Length > 0 && char.IsUpper(w[0]))
            )
        );

    public static bool IsLabelledPhone(string text, GapKind kind)
    {
        string digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length is >= 7 and <= 15
            && text.All(c => char.IsAsciiDigit(c) || c is ' ' or '.' or '-' or '/' or '(' or ')' or '+')
            && !"01234567890123456789".Contains(digits, StringComparison.Ordinal)
            && digits.Distinct().Count() > 2
            && (
                kind is not (GapKind.Space or GapKind.Prose)
                || (digits.Length >= 9 && (digits[0] is '0' || text[0] is '+' or '(' || text.AsSpan().ContainsAny(' ', '-', '/')))
            );
    }

    public static bool IsName(string text) =>
        text.Length is >= 2 and <= 80
        && !IsPlaceholder(text)
        && text.Split(' ') is { Length: <= 5 } words
        && words.All(w =>
            w.Length > 0
            && (
                char.IsUpper(w[0])
                || char.GetUnicodeCategory(w[0]) is System.Globalization.UnicodeCategory.OtherLetter
                || s_particles.Contains(w)
            )
        )
        && text.Count(',') <= 1
        && text[^1] != ','
        && text.All(c => char.IsLetter(c) || c is ' ' or ',' or '\'' or '-' or '.' or '’' || Glyphs.IsWord(c) && !char.IsDigit(c))
        && !words.Any(s_offices.Contains)
        && !(words.Length > 1 && s_verbs.Contains(words[0]));

    /// <summary>Whether a word is a title: Dr., Ms.</summary>
    public static bool IsTitle(string text) => s_titles.Contains(text.TrimEnd('.'));

    /// <summary>Whether a word stands before or between the words of a name, and is none of them: Dr., von, de la.</summary>
    public static bool IsParticle(string text, bool isFirst) =>
        s_particles.Contains(text)
        || (!isFirst && !text.Any(char.IsLower) && s_particles.Contains(text.ToLowerInvariant()))
        || ((isFirst || text.EndsWith('.')) && s_titles.Contains(text.TrimEnd('.')));

    /// <summary>Whether a word of a name is no word of a sentence too, and so may be searched for alone.</summary>
    public static bool IsOnlyName(string word) =>
        word.Length >= 4
        && char.IsUpper(word[0])
        && word.All(c => char.IsLetter(c) || c is '-' or '\'')
        && !s_nameWords.Contains(word)
        && !s_offices.Contains(word)
        && !s_prose.Contains(word)
        && !s_verbs.Contains(word);

    public static bool IsUser(string text) => !s_machineUsers.Contains(text);

    /// <summary>The remainder that ISO 13616 checks.</summary>
    public static int Remainder(string bare) =>
        (int)(
            BigInteger.Parse(
                string.Concat(
                    (bare[4..] + bare[..4]).Select(c => char.IsAsciiDigit(c) ? $"{c}" : $"{char.ToUpperInvariant(c) - 'A' + 10}")
                ),
                System.Globalization.CultureInfo.InvariantCulture
            ) % IbanModulus
        );

    /// <summary>Whether text stands for a value that is not told.</summary>
    public static bool IsMasked(string text) => text.Length == 0 || IsPlaceholder(text);

    private static bool IsPlaceholder(string text) =>
        s_placeholders.Contains(text)
        || text.All(c => c is '*' or 'x' or 'X' or '.' or '-' or '_' or '+' or '=' or '?' or '•' or '●' or '∙' or '·' or '…' or '█')
        || (text[0] == '<' && text[^1] == '>')
        || (
            text.StartsWith("${", StringComparison.Ordinal)
            || text.StartsWith("{{", StringComparison.Ordinal)
            || text.StartsWith("$(", StringComparison.Ordinal)
            || text.StartsWith("$env:", StringComparison.OrdinalIgnoreCase)
        )
        || (text[0] == '{' && text[^1] == '}' && text.All(c => char.IsLetter(c) || c is '{' or '}' or '_' or '.'))
        || (text[0] == '%' && (text.Length < 3 || (text[^1] == '%' && text.All(c => char.IsLetter(c) || c is '%' or '_'))))
        || (text[0] == '$' && text[1..].All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
        || (text[0] == '$' && text[1..].All(c => char.IsAsciiLetterLower(c) || c == '_') && text.Contains('_', StringComparison.Ordinal))
        || text.StartsWith("REDACTED", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("[REDACTED", StringComparison.OrdinalIgnoreCase);

    private static bool IsNumber(string text) => text.All(c => char.IsAsciiDigit(c) || c is '.' or '-');

    // For documents (RFC 5737), for measuring (RFC 2544), and what nobody has (RFC 1112).
    private static bool IsForNobody(byte[] b) =>
        (b[0], b[1], b[2]) is (192, 0, 2) or (198, 51, 100) or (203, 0, 113) or (198, 18 or 19, _) or (>= 240, _, _);

    /// <summary>Shannon's, in bits for each character.</summary>
    private static double Entropy(string text) =>
        text.GroupBy(c => c).Sum(g => -(double)g.Count() / text.Length * Math.Log2((double)g.Count() / text.Length));
}
