using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace ReplayHarness.Tests.Support;

/// <summary>Numbers with the check digits that whoever gives them computes, from digits that are made up.</summary>
internal static class CheckDigits
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>ISO/IEC 7812: a card.</summary>
    public static string Luhn(string body)
    {
        var sum = 0;
        for (var i = 0; i < body.Length; i++)
        {
            var digit = (body[^(i + 1)] - '0') * (i % 2 == 0 ? 2 : 1);
            sum += digit > 9 ? digit - 9 : digit;
        }
        return $"{body}{(10 - (sum % 10)) % 10}";
    }

    /// <summary>ISO 13616: an IBAN of digits.</summary>
    public static string Iban(string country, string body)
    {
        var rest = (int)(BigInteger.Parse(body + Numbers(country.ToUpperInvariant()) + "00", CultureInfo.InvariantCulture) % 97);
        return string.Create(CultureInfo.InvariantCulture, $"{country}{98 - rest:00}{body}");
    }

    /// <summary>Finnish: the number modulo 31.</summary>
    public static string Hetu(string date, string number) =>
        $"{date}-{number}{"0123456789ABCDEFHJKLMNPRSTUVWXY"[(int)(long.Parse(date + number, CultureInfo.InvariantCulture) % 31)]}";

    /// <summary>Chilean: modulo 11 with the weights 2 to 7; eight digits.</summary>
    public static string Rut(string d) => $"{d[..2]}.{d[2..5]}.{d[5..]}-{"0K987654321"[Sum(new([.. d.Reverse()]), i => (i % 6) + 2) % 11]}";

    /// <summary>Brazilian: two digits modulo 11; nine digits.</summary>
    public static string Cpf(string d)
    {
        d += (char)('0' + (Sum(d, i => 10 - i) * 10 % 11 % 10));
        d += (char)('0' + (Sum(d, i => 11 - i) * 10 % 11 % 10));
        return $"{d[..3]}.{d[3..6]}.{d[6..9]}-{d[9..]}";
    }

    /// <summary>Chinese: ISO 7064, MOD 11-2; seventeen digits.</summary>
    public static string China(string d) => d + "10X98765432"[Sum(d, i => (1 << (17 - i)) % 11) % 11];

    /// <summary>UK NHS: modulo 11; nine digits, null where they have no check digit.</summary>
    public static string? Nhs(string d) =>
        ((11 - (Sum(d, i => 10 - i) % 11)) % 11) is < 10 and var c ? $"{d[..3]} {d[3..6]} {d[6..]}{c}" : null;

    /// <summary>German: ISO 7064, MOD 11,10; ten digits.</summary>
    public static string Steuer(string d)
    {
        var product = 10;
        foreach (var c in d)
        {
            var sum = (c - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return $"{d[..2]} {d[2..5]} {d[5..8]} {d[8..]}{(11 - product) % 10}";
    }

    /// <summary>Spanish: the letter of the number modulo 23; eight digits.</summary>
    public static string Dni(string d) => d + "TRWAGMYFPDXBNJZSQVHLCKE"[int.Parse(d, CultureInfo.InvariantCulture) % 23];

    /// <summary>French: 97 less the number modulo 97; thirteen digits.</summary>
    public static string Nir(string d) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{d[..1]} {d[1..3]} {d[3..5]} {d[5..7]} {d[7..10]} {d[10..]} {97 - (long.Parse(d, CultureInfo.InvariantCulture) % 97):00}"
        );

    /// <summary>Dutch: modulo 11 with the weights 9 to 2; eight digits, null where they have no check digit.</summary>
    public static string? Bsn(string d) => Sum(d, i => 9 - i) % 11 is < 10 and var c ? $"{d}{c}" : null;

    /// <summary>Australian: the digit that makes the weighted sum a multiple of 11; eight digits, null where none does.</summary>
    public static string? Tfn(string d)
    {
        int[] weights = [1, 4, 3, 7, 5, 8, 6, 9];
        for (var c = 0; c < 10; c++)
            if ((Sum(d, i => weights[i]) + (c * 10)) % 11 == 0)
                return $"{d[..3]} {d[3..6]} {d[6..]}{c}";
        return null;
    }

    /// <summary>Turkish: two digits of sums; nine digits.</summary>
    public static string Tckn(string d)
    {
        var tenth = (((7 * Sum(d, i => 1 - (i % 2))) - Sum(d, i => i % 2)) % 10 + 10) % 10;
        return $"{d}{tenth}{(Sum(d, _ => 1) + tenth) % 10}";
    }

    /// <summary>Swiss: EAN-13; nine digits behind 756.</summary>
    public static string Ahv(string d)
    {
        d = "756" + d;
        return $"756.{d[3..7]}.{d[7..11]}.{d[11..]}{(10 - (Sum(d, i => i % 2 == 0 ? 1 : 3) % 10)) % 10}";
    }

    /// <summary>Polish: the weights 1, 3, 7, 9; ten digits.</summary>
    public static string Pesel(string d)
    {
        int[] weights = [1, 3, 7, 9];
        return $"{d}{(10 - (Sum(d, i => weights[i % 4]) % 10)) % 10}";
    }

    /// <summary>Base58Check of a hash of 20 bytes.</summary>
    public static string Bitcoin(byte[] hash)
    {
        byte[] body = [0, .. hash];
        byte[] whole = [.. body, .. SHA256.HashData(SHA256.HashData(body)).AsSpan(0, 4)];
        var (number, text) = (new BigInteger(whole, isUnsigned: true, isBigEndian: true), "");
        for (; number > 0; number /= 58)
            text = Base58[(int)(number % 58)] + text;
        return "1" + text;
    }

    private static int Sum(string digits, Func<int, int> weight) => digits.Select((c, i) => (c - '0') * weight(i)).Sum();

    private static string Numbers(string letters) => string.Concat(letters.Select(c => $"{c - 'A' + 10}"));
}
