using System.Text.RegularExpressions;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>What is redacted beyond the usual, and what is not.</summary>
/// <param name="Known">Secrets that are replaced wherever they stand, whatever their form.</param>
/// <param name="Patterns">Patterns of the user's own; only the group <c>secret</c> is replaced, where there is one.</param>
/// <param name="Kept">Kinds that are left as they are.</param>
public sealed record RedactionOptions(IReadOnlyList<string> Known, IReadOnlyList<Regex> Patterns, IReadOnlyList<string> Kept)
{
    /// <summary>Everything that is detected, and nothing else.</summary>
    public static RedactionOptions Usual { get; } = new([], [], []);

    /// <summary>The kinds that are detected.</summary>
    public static IReadOnlyList<string> Kinds => Detectors.Kinds;

    /// <summary>Names that are replaced wherever they stand as words: people, companies, projects.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Rules of a team's own, beside those of the product.</summary>
    internal IReadOnlyList<Rule> Rules { get; init; } = [];

    /// <summary>The same with the rules of a file, which has the form of the product's own table.</summary>
    /// <param name="file">JSON: <c>{ "rules": [ … ] }</c>.</param>
    /// <exception cref="Traces.BadInputException">The file is missing or holds what is no rule; the message says where.</exception>
    public RedactionOptions WithRules(string file) => this with { Rules = [.. Rules, .. RuleFile.Read(file)] };

    /// <summary>The same with the names of a file, one a line.</summary>
    /// <param name="file">Text; empty lines and those that begin with # are passed over.</param>
    /// <exception cref="Traces.BadInputException">The file is missing or too large, or a name too short.</exception>
    public RedactionOptions WithNames(string file) => this with { Names = [.. Names, .. NameFile.Read(file)] };
}
