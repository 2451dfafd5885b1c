using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using ReplayHarness.Fixtures.Redacting;

namespace ReplayHarness.Cli;

/// <summary>The options of every command that redacts.</summary>
internal static class Redactions
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static Option<string[]> KeepOption() =>
        new("--keep") { Description = $"A kind that is left as it is: {string.Join(", ", RedactionOptions.Kinds)}. May be repeated." };

    public static Option<string[]> PatternOption() =>
        new("--redact")
        {
            Description =
                "A regular expression: what it matches is replaced too; only its group named secret, where it has one. May be repeated.",
        };

    public static void Validate(CommandResult result, Option<string[]> keep, Option<string[]>? pattern = null)
    {
        foreach (var kind in (result.GetValue(keep) ?? []).Where(k => !RedactionOptions.Kinds.Contains(k)))
            result.AddError($"--keep {kind}: expected one of {string.Join(", ", RedactionOptions.Kinds)}");
        foreach (var text in pattern is null ? [] : result.GetValue(pattern) ?? [])
            if (Pattern(text) is null)
                result.AddError($"--redact {text}: is no regular expression");
    }

    public static RedactionOptions Options(string[]? kept, string[]? patterns, IReadOnlyList<string> known) =>
        new(known, [.. (patterns ?? []).Select(p => Pattern(p)!)], kept ?? []);

    private static Regex? Pattern(string text)
    {
        try
        {
            return new(text, RegexOptions.None, s_patience);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
