using System.Globalization;
using System.Text.RegularExpressions;
using Bogus;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Invents values of the same form. What is invented depends on how many were before, never on the value itself.</summary>
internal sealed partial class Invention
{
    private const int LastOfANetwork = 254;

    private Faker? _faker;

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
            "private-key" => "-----BEGIN PRIVATE KEY-----\nREDACTED\n-----END PRIVATE KEY-----",
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
            _ => value[..Prefix().Match(value).Length] + string.Concat(value.Skip(Prefix().Match(value).Length).Select(SameForm)),
        };
    }

    private char SameForm(char c) =>
        char.IsAsciiDigit(c) ? (char)('0' + _faker!.Random.Number(9))
        : char.IsAsciiLetterLower(c) ? (char)('a' + _faker!.Random.Number(25))
        : char.IsAsciiLetterUpper(c) ? (char)('A' + _faker!.Random.Number(25))
        : c;

    // Networks that are kept for documents (RFC 5737, RFC 3849).
    private static string Address(string value, int number) =>
        value.Contains(':', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"2001:db8:0:0:0:0:{number / 65536 % 65536:x}:{(number % 65535) + 1:x}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{((string[])["192.0.2", "198.51.100", "203.0.113"])[number / LastOfANetwork % 3]}.{(number % LastOfANetwork) + 1}"
            );

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
        "^(?:sk-(?:ant-|proj-)?|(?:sk|rk|pk)_(?:live|test)_|whsec_|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|xapp-|AIza|ya29\\.|SG\\.|hf_|npm_|pypi-|eyJ|key-)?"
    )]
    private static partial Regex Prefix();
}
