using System.Text.RegularExpressions;

namespace ReplayHarness.Stores;

/// <summary>
/// The name of a source, or a word of a command, which may hold a password or a token. Whatever prints it prints <c>***</c> instead: only
/// who opens the source asks for it as it is.
/// </summary>
/// <param name="text">The text.</param>
internal readonly partial struct Secret(string text) : IEquatable<Secret>
{
    /// <summary>What stands for a secret.</summary>
    public const string Hidden = "***";

    /// <summary>The text as it is.</summary>
    public string Reveal() => text;

    /// <summary>The text without its secrets.</summary>
    public override string ToString() => Hide(text);

    /// <inheritdoc/>
    public bool Equals(Secret other) => text == other.Reveal();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Secret other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(text);

    /// <summary>A text without its secrets.</summary>
    public static string Hide(string text) => Labelled().Replace(OfUser().Replace(text, Hidden), Hidden);

    // user:password@ of an address, up to the last @ before its path; or a token alone, which is longer than names of users are.
    [GeneratedRegex(@"(?<=://[^/@:\s]*:)[^/\s]*(?=@)|(?<=://)[^/@:\s]{16,}(?=@)")]
    private static partial Regex OfUser();

    // Password=… of a connection, or ?token=… of an address; in quotation marks a value may hold what would end it.
    [GeneratedRegex(
        @"(?<=(?<![A-Za-z])(?:(?:pg)?password|passphrase|passwd|pwd|pass|token|credentials?|(?<=[?&])key|"
            + @"access[ _-]?key|api[ _-]?key|secret|secret[ _-]?key|sig|signature)\s*=\s*)"
            + @"(?:'[^']*'|""[^""]*""|[^;&\s'""][^;&]*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Labelled();
}
