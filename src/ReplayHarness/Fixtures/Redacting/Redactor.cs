using System.Globalization;
using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>
/// Replaces secrets and personal data by invented values of the same form, consistently: equal values stay equal wherever they stand,
/// encoded or not. What was found anywhere is replaced everywhere, so a capture is first learned as a whole, and then redacted. What is
/// invented depends on the order of first appearance only, never on the value: nothing of it can be computed back.
/// </summary>
internal sealed partial class Redactor
{
    // Shorter ones would be found within ordinary words.
    private const int ShortestKnown = 6;
    private const int MostPlaces = 12,
        LeastSettled = 9,
        LeastUnspaced = 3;

    private readonly Replacements _replacements;
    private readonly KnownValues _known = new();

    // What stands for values, so that it is not taken for one, and which texts and traces hold nothing else.
    private readonly KnownValues _inventions = new();
    private readonly HashSet<string> _cleanTexts = new(StringComparer.Ordinal);
    private readonly HashSet<Trace> _cleanTraces = new(ReferenceEqualityComparer.Instance);
    private readonly SortedDictionary<string, Found> _found = new(StringComparer.Ordinal);
    private readonly Detectors _detectors;
    private readonly Action<string, string>? _seen;
    private readonly HashSet<Trace> _learned = new(ReferenceEqualityComparer.Instance);
    private string _place = "text";
    private bool _isLearning;

    /// <param name="options">What is redacted beyond the usual, and what is not; null for the usual.</param>
    public Redactor(RedactionOptions? options = null)
        : this(options, [], null) { }

    /// <param name="options">What is redacted beyond the usual, and what is not; null for the usual.</param>
    /// <param name="invented">What was invented before, and is left as it is.</param>
    /// <param name="seen">Told of the kind and the value of each place that is redacted; null for nobody.</param>
    internal Redactor(RedactionOptions? options, HashSet<string> invented, Action<string, string>? seen)
    {
        options ??= RedactionOptions.Usual;
        (_replacements, _seen) = (new(invented), seen);
        _detectors = new([.. options.Rules, .. Detectors.Own], options.Patterns, options.Kept);
        foreach (var one in invented)
            Settle(one);
        foreach (var known in options.Known.Where(k => k.Length >= ShortestKnown))
            Learn(new("known-secret", 0, known.Length), known);
        foreach (var name in options.Names)
        {
            Learn(new("name", 0, name.Length), name);
            _known.Add(name, "name", 0, isSure: true);
            _known.Add(name.ToUpperInvariant(), "name", 0, isSure: true);
        }
    }

    /// <summary>What was replaced so far, by kind.</summary>
    public IReadOnlyList<Redaction> Redactions =>
        [
            .. _found.Select(f => new Redaction(f.Key, f.Value.Occurrences, f.Value.Values.Count)
            {
                Places = [.. f.Value.Places],
                Replacements = [.. f.Value.Values],
            }),
        ];

    /// <summary>Finds the values of traces, which are replaced from then on wherever they stand.</summary>
    public void Learn(IEnumerable<Trace> traces)
    {
        _isLearning = true;
        foreach (var trace in traces.Where(t => !_cleanTraces.Contains(t) && _learned.Add(t)))
        foreach (var span in trace.Spans)
            Redact(span);
        _isLearning = false;
    }

    /// <summary>Finds the values of a text, which are replaced from then on wherever they stand.</summary>
    public void Learn(string text)
    {
        _isLearning = true;
        Redact(text, 0);
        _isLearning = false;
    }

    /// <summary>The trace with every string redacted.</summary>
    public Trace Redact(Trace trace)
    {
        if (_cleanTraces.Contains(trace))
            return trace;
        Learn([trace]);
        var clean = new Trace(trace.TraceId, trace.Spans.Select(Redact));
        _cleanTraces.Add(clean);
        return clean;
    }

    /// <summary>The text with every secret and all personal data replaced.</summary>
    public string Redact(string text) => Redact(text, "text");

    /// <summary>The text of a place, which the report of what was replaced names.</summary>
    public string Redact(string text, string place)
    {
        if (_cleanTexts.Contains(text))
            return text;
        Learn(text);
        _place = place;
        var clean = Redact(text, 0);
        if (clean != text)
            _cleanTexts.Add(clean);
        return clean;
    }

    private string Redact(string text, int depth)
    {
        var clean = Replaced(text, All(text));
        return depth == Encodings.MostDeep ? clean : Encodings.Within(clean, inner => Redact(inner, depth + 1));
    }

    private List<Find> All(string text)
    {
        List<Find> settled = [];
        _inventions.Find(text, settled);
        settled.RemoveAll(f => !_replacements.IsInvented(text.Substring(f.Start, f.Length)));
        return _detectors.Find(text, _isLearning ? null : _known, settled);
    }

    // The text is put together once, so that many values in a long text cost no more than the text.
    private string Replaced(string text, List<Find> found)
    {
        if (found.Count == 0)
            return text;
        var (built, at) = (new StringBuilder(text.Length), 0);
        foreach (var find in found)
        {
            var value = text.Substring(find.Start, find.Length);
            built.Append(text, at, find.Start - at).Append(Replacement(find, value) ?? value);
            at = find.End;
        }
        return built.Append(text, at, text.Length - at).ToString();
    }

    // Null for what was invented: it is not redacted again.
    private string? Replacement(Find find, string value)
    {
        if (_isLearning)
        {
            Learn(find, value);
            return null;
        }
        var pair = find.Kind == "authorization" ? Halves(value) : null;
        if ((pair is { } p ? _replacements.OfPair(value, p) : _replacements.Of(find.Kind, value, find.Keep)) is not { } replacement)
            return null;
        Settle(replacement);
        if (!_found.TryGetValue(find.Kind, out var found))
            _found[find.Kind] = found = new();
        if (found.Known.Add(replacement))
            found.Values.Add(replacement);
        found.Occurrences++;
        _seen?.Invoke(find.Kind, value);
        if (found.Places.Count < MostPlaces)
            found.Places.Add(_place);
        return replacement;
    }

    // A user of a kind that is kept stays.
    private (string User, string? Kind, string Password)? Halves(string value) =>
        Headers.Halves(value) is not { } pair ? null
        : pair.Kind is { } kind && _detectors.Stays(kind) ? (pair.User, null, pair.Password)
        : pair;

    // A short one is found as a whole or not at all.
    private void Settle(string invention)
    {
        if (invention.Length >= LeastSettled)
            _inventions.Add(invention, "", 0);
    }

    private void Learn(Find find, string value)
    {
        if (!_replacements.Learn(find.Kind, value))
            return;
        _known.Add(
            value,
            find.Kind,
            find.Keep,
            isSure: find.Kind == "name" && value.Length >= LeastUnspaced && value.All(Glyphs.IsUnspaced)
        );
        foreach (var other in Spelling.Others(find.Kind, value))
            _known.Add(other, find.Kind, 0, isSure: find.Kind == "name");
        if (find.Kind != "authorization" || Halves(value) is not { } pair)
            return;
        Learn(new("password", 0, pair.Password.Length), pair.Password);
        if (pair.Kind is not null)
            Learn(new(pair.Kind, 0, pair.User.Length), pair.User);
    }

    private sealed class Found
    {
        public int Occurrences { get; set; }

        public HashSet<string> Known { get; } = new(StringComparer.Ordinal);

        public List<string> Values { get; } = [];

        public SortedSet<string> Places { get; } = new(StringComparer.Ordinal);
    }
}
