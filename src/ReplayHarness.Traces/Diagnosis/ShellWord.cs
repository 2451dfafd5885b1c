using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis;

/// <summary>A text as a shell takes it for one word, on one line, whatever it holds.</summary>
internal static class ShellWord
{
    /// <summary>For the shell that people use on this system.</summary>
    public static string Of(string text) => OperatingSystem.IsWindows() ? PowerShell(text) : Posix(text);

    /// <summary>For bash, zsh and other POSIX shells; what is not seen is spelt as bash and zsh read it.</summary>
    public static string Posix(string text) =>
        text.Any(Unseen.Is) ? $"$'{string.Concat(text.Select(SpeltForPosix))}'"
        : IsPlain(text, "/.-_:@=+,") ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>For PowerShell, to which curved quotation marks are quotation marks, too.</summary>
    public static string PowerShell(string text)
    {
        // It takes -a.b for two words.
        if (IsPlain(text, "/\\.-_:=+") && !(text[0] == '-' && text.Contains('.', StringComparison.Ordinal)))
            return text;
        var isSpelt = text.Any(Unseen.Is);
        var word = new StringBuilder();
        foreach (var c in text)
            word.Append(
                isSpelt ? SpeltForPowerShell(c)
                : c is '\'' or (>= '\u2018' and <= '\u201B') ? $"{c}{c}"
                : $"{c}"
            );
        return isSpelt ? $"\"{word}\"" : $"'{word}'";
    }

    private static bool IsPlain(string text, string marks) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || marks.Contains(c, StringComparison.Ordinal));

    private static string SpeltForPosix(char c) =>
        c is '\'' or '\\' ? $"\\{c}"
        : Unseen.Is(c) ? Unseen.Spelt(c)
        : $"{c}";

    private static string SpeltForPowerShell(char c) =>
        Unseen.Is(c) ? $"$([char]0x{(int)c:X4})"
        : c is '$' or '`' or '"' or (>= '\u201C' and <= '\u201E') ? $"`{c}"
        : $"{c}";
}
