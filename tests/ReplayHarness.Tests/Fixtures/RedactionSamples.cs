using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bogus;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>A text made of a line of <see cref="RedactionKinds"/>.</summary>
/// <param name="Name">The line's name.</param>
/// <param name="Text">The text.</param>
/// <param name="Secrets">What must not be in it after it was redacted.</param>
internal sealed record RedactionSample(string Name, string Text, IReadOnlyList<string> Secrets);

/// <summary>Makes texts: {h32} are 32 hexadecimal digits, {card:4:16} is the number of a card of 16 digits that begins with 4.</summary>
internal static partial class RedactionSamples
{
    private const string Digits = "0123456789",
        Small = "abcdefghijklmnopqrstuvwxyz",
        Large = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly string[] s_words = "able acid arch baby beam camp dice echo fame gate hint idea jazz kite lamp maze".Split(' ');

    /// <summary>Texts of each line.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="count">How many of each.</param>
    /// <param name="named">Whether a name stands before each text.</param>
    public static IEnumerable<RedactionSample> Of(string lines, int count, bool named = true)
    {
        var faker = new Faker { Random = new Randomizer(20261127) };
        foreach (var line in lines.Split('\n'))
        {
            var sign = named ? line.IndexOf(" | ", StringComparison.Ordinal) : 0;
            for (var i = 0; i < count; i++)
                yield return Of(line[..sign], named ? line[(sign + 3)..] : line, faker);
        }
    }

    private static RedactionSample Of(string name, string form, Faker faker)
    {
        form = form.Replace('⏎', '\n');
        var last = "";
        // Inner ones first: what is encoded has a value in it.
        for (var before = ""; before != form; )
        {
            before = form;
            form = Part().Replace(form, part => last = Made(part.Groups[1].Value, faker, last), 1);
        }
        string[] secrets = [.. Secret().Matches(form).Select(m => m.Groups[1].Value)];
        return new(name, form.Replace("⟦", "").Replace("⟧", ""), secrets);
    }

    private static string Made(string what, Faker faker, string last)
    {
        var random = faker.Random;
        string D(int count) => random.String2(count, Digits);
        var parts = what.Split(':');
        switch (parts[0])
        {
            case "tab":
                return "\t";
            case "same":
                return parts.Length == 1 ? last : Date(last).ToString(parts[1], CultureInfo.InvariantCulture);
            case "home":
                return "/home";
            case "users":
                return "/Users";
            case "first":
                return "Margarete";
            case "last":
                return parts.Length > 1 ? "oberhuber" : $"Ober{random.String2(4, Small)}";
            case "LAST":
                return last.ToUpperInvariant();
            case "date":
                return new DateOnly(1950, 1, 1).AddDays(random.Number(15_000)).ToString(parts[1], CultureInfo.InvariantCulture);
            case "words12":
                return string.Join(' ', Enumerable.Range(0, 12).Select(_ => random.ArrayElement(s_words)));
            case "basic":
                var password = parts.Length > 1 ? parts[1].Trim('⟦', '⟧') : random.String2(10, Small + Digits);
                return Convert.ToBase64String(Encoding.UTF8.GetBytes($"app:{password}"));
            case "card":
                return CheckDigits.Luhn(parts[1] + D(int.Parse(parts[2], CultureInfo.InvariantCulture) - 1 - parts[1].Length));
            case "iban":
                return CheckDigits.Iban(parts[1], D(int.Parse(parts[2], CultureInfo.InvariantCulture)));
            case "iban4":
                var iban = CheckDigits.Iban(parts[1], D(int.Parse(parts[2], CultureInfo.InvariantCulture)));
                return string.Join(' ', iban.Chunk(4).Select(c => new string(c)));
            case "hetu":
                return CheckDigits.Hetu($"1{random.Number(1, 9)}0{random.Number(1, 9)}7{D(1)}", $"{random.Number(100, 899)}");
            case "rut":
                return CheckDigits.Rut($"1{D(7)}");
            case "cpf":
                return CheckDigits.Cpf($"1{D(8)}");
            case "china":
                return CheckDigits.China($"110105198{random.Number(9)}12{random.Number(10, 28)}{D(3)}");
            case "nir":
                return CheckDigits.Nir($"1{random.Number(50, 99)}0{random.Number(1, 9)}78{D(6)}");
            case "steuer":
                return CheckDigits.Steuer($"8{D(9)}");
            case "dni":
                return CheckDigits.Dni($"1{D(7)}");
            case "tckn":
                return CheckDigits.Tckn($"1{D(8)}");
            case "ahv":
                return CheckDigits.Ahv(D(9));
            case "pesel":
                return CheckDigits.Pesel($"85{D(8)}");
            case "ssn":
                return $"{random.Number(100, 665)}-{random.Number(10, 99)}-{random.Number(1000, 9999)}";
            case "sin":
                var sin = CheckDigits.Luhn($"1{D(7)}");
                return $"{sin[..3]} {sin[3..6]} {sin[6..]}";
            case "btc":
                return CheckDigits.Bitcoin(random.Bytes(20));
            case "nhs":
                return Until(() => CheckDigits.Nhs($"9{D(8)}"));
            case "bsn":
                return Until(() => CheckDigits.Bsn($"1{D(7)}"));
            case "tfn":
                return Until(() => CheckDigits.Tfn($"1{D(7)}"));
            default:
                return Run(what[0], int.Parse(what.AsSpan(1), CultureInfo.InvariantCulture), random);
        }
    }

    // A first digit of D is no zero.
    private static string Run(char sort, int length, Randomizer random) =>
        sort switch
        {
            'D' => random.String2(1, Digits[1..]) + random.String2(length - 1, Digits),
            'd' => random.String2(length, Digits),
            'h' => random.String2(length, Digits + "abcdef"),
            'l' => random.String2(length, length > 8 ? Small + Digits : Small),
            'u' => random.String2(length, Large + Digits),
            'U' => random.String2(length, Large),
            'b' => random.String2(length, Small + Large + Digits + "+/"),
            'a' when length < 3 => random.String2(length, Small + Large),
            _ => random.String2(length - 2, Small + Large + Digits) + random.String2(1, Digits) + random.String2(1, Large),
        };

    private static DateOnly Date(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Until(Func<string?> make)
    {
        while (true)
            if (make() is { } made)
                return made;
    }

    // Innermost: a name of letters, then numbers and what it is made of.
    [GeneratedRegex("{((?:[a-zA-Z]{3,}[0-9]*|[dDhluUab][0-9]+)(?::[^{}\"]*)?)}", RegexOptions.NonBacktracking)]
    private static partial Regex Part();

    [GeneratedRegex("⟦([^⟧]*)⟧", RegexOptions.NonBacktracking)]
    private static partial Regex Secret();
}
