using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.Redacting;

internal sealed partial class Redactor
{
    private Span Redact(Span span) =>
        span with
        {
            Name = InPlace(span.Name, "span name"),
            StatusMessage = span.StatusMessage is null ? null : InPlace(span.StatusMessage, "status message"),
            Attributes = Redact(span.Attributes),
            Resource = Redact(span.Resource),
            Events = Redact(span.Events),
            Links = [.. span.Links.Select(l => l with { Attributes = Redact(l.Attributes) })],
            TraceState = InPlace(span.TraceState, "trace state"),
            Scope = Key(span.Scope, "scope"),
            ScopeVersion = Key(span.ScopeVersion, "scope version"),
        };

    // Events of one name may be the pieces of a stream.
    private SpanEvent[] Redact(IReadOnlyList<SpanEvent> events)
    {
        SpanEvent[] all = [.. events];
        foreach (var group in events.Index().GroupBy(e => e.Item.Name).Where(g => g.Count() > 1))
        {
            int[] places = [.. group.Select(g => g.Index)];
            foreach (var key in all[places[0]].Attributes.Select(a => a.Key).Distinct().ToArray())
            {
                int[] with = [.. places.Where(p => all[p].Attributes[key] is string)];
                var clean = Joined([.. with.Select(p => (string)all[p].Attributes[key]!)], key);
                foreach (var (i, place) in with.Index())
                    if (clean is not null)
                        all[place] = all[place] with { Attributes = With(all[place].Attributes, key, clean[i]) };
            }
        }
        return [.. all.Select(e => e with { Name = InPlace(e.Name, "event name"), Attributes = Redact(e.Attributes) })];
    }

    private static AttributeSet With(AttributeSet attributes, string key, string value) =>
        new([.. attributes.Select(a => a.Key == key ? KeyValuePair.Create(key, (object?)value) : a)]);

    private string[]? Joined(string[] pieces, string place)
    {
        if (pieces.Length < 2)
            return null;
        _place = place;
        var clean = Pieces.Redacted(pieces, All, Replacement);
        return clean.SequenceEqual(pieces) ? null : clean;
    }

    private AttributeSet Redact(AttributeSet attributes) =>
        attributes.Count == 0
            ? attributes
            : new([.. attributes.Select(a => KeyValuePair.Create(Key(a.Key, "attribute name"), Redact(a.Key, a.Value, a.Key)))]);

    private string InPlace(string text, string place)
    {
        _place = place;
        return Redact(text, 0);
    }

    // A name that is a word is one of the program's own.
    private string Key(string name, string place) =>
        name.AsSpan().ContainsAnyInRange('0', '9') || name.AsSpan().ContainsAny(' ', '@') ? InPlace(name, place) : name;

    // A name may say what its value is, and that of a list or an object what its values are.
    private object? Redact(string name, object? value, string place, (string Name, string? Key)? among = null) =>
        value switch
        {
            string text => Named(name, text, place, among) ?? (Headers.IsCookie(name) ? Cookies(text, place) : InPlace(text, place)),
            long number => Number(name, number, place, among),
            double number => Number(name, number, place, among),
            IReadOnlyDictionary<string, object?> map => Redact(name, map, place),
            byte[] bytes => Encodings.Bytes(bytes, text => InPlace(text, place)),
            IReadOnlyList<object?> list => Redact(name, list, place, among),
            _ => value,
        };

    private Dictionary<string, object?> Redact(string name, IReadOnlyDictionary<string, object?> map, string place)
    {
        var clean = new Dictionary<string, object?>(StringComparer.Ordinal);
        // A pair of a header's name and its value.
        var label = map.GetValueOrDefault("name") as string ?? map.GetValueOrDefault("key") as string;
        // What has a type describes a value, and is none.
        var isSchema = map.Keys.Any(Groups.IsOfSchema);
        foreach (var (key, value) in map)
            clean[Key(key, place)] = Redact(
                key is "value" && label is not null ? label : $"{name}.{key}",
                value,
                $"{place}.{key}",
                isSchema ? null : (name, key)
            );
        return clean;
    }

    private object?[] Redact(string name, IReadOnlyList<object?> list, string place, (string Name, string? Key)? among)
    {
        if (list is [string header, string text] && (Headers.IsCookie(header) || _detectors.Named(header, text) is not null))
            return [Redact(name, header, place), Redact(header, text, place)];
        var texts = list.Count > 1 && list.All(i => i is string) ? Joined([.. list.Cast<string>()], place) : null;
        return [.. (texts ?? list).Select(item => Redact(name, item, place, among ?? (name, null)))];
    }

    private string Cookies(string text, string place)
    {
        _place = place;
        return InPlace(Replaced(text, _detectors.Cookies(text)), place);
    }

    private object Number(string name, long number, string place, (string, string?)? among)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        var clean = Named(name, text, place, among) ?? (text.Length >= 6 ? InPlace(text, place) : text);
        // What stands for a number is one, but where no other is left.
        return clean == text ? number
            : long.TryParse(clean, CultureInfo.InvariantCulture, out var other) ? other
            : clean;
    }

    private object Number(string name, double number, string place, (string, string?)? among)
    {
        if (number == Math.Floor(number) && Math.Abs(number) < 1e17)
            return Number(name, (long)number, place, among) is var clean && clean is long other ? (double)other : clean;
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return Named(name, text, place, among) is not { } named ? number
            : double.TryParse(named, CultureInfo.InvariantCulture, out var real) ? real
            : named;
    }

    private string? Named(string name, string text, string place, (string Name, string? Key)? among)
    {
        if ((_detectors.Named(name, text) ?? (among is var (of, key) ? _detectors.Among(of, key, text) : null)) is not { } find)
            return null;
        _place = place;
        return Replacement(find, text) ?? (_isLearning ? text : null);
    }
}
