using System.Globalization;
using System.Text.RegularExpressions;
using Bogus;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Invents values of the same form. What is invented depends on how many were before, never on the value itself.</summary>
internal sealed partial class Invention
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
    public string Of(string kind, string value, int number)
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
            "name" => string.Join(
                ' ',
                value
                    .Split(' ')
                    .Select((_, i) => i == 0 ? _faker.Name.FirstName() : _faker.Name.LastName().Replace("'", "", StringComparison.Ordinal))
            ),
            "user-folder" => string.Create(CultureInfo.InvariantCulture, $"user{number + 1}"),
            "phone" => string.Concat(value.Select((c, i) => i < 2 && value[0] == '+' ? c : SameForm(c))),
            _ => Hidden(value),
        };
    }

    /// <summary>The next value of a series without end, for a form that has too few values. No two are equal.</summary>
    public string Next(string kind) => (kind == "name" ? "Person" : "redacted") + Letters(_next++);

    // The prefix says whose key it is. Signs part a key into its parts and stay, unless they are what the value is made of.
    private string Hidden(string value)
    {
        var prefix = Prefix().Match(value).Length;
        var rest = value.AsSpan(prefix);
        var varied = 0;
        foreach (var c in rest)
            if (char.IsAsciiLetterOrDigit(c))
                varied++;
        var all = varied < Math.Min(LeastHidden, rest.Length);
        return string.Create(
            value.Length,
            (value, prefix, all),
            (text, from) =>
            {
                from.value.CopyTo(text);
                foreach (ref var c in text[from.prefix..])
                    c = !char.IsAscii(c) || (from.all && !char.IsAsciiLetterOrDigit(c)) ? SameForm('a') : SameForm(c);
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
        var bare = value.Replace(" ", "", StringComparison.Ordinal);
        var body = string.Concat(bare.Skip(4).Select(SameForm));
        var check = 98 - Checks.Remainder($"{bare[..2]}00{body}");
        var invented = string.Create(CultureInfo.InvariantCulture, $"{bare[..2]}{check:00}{body}");
        var next = 0;
        return string.Concat(value.Select(c => c == ' ' ? ' ' : invented[next++]));
    }

    [GeneratedRegex(
        "^(?:sk-(?:ant-|proj-)?|(?:sk|rk|pk)_(?:live|test)_|whsec_|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-"
            + "|xox[abeoprs]-|xapp-|AIza|ya29\\.|SG\\.|hf_|npm_|pypi-|eyJ|key-)?"
    )]
    private static partial Regex Prefix();
}
