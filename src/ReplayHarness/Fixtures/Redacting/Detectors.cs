using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Everything that finds values in a text. To find more, add a rule to <c>redaction-rules.json</c>.</summary>
internal sealed class Detectors
{
    /// <summary>The kinds that code finds; what is most certain first.</summary>
    private static readonly string[] s_kinds =
    [
        "private-key",
        "jwt",
        "url-credentials",
        "webhook",
        "authorization",
        "cookie",
        "api-key",
        "password",
        "secret",
        "email",
        "iban",
        "card-number",
        "phone",
        "ip-address",
        "name",
        "user-folder",
    ];

    private readonly TokenFinder _tokens;
    private readonly FormFinder _forms;
    private readonly LabelFinder _labels;
    private readonly TableFinder _tables;
    private readonly IReadOnlyList<Regex> _patterns;
    private readonly IReadOnlyList<string> _kept;

    public Detectors(IReadOnlyList<Rule> rules, IReadOnlyList<Regex> patterns, IReadOnlyList<string> kept)
    {
        (_tokens, _forms, _labels) = (new(rules.Where(r => r.Prefixes.Count > 0)), new(rules), new(rules));
        (_tables, _patterns, _kept) = (new(_labels), patterns, kept);
    }

    /// <summary>The product's own rules.</summary>
    public static IReadOnlyList<Rule> Own { get; } = RuleFile.Own();

    /// <summary>Every kind that is found.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. s_kinds.Concat(Own.Select(r => r.Kind)).Distinct()];

    /// <summary>The values of a text, in order and apart.</summary>
    /// <param name="text">The text.</param>
    /// <param name="known">Values that were found elsewhere; null for none.</param>
    /// <param name="settled">Where in the text something stands that is left as it is; of no kind.</param>
    public List<Find> Find(string text, KnownValues? known, List<Find> settled)
    {
        if (text.Length < 2)
            return [];
        List<Find> found = [.. settled];
        foreach (var pattern in _patterns)
            OfPattern(pattern, text, found);
        PrivateKeys.Find(text, found);
        _tokens.Find(text, found);
        Urls.Find(text, found);
        Headers.Find(text, found);
        List<Find> labelled = [];
        _labels.Find(text, labelled);
        _tables.Find(text, labelled);
        found.AddRange(labelled);
        Emails.Find(text, found);
        _forms.Find(text, found);
        Numbers.Find(text, found);
        Folders.Find(text, found);
        known?.Find(text, found);
        return Finds.Apart(found, Stays);
    }

    /// <summary>The cookies of a text that is nothing else.</summary>
    public List<Find> Cookies(string text)
    {
        List<Find> found = [];
        Headers.Cookies(text, 0, found);
        return Finds.Apart(found, Stays);
    }

    /// <summary>The value of an attribute whose name says what it is; null where it says nothing, or not of this value.</summary>
    public Find? Named(string name, string text) => Of(_labels.RulesOf(name).Where(r => r.Value != "cookie"), text);

    /// <summary>A value within a list or an object whose name says what it is; null where it says nothing, or not of this value.</summary>
    /// <param name="name">The name of the list or the object.</param>
    /// <param name="key">The value's own name in an object; null in a list.</param>
    /// <param name="text">The value.</param>
    public Find? Among(string name, string? key, string text) =>
        Of(_labels.RulesOf(name, ofMany: true).Where(r => LabelledValues.IsAmong(r, name, key, text)), text);

    private Find? Of(IEnumerable<Rule> rules, string text)
    {
        foreach (var rule in rules)
            if (!Stays(rule.Kind) && LabelledValues.Whole(text, rule) is { } find)
                return find;
        return null;
    }

    /// <summary>Whether a kind is left as it is; what has no kind is.</summary>
    public bool Stays(string kind) => kind.Length == 0 || _kept.Contains(kind);

    private static void OfPattern(Regex pattern, string text, List<Find> found)
    {
        try
        {
            foreach (Match match in pattern.Matches(text))
                if ((match.Groups["secret"] is { Success: true } secret ? secret : match) is { Length: > 0 } group)
                    found.Add(new("custom", group.Index, group.Length));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new BadInputException(
                $"the pattern {pattern} takes longer than {pattern.MatchTimeout.TotalSeconds} s on one text; "
                    + "write it without repetition within repetition"
            );
        }
    }
}
