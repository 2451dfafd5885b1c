using System.Text;
using System.Text.RegularExpressions;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Text that hides in text: base64, percent-encoding, and JSON's escapes.</summary>
internal static partial class Encodings
{
    // A text in a text in a text: deeper nobody hides what he does not want to hide.
    public const int MostDeep = 3;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text with every encoded part of it passed through, and encoded again where that changed it.</summary>
    public static string Within(string text, Func<string, string> pass)
    {
        if (text.Contains('%', StringComparison.Ordinal))
            text = Percent().Replace(text, m => Again(m, '%', Uri.UnescapeDataString, pass, Uri.EscapeDataString));
        if (text.Contains(@"\u", StringComparison.Ordinal))
            text = Escapes().Replace(text, m => Again(m, '\\', Regex.Unescape, pass, static t => t));
        return Base64()
            .Replace(
                text,
                m => Decoded(m.Value) is { } decoded && pass(decoded) is var clean && clean != decoded ? Encoded(m.Value, clean) : m.Value
            );
    }

    private static string Again(Match run, char sign, Func<string, string> decode, Func<string, string> pass, Func<string, string> encode)
    {
        var value = run.Value;
        if (!value.Contains(sign, StringComparison.Ordinal))
            return value;
        string decoded;
        try
        {
            decoded = decode(value);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return value;
        }
        var clean = decoded == value ? value : pass(decoded);
        return clean == decoded || decoded == value ? value : encode(clean);
    }

    private static string? Decoded(string value)
    {
        try
        {
            var padded = value.TrimEnd('=').Replace('-', '+').Replace('_', '/');
            var text = s_strict.GetString(Convert.FromBase64String(padded.PadRight((padded.Length + 3) / 4 * 4, '=')));
            return text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) ? null : text;
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Encoded(string value, string clean)
    {
        var encoded = Convert.ToBase64String(s_strict.GetBytes(clean));
        if (value.AsSpan().ContainsAny('-', '_'))
            encoded = encoded.Replace('+', '-').Replace('/', '_');
        return value.EndsWith('=') || value.Length % 4 == 0 ? encoded : encoded.TrimEnd('=');
    }

    // Whole runs, with or without anything encoded: what begins with what may be left out is looked through from each of its characters
    // again.
    [GeneratedRegex("(?>[A-Za-z0-9._~+-]+|%[0-9A-Fa-f]{2})+")]
    private static partial Regex Percent();

    [GeneratedRegex(@"(?>[A-Za-z0-9._%+-]+|\\u00[0-9A-Fa-f]{2})+")]
    private static partial Regex Escapes();

    [GeneratedRegex("(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}(?![A-Za-z0-9+/_=-])")]
    private static partial Regex Base64();
}
