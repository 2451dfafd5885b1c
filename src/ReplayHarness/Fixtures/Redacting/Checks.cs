using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Whether what looks like a secret or personal data is what it looks like.</summary>
internal static class Checks
{
    private const double LeastEntropy = 2.5;
    private const int IbanModulus = 97,
        Luhn = 10;

    private static readonly HashSet<string> s_placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "null",
        "none",
        "true",
        "false",
        "string",
        "required",
        "optional",
        "number",
        "object",
        "undefined",
        "redacted",
        "hidden",
        "reset",
        "changed",
        "missing",
        "invalid",
        "expired",
        "length",
        "type",
        "input",
        "field",
        "password",
        "secret",
        "token",
    };

    private static readonly HashSet<string> s_machineUsers = new(StringComparer.OrdinalIgnoreCase)
    {
        "root",
        "runner",
        "app",
        "ubuntu",
        "vscode",
        "node",
        "public",
        "default",
        "shared",
        "user",
        "jovyan",
        "appuser",
        "nonroot",
        "circleci",
        "admin",
    };

    public static bool IsPassword(string text) => !IsPlaceholder(text);

    public static bool IsSecret(string text) =>
        !IsPlaceholder(text)
        && (text.Any(char.IsAsciiDigit) || (text.Any(char.IsAsciiLetterUpper) && text.Any(char.IsAsciiLetterLower) && text.Length >= 12))
        && !IsNumber(text)
        && Entropy(text) >= LeastEntropy;

    /// <summary>
    /// The check of ISO 13616: the number, its first four characters moved to its end and letters as two digits, is 1 modulo 97.
    /// </summary>
    public static bool IsIban(string text)
    {
        var bare = text.Replace(" ", "", StringComparison.Ordinal);
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

    public static bool IsPhone(string text) => text.Count(char.IsAsciiDigit) is >= 8 and <= 15;

    /// <summary>An address of the world: not of this machine, nor one that is kept for documents, nor what is rather a version.</summary>
    public static bool IsAddress(string text)
    {
        if (!IPAddress.TryParse(text, out var address))
            return false;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return text.Count(c => c == ':') >= 3
                && !IPAddress.IsLoopback(address)
                && !text.StartsWith("2001:db8", StringComparison.OrdinalIgnoreCase);
        var bytes = address.GetAddressBytes();
        return bytes[0] is not (0 or 127 or 255)
            && !IsForNobody(bytes)
            && text.Split('.').All(part => part.Length == 1 || part[0] != '0')
            && bytes.Max() > 20;
    }

    public static bool IsName(string text) => text.Length >= 2 && !IsPlaceholder(text);

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

    private static bool IsPlaceholder(string text) =>
        s_placeholders.Contains(text)
        || text.All(c => c is '*' or 'x' or 'X' or '.' or '-' or '_' or '?' or '•' or '●' or '∙' or '·' or '…' or '█')
        || text[0] is '<' or '$' or '{' or '%'
        || text.StartsWith("REDACTED", StringComparison.OrdinalIgnoreCase);

    private static bool IsNumber(string text) => text.All(c => char.IsAsciiDigit(c) || c is '.' or '-');

    // For documents (RFC 5737), for measuring (RFC 2544), and what nobody has (RFC 1112).
    private static bool IsForNobody(byte[] b) =>
        (b[0], b[1], b[2]) is (192, 0, 2) or (198, 51, 100) or (203, 0, 113) or (198, 18 or 19, _) or (>= 240, _, _);

    /// <summary>Shannon's, in bits for each character.</summary>
    private static double Entropy(string text) =>
        text.GroupBy(c => c).Sum(g => -(double)g.Count() / text.Length * Math.Log2((double)g.Count() / text.Length));
}
