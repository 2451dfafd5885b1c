using System.Globalization;
using Bogus;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Invents values of the same form. What is invented depends on how many were before, never on the value itself.</summary>
internal sealed class Invention
{
    /// <summary>What stands for every private key.</summary>
    public const string PrivateKey = "-----BEGIN PRIVATE KEY-----\nREDACTED\n-----END PRIVATE KEY-----";

    private const int LastOfANetwork = 254;

    // Fewer characters than these do not hide a value whose signs are kept.
    private const int LeastHidden = 3;

    private static readonly string[] s_networks = ["192.0.2", "198.51.100", "203.0.113"];

    private Faker? _faker;
    private int _next;

    /// <summary>A value of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="value">The value whose form it takes.</param>
    /// <param name="number">How many were invented before; one number, one value.</param>
    /// <param name="keep">How many of its first characters say whose it is, and stay.</param>
    public string Of(string kind, string value, int number, int keep)
    {
        _faker ??= new Faker("en");
        _faker.Random = new Randomizer(number + 1);
        return kind switch
        {
            "email" => string.Create(
                CultureInfo.InvariantCulture,
                $"{_faker.Internet.UserName().ToLowerInvariant()}.{number + 1}@example.com"
            ),
            "ip-address" => Address(value, number),
            "card-number" => Card(value),
            "iban" => Iban(value),
            "name" when char.IsUpper(value[0]) => string.Join(
                ' ',
                value
                    .Split(' ')
                    .Select((_, i) => i == 0 ? _faker.Name.FirstName() : _faker.Name.LastName().Replace("'", "", StringComparison.Ordinal))
            ),
            "user-folder" => string.Create(CultureInfo.InvariantCulture, $"user{number + 1}"),
            "phone" => string.Concat(value.Select((c, i) => i < 2 && value[0] == '+' ? c : SameForm(c))),
            "mac-address" => string.Concat(
                value.Select(c => char.IsAsciiLetter(c) ? (char)((c & 0x60) + 1 + _faker.Random.Number(5)) : SameForm(c))
            ),
            "birth-date" => Date(value),
            "location" => Place(value),
            _ => Hidden(value, keep),
        };
    }

    /// <summary>The next value of a series without end, for a form that has too few values. No two are equal.</summary>
    public string Next(string kind) => (kind == "name" ? "Person" : "redacted") + Letters(_next++);

    // The prefix says whose key it is. Signs part a key into its parts and stay, unless they are what the value is made of.
    private string Hidden(string value, int prefix)
    {
        var isHex = value.Length - prefix >= 8 && value.Skip(prefix).All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f') or '-');
        var isNumber = prefix == 0 && value.All(char.IsAsciiDigit);
        var rest = value.AsSpan(prefix);
        var varied = 0;
        foreach (var c in rest)
            if (char.IsAsciiLetterOrDigit(c))
                varied++;
        var all = varied < Math.Min(LeastHidden, rest.Length);
        return string.Create(
            value.Length,
            (value, prefix, all, isHex, isNumber),
            (text, from) =>
            {
                from.value.CopyTo(text);
                foreach (ref var c in text[from.prefix..])
                    c =
                        !char.IsAscii(c) || (from.all && !char.IsAsciiLetterOrDigit(c)) ? SameForm('a')
                        : from.isHex && char.IsAsciiLetter(c) ? (char)('a' + _faker!.Random.Number(5))
                        : SameForm(c);
                if (from.isNumber && text[0] == '0' && from.value[0] != '0')
                    text[0] = '1';
            }
        );
    }

    private static string Letters(int number)
    {
        var letters = "";
        for (var rest = number; ; rest = (rest / 26) - 1)
        {
            letters = (char)('a' + (rest % 26)) + letters;
            if (rest < 26)
                return letters;
        }
    }

    private char SameForm(char c) =>
        char.IsAsciiDigit(c) ? (char)('0' + _faker!.Random.Number(9))
        : char.IsAsciiLetterLower(c) ? (char)('a' + _faker!.Random.Number(25))
        : char.IsAsciiLetterUpper(c) ? (char)('A' + _faker!.Random.Number(25))
        : c;

    // Every part is one that a day, a month and a year may be.
    private string Date(string value)
    {
        var built = new char[value.Length];
        for (var at = 0; at < value.Length; )
        {
            var end = at;
            while (end < value.Length && char.IsAsciiDigit(value[end]))
                end++;
            var part = (end - at) switch
            {
                0 => $"{value[at]}",
                1 => string.Create(CultureInfo.InvariantCulture, $"{_faker!.Random.Number(1, 9)}"),
                2 => string.Create(CultureInfo.InvariantCulture, $"{_faker!.Random.Number(1, 12):00}"),
                4 => string.Create(CultureInfo.InvariantCulture, $"{_faker!.Random.Number(1940, 1999)}"),
                var length => string.Concat(Enumerable.Repeat('1', length)),
            };
            part.CopyTo(0, built, at, part.Length);
            at += part.Length;
        }
        return new(built);
    }

    private string Place(string value)
    {
        var point = value.IndexOf('.', StringComparison.Ordinal);
        var sign = value[0] == '-' ? "-" : "";
        var whole = (point - sign.Length) switch
        {
            1 => _faker!.Random.Number(1, 9),
            2 => _faker!.Random.Number(10, 79),
            _ => _faker!.Random.Number(100, 179),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}.{string.Concat(value.Skip(point + 1).Select(SameForm))}");
    }

    // Networks that are kept for documents (RFC 5737, RFC 3849); when those are used up, the one for measuring (RFC 2544), then one that
    // nobody has (RFC 1112).
    private static string Address(string value, int number)
    {
        if (value.Contains(':', StringComparison.Ordinal))
            return string.Create(CultureInfo.InvariantCulture, $"2001:db8:0:0:0:0:{number / 65536 % 65536:x}:{(number % 65535) + 1:x}");
        if (number < s_networks.Length * LastOfANetwork)
            return string.Create(CultureInfo.InvariantCulture, $"{s_networks[number / LastOfANetwork]}.{(number % LastOfANetwork) + 1}");
        var rest = number - (s_networks.Length * LastOfANetwork);
        return rest < 1 << 17
            ? string.Create(CultureInfo.InvariantCulture, $"198.{18 + (rest >> 16)}.{(rest >> 8) & 255}.{rest & 255}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{240 + ((rest >> 24) & 7)}.{(rest >> 16) & 255}.{(rest >> 8) & 255}.{rest & 255}"
            );
    }

    private string Card(string value)
    {
        var digits = value.Where(char.IsAsciiDigit).Select((c, i) => i == 0 ? c - '0' : _faker!.Random.Number(9)).ToArray();
        digits[^1] = 0;
        digits[^1] = (10 - (Checks.LuhnSum(digits) % 10)) % 10;
        var next = 0;
        return string.Concat(value.Select(c => char.IsAsciiDigit(c) ? (char)('0' + digits[next++]) : c));
    }

    private string Iban(string value)
    {
        var bare = value.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        var body = string.Concat(bare.Skip(4).Select(SameForm));
        var check = 98 - Checks.Remainder($"{bare[..2]}00{body}");
        var invented = string.Create(CultureInfo.InvariantCulture, $"{bare[..2]}{check:00}{body}");
        var next = 0;
        return string.Concat(value.Select(c => c is ' ' or '-' ? c : invented[next++]));
    }
}
