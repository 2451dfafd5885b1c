using System.Security.Cryptography;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Check digits of numbers that are found without a label.</summary>
internal static class NationalIds
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
        Hetu = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    /// <summary>The areas that the US Social Security Administration gives.</summary>
    public static bool IsSsn(string text) =>
        text[..3] is not ("000" or "666") && text[0] != '9' && text[4..6] != "00" && text[7..] != "0000";

    /// <summary>The check character: the number modulo 31.</summary>
    public static bool IsHetu(string text) => Hetu[(int)(long.Parse($"{text[..6]}{text[7..10]}", null) % 31)] == text[10];

    /// <summary>Modulo 11 with the weights 2 to 7.</summary>
    public static bool IsRut(string text)
    {
        var digits = Digits(text[..^1]);
        var sum = digits.Reverse().Select((d, i) => d * ((i % 6) + 2)).Sum();
        return (11 - (sum % 11)) switch
            {
                11 => '0',
                10 => 'K',
                var d => (char)('0' + d),
            } == char.ToUpperInvariant(text[^1]);
    }

    /// <summary>Two check digits modulo 11.</summary>
    public static bool IsCpf(string text)
    {
        var d = Digits(text);
        int Check(int count) => d.Take(count).Select((x, i) => x * (count + 1 - i)).Sum() * 10 % 11 % 10;
        return d.Distinct().Count() > 1 && Check(9) == d[9] && Check(10) == d[10];
    }

    /// <summary>ISO 7064, MOD 11-2.</summary>
    public static bool IsChinese(string text) =>
        text[..17].Select((c, i) => (c - '0') * ((1 << (17 - i)) % 11)).Sum() % 11 is var rest
        && "10X98765432"[rest] == char.ToUpperInvariant(text[17]);

    /// <summary>Base58Check: the last four bytes are a hash of those before.</summary>
    public static bool IsBase58(string text)
    {
        var number = text.Aggregate(System.Numerics.BigInteger.Zero, (n, c) => (n * 58) + Base58.IndexOf(c, StringComparison.Ordinal));
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        if (bytes.Length > 25)
            return false;
        byte[] whole = [.. new byte[25 - bytes.Length], .. bytes];
        return SHA256.HashData(SHA256.HashData(whole.AsSpan(0, 21))).AsSpan(0, 4).SequenceEqual(whole.AsSpan(21));
    }

    private static int[] Digits(string text) => [.. text.Where(char.IsAsciiDigit).Select(c => c - '0')];
}
