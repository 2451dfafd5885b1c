using System.Text;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Text that hides in text: base64, hexadecimal digits, percent-encoding, and JSON's escapes.</summary>
internal static class Encodings
{
    // A text in a text in a text: deeper nobody hides what he does not want to hide.
    public const int MostDeep = 3;

    private const int LeastBase64 = 12,
        LeastHex = 12;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text with every encoded part of it passed through, and encoded again where that changed it.</summary>
    public static string Within(string text, Func<string, string> pass)
    {
        if (text.Contains('%', StringComparison.Ordinal))
            text = Runs(text, "._~+-", '%', run => Again(run, Uri.UnescapeDataString, pass, Uri.EscapeDataString));
        if (text.Contains(@"\u", StringComparison.Ordinal))
            text = Runs(text, "._%+-", '\\', run => Again(run, Unescape, pass, Escape));
        return Runs(text, "+/_-", '=', run => OfRun(run, pass));
    }

    /// <summary>The text that base64 holds; null where it holds none.</summary>
    public static string? Base64(string value)
    {
        var padded = value.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        var bytes = new byte[(padded.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(padded.PadRight((padded.Length + 3) / 4 * 4, '='), bytes, out var count)
            ? Printable(bytes.AsSpan(0, count))
            : null;
    }

    /// <summary>Bytes with the text in them passed through.</summary>
    public static byte[] Bytes(byte[] bytes, Func<string, string> pass)
    {
        var utf8 = Printable(bytes);
        var encoding = utf8 is null ? Encoding.Latin1 : s_strict;
        var text = utf8 ?? Encoding.Latin1.GetString(bytes);
        var clean = pass(text);
        return clean == text ? bytes : encoding.GetBytes(clean);
    }

    // A run is as long as nothing else stands in it: each is looked at once.
    private static string Runs(string text, string signs, char mark, Func<string, string> change)
    {
        StringBuilder? built = null;
        var copied = 0;
        for (var at = 0; at < text.Length; )
        {
            var (end, marked) = (at, false);
            while (end < text.Length)
            {
                var length = IsPart(text, end, signs, mark);
                if (length == 0)
                    break;
                // Padding ends base64: what stands behind = is a run of its own.
                if (mark == '=' && marked && text[end] != '=')
                    break;
                marked |= text[end] == mark;
                end += length;
            }
            if (end == at)
            {
                at++;
                continue;
            }
            if (marked || (mark == '=' && end - at >= LeastHex))
            {
                var run = text[at..end];
                var changed = change(run);
                if (changed != run)
                {
                    (built ??= new(text.Length)).Append(text, copied, at - copied).Append(changed);
                    copied = end;
                }
            }
            at = end;
        }
        return built is null ? text : built.Append(text, copied, text.Length - copied).ToString();
    }

    private static int IsPart(string text, int at, string signs, char mark)
    {
        var c = text[at];
        if (char.IsAsciiLetterOrDigit(c) || signs.Contains(c, StringComparison.Ordinal))
            return 1;
        if (c != mark)
            return 0;
        var digits = mark switch
        {
            '%' => 2,
            '\\' => at + 1 < text.Length && text[at + 1] == 'u' ? 5 : -1,
            _ => 0,
        };
        if (digits < 0 || at + digits >= text.Length + (digits == 0 ? 1 : 0))
            return 0;
        for (var i = mark == '\\' ? 2 : 1; i <= digits; i++)
            if (!char.IsAsciiHexDigit(text[at + i]))
                return 0;
        return digits + 1;
    }

    private static string Again(string run, Func<string, string> decode, Func<string, string> pass, Func<string, string> encode)
    {
        var decoded = decode(run);
        var clean = decoded == run ? run : pass(decoded);
        return clean == decoded || decoded == run ? run : encode(clean);
    }

    private static string OfRun(string run, Func<string, string> pass)
    {
        if (run.Length % 2 == 0 && run.Length >= LeastHex && run.All(char.IsAsciiHexDigit) && run.Any(char.IsAsciiDigit))
        {
            if (Printable(Convert.FromHexString(run)) is not { } plain || pass(plain) is not { } hidden || hidden == plain)
                return run;
            var hex = Convert.ToHexString(s_strict.GetBytes(hidden));
            return run.Any(char.IsAsciiLetterUpper) ? hex : hex.ToLowerInvariant();
        }
        return run.Length >= LeastBase64 && Base64(run) is { } decoded && pass(decoded) is var clean && clean != decoded
                ? ToBase64(clean, run)
            : run.Contains('/', StringComparison.Ordinal)
                ? string.Join('/', run.Split('/').Select(part => part.Length < LeastHex ? part : OfRun(part, pass)))
            : run;
    }

    private static string? Printable(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = s_strict.GetString(bytes);
            foreach (var c in text)
                if (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
                    return null;
            return text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Unescape(string run)
    {
        var built = new StringBuilder(run.Length);
        for (var i = 0; i < run.Length; i++)
            if (run[i] == '\\')
            {
                built.Append((char)Convert.ToInt32(run.Substring(i + 2, 4), 16));
                i += 5;
            }
            else
                built.Append(run[i]);
        return built.ToString();
    }

    private static string Escape(string text) =>
        string.Concat(text.Select(c => c is '"' or '\\' || char.IsControl(c) ? string.Create(null, $"\\u{(int)c:x4}") : $"{c}"));

    /// <summary>A text in the base64 that another value has: its alphabet, with padding or without.</summary>
    public static string ToBase64(string clean, string value)
    {
        var encoded = Convert.ToBase64String(s_strict.GetBytes(clean));
        if (value.AsSpan().ContainsAny('-', '_'))
            encoded = encoded.Replace('+', '-').Replace('/', '_');
        return value.EndsWith('=') || value.Length % 4 == 0 ? encoded : encoded.TrimEnd('=');
    }
}
