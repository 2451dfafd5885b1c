using System.Text.RegularExpressions;
using Bogus;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>
/// Replaces secrets and e-mail addresses by invented ones of the same form, consistently: equal values stay equal wherever they stand. The replacement
/// depends on the order of first appearance only, never on the value.
/// </summary>
public sealed partial class Redactor
{
    private static readonly (string Kind, Regex Pattern)[] s_detectors =
    [
        ("private-key", PrivateKey()),
        ("jwt", Jwt()),
        ("api-key", ApiKey()),
        ("bearer-token", Bearer()),
        ("password", Password()),
        ("email", Email()),
    ];

    // Shorter ones would be found within ordinary words.
    private const int ShortestSecret = 6;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, string> _replacements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Occurrences, int Values)> _counts = new(StringComparer.Ordinal);
    private Faker? _faker;

    private readonly string[] _known;

    /// <param name="known">Secrets that are replaced wherever they stand, whatever their form; null for none.</param>
    public Redactor(IEnumerable<string>? known = null) => _known = [.. (known ?? []).Where(k => k.Length >= ShortestSecret).OrderByDescending(k => k.Length).ThenBy(k => k, StringComparer.Ordinal)];

    /// <summary>What was replaced so far, by kind.</summary>
    public IReadOnlyList<Redaction> Redactions =>
        [.. _counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => new Redaction(c.Key, c.Value.Occurrences, c.Value.Values))];

    /// <summary>The trace with every string redacted.</summary>
    public Trace Redact(Trace trace) => new(trace.TraceId, trace.Spans.Select(Redact));

    /// <summary>The text with every secret and address replaced.</summary>
    public string Redact(string text)
    {
        foreach (var secret in _known.Where(k => text.Contains(k, StringComparison.Ordinal))) text = Regex.Replace(text, Regex.Escape(secret), match => Replace("api-key", match), RegexOptions.None, s_patience);
        foreach (var (kind, pattern) in s_detectors)
            text = pattern.Replace(text, match => Replace(kind, match));
        return text;
    }

    private Span Redact(Span span) => span with
    {
        Name = Redact(span.Name),
        StatusMessage = span.StatusMessage is null ? null : Redact(span.StatusMessage),
        Attributes = Redact(span.Attributes),
        Resource = Redact(span.Resource),
        Events = [.. span.Events.Select(e => e with { Name = Redact(e.Name), Attributes = Redact(e.Attributes) })],
    };

    private AttributeSet Redact(AttributeSet attributes) => new([.. attributes.Select(a => KeyValuePair.Create(a.Key, Redact(a.Value)))]);

    private object? Redact(object? value) => value switch
    {
        string text => Redact(text),
        IReadOnlyDictionary<string, object?> map => map.ToDictionary(m => m.Key, m => Redact(m.Value), StringComparer.Ordinal),
        byte[] bytes => bytes,
        IReadOnlyList<object?> list => list.Select(Redact).ToArray(),
        _ => value,
    };

    // Only the group named secret is replaced, where a pattern has one: what stands around it keeps its form.
    private string Replace(string kind, Match match)
    {
        var secret = match.Groups["secret"] is { Success: true } group ? group.Value : match.Value;
        var known = _replacements.TryGetValue(secret, out var replacement);
        if (!known) _replacements[secret] = replacement = Invent(kind, secret);
        var count = _counts.GetValueOrDefault(kind);
        // What was invented for another value is not redacted again.
        if (!known && _replacements.Values.Contains(secret, StringComparer.Ordinal))
        {
            _replacements.Remove(secret);
            return match.Value;
        }
        _counts[kind] = (count.Occurrences + 1, count.Values + (known ? 0 : 1));
        return match.Value.Replace(secret, replacement, StringComparison.Ordinal);
    }

    private string Invent(string kind, string secret)
    {
        _faker ??= new Faker("en");
        _faker.Random = new Randomizer(_replacements.Count + 1);
        if (kind == "private-key") return "-----BEGIN PRIVATE KEY-----\nREDACTED\n-----END PRIVATE KEY-----";
        if (kind == "email") return _faker.Internet.ExampleEmail().ToLowerInvariant();
        var kept = Prefix().Match(secret).Length;
        return secret[..kept] + string.Concat(secret.Skip(kept).Select(SameForm));
    }

    private char SameForm(char c) =>
        char.IsAsciiDigit(c) ? (char)('0' + _faker!.Random.Number(9))
        : char.IsAsciiLetterLower(c) ? (char)('a' + _faker!.Random.Number(25))
        : char.IsAsciiLetterUpper(c) ? (char)('A' + _faker!.Random.Number(25))
        : c;

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", RegexOptions.Singleline)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")]
    private static partial Regex Jwt();

    [GeneratedRegex(@"\b(sk-[A-Za-z0-9_-]{16,}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{30,})")]
    private static partial Regex ApiKey();

    [GeneratedRegex(@"\bBearer\s+(?<secret>[A-Za-z0-9._~+/-]{12,}=*)", RegexOptions.IgnoreCase)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"\b(password|pwd)\s*=\s*(?<secret>[^;\s""']{3,})", RegexOptions.IgnoreCase)]
    private static partial Regex Password();

    [GeneratedRegex(@"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b")]
    private static partial Regex Email();

    [GeneratedRegex("^(sk-|AKIA|gh[pousr]_|xox[abprs]-|AIza|eyJ)?")]
    private static partial Regex Prefix();
}
