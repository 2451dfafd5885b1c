using System.Text.RegularExpressions;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Names of members and attributes that say what their values are.</summary>
internal static partial class KeyLike
{
    private static readonly string[] s_words = ["key", "secret", "token", "credential", "sig"];

    /// <summary>Whether a text may hold a name that says that a secret follows.</summary>
    public static bool MayHold(string text) => Array.Exists(s_words, w => text.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a text may hold a name that says that a person's name follows.</summary>
    public static bool MayName(string text) => text.Contains("name", StringComparison.OrdinalIgnoreCase);

    /// <summary>The kind of the values of a member or attribute, or null where its name says nothing.</summary>
    public static string? KindOf(string name) =>
        Password().IsMatch(name) ? "password"
        : Secret().IsMatch(name) ? "secret"
        : PersonName().IsMatch(name) ? "name"
        : Phone().IsMatch(name) ? "phone"
        : null;

    [GeneratedRegex(@"(?:^|[._-])(?:password|passwd|passphrase|pwd)$", RegexOptions.IgnoreCase)]
    private static partial Regex Password();

    [GeneratedRegex(
        @"(?:^|[._-])(?:x-)?(?:api[_-]?key|apikey|client[_-]?secret|secret(?:[_-]?key)?|(?:access|auth|refresh|id"
            + @"|session|bearer)[_-]?token|token|private[_-]?key|credentials?|authorization|cookie|set-cookie"
            + @"|connection[_-]?string)$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Secret();

    [GeneratedRegex(
        @"(?:^|[._-])(?:customer|full|first|last|given|family|contact|patient|employee|account[_-]?holder"
            + @"|card[_-]?holder|sender|recipient)[_-]?name$|(?:^|[._-])surname$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex PersonName();

    [GeneratedRegex(@"(?:^|[._-])(?:phone|mobile|telephone)(?:[_-]?number)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Phone();
}
