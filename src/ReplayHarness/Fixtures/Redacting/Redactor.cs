using System.Text;
using System.Text.RegularExpressions;
using ReplayHarness.Traces;

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
    public static IReadOnlyList<string> Kinds { get; } = [.. Detectors.All.Select(d => d.Kind)];
}

/// <summary>
/// Replaces secrets and personal data by invented values of the same form, consistently: equal values stay equal wherever they stand,
/// encoded or not. What is invented
/// depends on the order of first appearance only, never on the value: nothing of it can be computed back.
/// </summary>
internal sealed class Redactor
{
    // Shorter ones would be found within ordinary words.
    private const int ShortestKnown = 6;
    private const int MostPlaces = 12;
    private const int MostTries = 16;

    private readonly Dictionary<string, string> _replacements = new(StringComparer.Ordinal);
    private readonly HashSet<string> _invented;
    private readonly SortedDictionary<string, Found> _found = new(StringComparer.Ordinal);
    private readonly Detector[] _detectors;
    private readonly RedactionOptions _options;
    private readonly Invention _invention = new();
    private readonly Action<string, string>? _seen;
    private string _place = "text";

    /// <param name="options">What is redacted beyond the usual, and what is not; null for the usual.</param>
    public Redactor(RedactionOptions? options = null)
        : this(options, [], null) { }

    /// <param name="options">What is redacted beyond the usual, and what is not; null for the usual.</param>
    /// <param name="invented">What was invented before, and is left as it is.</param>
    /// <param name="seen">Told of the kind and the value of each place that is redacted; null for nobody.</param>
    internal Redactor(RedactionOptions? options, HashSet<string> invented, Action<string, string>? seen)
    {
        (_invented, _seen) = (invented, seen);
        _options = options ?? RedactionOptions.Usual;
        var known = _options
            .Known.Where(k => k.Length >= ShortestKnown)
            .OrderByDescending(k => k.Length)
            .ThenBy(k => k, StringComparer.Ordinal)
            .Select(k => new Detector("known-secret", new Regex(Regex.Escape(k), RegexOptions.None, TimeSpan.FromSeconds(10))));
        _detectors =
        [
            .. known,
            .. _options.Patterns.Select(p => new Detector("custom", p)),
            .. Detectors.All.Where(d => !_options.Kept.Contains(d.Kind)),
        ];
    }

    /// <summary>What was replaced so far, by kind.</summary>
    public IReadOnlyList<Redaction> Redactions =>
        [
            .. _found.Select(f => new Redaction(f.Key, f.Value.Occurrences, f.Value.Values)
            {
                Places = [.. f.Value.Places],
                Replacements = [.. f.Value.Replacements],
            }),
        ];

    /// <summary>The trace with every string redacted.</summary>
    public Trace Redact(Trace trace) => new(trace.TraceId, trace.Spans.Select(Redact));

    /// <summary>The text with every secret and all personal data replaced.</summary>
    public string Redact(string text) => Redact(text, 0);

    /// <summary>The text of a place, which the report of what was replaced names.</summary>
    public string Redact(string text, string place)
    {
        _place = place;
        return Redact(text, 0);
    }

    private string Redact(string text, int depth)
    {
        foreach (var detector in _detectors)
            text = Replaced(detector, text);
        return depth == Encodings.MostDeep ? text : Encodings.Within(text, inner => Redact(inner, depth + 1));
    }

    // Values are numbered from the end; the text is put together once, so that many values in a long text cost no more than the text.
    private string Replaced(Detector detector, string text)
    {
        (string Value, int Index)[] found = [.. detector.Find(text)];
        if (found.Length == 0)
            return text;
        var replacements = new string?[found.Length];
        for (var i = found.Length - 1; i >= 0; i--)
            replacements[i] = Replacement(detector.Kind, found[i].Value);
        var (built, at) = (new StringBuilder(text.Length), 0);
        for (var i = 0; i < found.Length; i++)
        {
            var (value, index) = found[i];
            built.Append(text, at, index - at).Append(replacements[i] ?? value);
            at = index + value.Length;
        }
        return built.Append(text, at, text.Length - at).ToString();
    }

    // Null for what was invented: it is not redacted again.
    private string? Replacement(string kind, string value)
    {
        if (_invented.Contains(value) || (kind == "private-key" && value == Invention.PrivateKey))
            return null;
        if (!_found.TryGetValue(kind, out var found))
            _found[kind] = found = new();
        if (!_replacements.TryGetValue(value, out var replacement))
        {
            _replacements[value] = replacement = Invented(kind, value);
            found.Values++;
            found.Replacements.Add(replacement);
        }
        found.Occurrences++;
        _seen?.Invoke(kind, value);
        if (found.Places.Count < MostPlaces)
            found.Places.Add(_place);
        return replacement;
    }

    // A form may have fewer values than there are to replace, or none but the value itself. After a few tries the value is one of a
    // series without end, which goes on where it stopped: each step is another value, so the search ends.
    private string Invented(string kind, string value)
    {
        if (kind == "private-key")
            return Invention.PrivateKey;
        var number = _replacements.Count;
        for (var i = 0; i < MostTries; i++, number += _replacements.Count + 1)
            if (IsNew(_invention.Of(kind, value, number), value) is { } invented)
                return invented;
        while (true)
            if (IsNew(_invention.Next(kind), value) is { } invented)
                return invented;
    }

    private string? IsNew(string invented, string value) => invented != value && _invented.Add(invented) ? invented : null;

    private Span Redact(Span span) =>
        span with
        {
            Name = Redact(span.Name, "span name"),
            StatusMessage = span.StatusMessage is null ? null : Redact(span.StatusMessage, "status message"),
            Attributes = Redact(span.Attributes),
            Resource = Redact(span.Resource),
            Events = [.. span.Events.Select(e => e with { Name = Redact(e.Name, "event name"), Attributes = Redact(e.Attributes) })],
            Links = [.. span.Links.Select(l => l with { Attributes = Redact(l.Attributes) })],
            TraceState = Redact(span.TraceState, "trace state"),
        };

    private AttributeSet Redact(AttributeSet attributes) =>
        new([.. attributes.Select(a => KeyValuePair.Create(a.Key, Redact(a.Key, a.Value, a.Key)))]);

    // A name may say what its value is.
    private object? Redact(string name, object? value, string place) =>
        value switch
        {
            string text => Named(name, text, place) ?? Redact(text, place),
            IReadOnlyDictionary<string, object?> map => map.ToDictionary(
                m => m.Key,
                m => Redact(m.Key, m.Value, $"{place}.{m.Key}"),
                StringComparer.Ordinal
            ),
            byte[] bytes => bytes,
            IReadOnlyList<object?> list => list.Select(item => Redact(name, item, place)).ToArray(),
            _ => value,
        };

    private string? Named(string name, string text, string place)
    {
        if (text.Length < 3 || KeyLike.KindOf(name) is not { } kind || _options.Kept.Contains(kind))
            return null;
        var real = kind switch
        {
            "name" => Checks.IsName(text),
            "phone" => Checks.IsPhone(text),
            "password" => Checks.IsPassword(text),
            _ => Checks.IsSecret(text),
        };
        if (!real || (kind == "secret" && text.Contains(' ', StringComparison.Ordinal)))
            return null;
        _place = place;
        return Replacement(kind, text);
    }

    private sealed class Found
    {
        public int Occurrences { get; set; }

        public int Values { get; set; }

        public SortedSet<string> Places { get; } = new(StringComparer.Ordinal);

        public List<string> Replacements { get; } = [];
    }
}
