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

    public static Option<string[]> RulesOption() =>
        new("--rules") { Description = "A file of rules of your own, in the form of docs/redaction.md. May be repeated." };

    public static Option<string[]> NamesOption() =>
        new("--names") { Description = "A file of names to replace wherever they stand, one a line. May be repeated." };

    public static void Validate(CommandResult result, Option<string[]> keep, Option<string[]>? pattern = null)
    {
        foreach (var kind in (result.GetValue(keep) ?? []).Where(k => !RedactionOptions.Kinds.Contains(k)))
            result.AddError($"--keep {kind}: expected one of {string.Join(", ", RedactionOptions.Kinds)}");
        foreach (var text in pattern is null ? [] : result.GetValue(pattern) ?? [])
            if (Pattern(text) is null)
                result.AddError($"--redact {text}: is no regular expression");
    }

    public static RedactionOptions Options(
        ParseResult parsed,
        Option<string[]> keep,
        Option<string[]>? pattern,
        Option<string[]> rules,
        Option<string[]> names
    )
    {
        var patterns = pattern is null ? [] : parsed.GetValue(pattern) ?? [];
        var options = new RedactionOptions([], [.. patterns.Select(p => Pattern(p)!)], parsed.GetValue(keep) ?? []);
        foreach (var file in parsed.GetValue(rules) ?? [])
            options = options.WithRules(file);
        foreach (var file in parsed.GetValue(names) ?? [])
            options = options.WithNames(file);
        return options;
    }

    private static Regex? Pattern(string text)
    {
        try
        {
            return new(text, RegexOptions.NonBacktracking, s_patience);
        }
        // What looks around, or back, has a time-out.
        catch (NotSupportedException)
        {
            return new(text, RegexOptions.None, s_patience);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
