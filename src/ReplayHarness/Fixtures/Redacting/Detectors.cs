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
    private readonly IReadOnlyList<Regex> _patterns;
    private readonly IReadOnlyList<string> _kept;

    public Detectors(IReadOnlyList<Rule> rules, IReadOnlyList<Regex> patterns, IReadOnlyList<string> kept)
    {
        (_tokens, _forms, _labels) = (new(rules.Where(r => r.Prefixes.Count > 0)), new(rules), new(rules));
        (_patterns, _kept) = (patterns, kept);
    }

    /// <summary>The product's own rules.</summary>
    public static IReadOnlyList<Rule> Own { get; } = RuleFile.Own();

    /// <summary>Every kind that is found.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. s_kinds.Concat(Own.Select(r => r.Kind)).Distinct()];

    /// <summary>The values of a text, in order and apart.</summary>
    public List<Find> Find(string text)
    {
        List<Find> found = [];
        if (text.Length < 2)
            return found;
        foreach (var pattern in _patterns)
            OfPattern(pattern, text, found);
        PrivateKeys.Find(text, found);
        _tokens.Find(text, found);
        Urls.Find(text, found);
        Headers.Find(text, found);
        _labels.Find(text, found);
        Emails.Find(text, found);
        _forms.Find(text, found);
        Numbers.Find(text, found);
        Folders.Find(text, found);
        if (_kept.Count > 0)
            found.RemoveAll(f => _kept.Contains(f.Kind));
        return Finds.Apart(found);
    }

    /// <summary>The value of an attribute whose name says what it is; null where it says nothing, or not of this value.</summary>
    public Find? Named(string name, string text)
    {
        foreach (var rule in _labels.RulesOf(name))
            if (!_kept.Contains(rule.Kind) && LabelledValues.Whole(text, rule) is { } find)
                return find;
        return null;
    }

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
