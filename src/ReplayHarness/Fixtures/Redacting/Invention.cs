using System.Globalization;
using Bogus;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Invents values of the same form. What is invented depends on how many were before, never on the value itself.</summary>
internal sealed class Invention
{
    /// <summary>What stands for every private key.</summary>
    public const string PrivateKey = "-----BEGIN PRIVATE KEY-----\nREDACTED\n-----END PRIVATE KEY-----";

    private const int LastOfANetwork = 254,
        LeastIban = 5,
        DaysBefore = 100_000,
        TriesAtALength = 16;

    private static readonly DateOnly s_first = new(1940, 1, 1);

    // Fewer characters than these do not hide a value whose signs are kept.
    private const int LeastHidden = 3;

    private static readonly string[] s_networks = ["192.0.2", "198.51.100", "203.0.113"];

    private Faker? _faker;
    private int _next,
        _days;

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
            "card-number" when value.Any(char.IsAsciiDigit) => Card(value),
            "iban" when value.Length >= LeastIban => Iban(value),
            "name" when char.IsUpper(value[0]) && !Spelling.IsIdentifier(value) => _faker.Name.FirstName(),
            "last-name" when char.IsUpper(value[0]) && !Spelling.IsIdentifier(value) => _faker
                .Name.LastName()
                .Replace("'", "", StringComparison.Ordinal),
            "user-folder" => string.Create(CultureInfo.InvariantCulture, $"user{number + 1}"),
            "mac-address" => string.Concat(
                value.Select(c => char.IsAsciiLetter(c) ? (char)((c & 0x60) + 1 + _faker.Random.Number(5)) : SameForm(c))
            ),
            "birth-date" => Date(value),
            "location" when value.Contains('.', StringComparison.Ordinal) => Place(value),
            _ => Hidden(value, keep),
        };
    }

    /// <summary>The next value of a series without end, for a form that has too few values.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="value">The value; what is a number gets more digits, and stays one.</param>
    /// <param name="number">How many were invented before.</param>
    /// <param name="tries">How many of the series were tried for values of this length.</param>
    public string Next(string kind, string value, int number, int tries) =>
        kind == "birth-date" && _days < DaysBefore && Dates.Plain(value) is not null ? Early(_days++)
        : IsNumeric(value) ? Longer(value, number + tries, 1 + (tries / TriesAtALength))
        : kind is "name" or "last-name" ? $"Person{Letters(_next++)}"
        : $"redacted{Letters(_next++)}";

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

    private string Longer(string value, int number, int more)
    {
        _faker!.Random = new Randomizer(number + 1);
        return Hidden(value + new string('0', more), 0);
    }

    // A day that may be taken for a month stays one: who reads the date reads it as before.
    private string Date(string value)
    {
        if (Dates.Plain(value) is not { } plain)
            return Hidden(value, 0);
        var isLow = int.Parse(plain.AsSpan(8), CultureInfo.InvariantCulture) <= 12;
        var (year, month) = (_faker!.Random.Number(1940, 1999), _faker.Random.Number(1, 12));
        var day = isLow ? _faker.Random.Number(1, 12) : _faker.Random.Number(13, 28);
        return string.Create(CultureInfo.InvariantCulture, $"{year}-{month:00}-{day:00}");
    }

    // Days before all that are invented otherwise, one after another.
    private static string Early(int number) => s_first.AddDays(-1 - number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool IsNumeric(string value) =>
        value.Length > 0
        && char.IsAsciiDigit(value[^1])
        && value.All(c => char.IsAsciiDigit(c) || c is ' ' or '.' or '-' or '/' or '+' or '(' or ')');

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
