using System.Collections;
using System.Globalization;

namespace ReplayHarness.Traces;

/// <summary>
/// The attributes of a span, an event or a resource: names and values in the order they were recorded; the last value of a repeated name
/// counts. A value is null, <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, a byte array, an <see
/// cref="IReadOnlyList{T}"/> of values or an <see cref="IReadOnlyDictionary{TKey,TValue}"/> from names to values (OpenTelemetry's
/// AnyValue).
/// </summary>
public sealed class AttributeSet : IReadOnlyCollection<KeyValuePair<string, object?>>
{
    private readonly KeyValuePair<string, object?>[] _items;

    /// <summary>No attributes.</summary>
    public static AttributeSet None { get; } = new([]);

    /// <summary>Keeps the given names and values as they are; the caller must not change the array afterwards.</summary>
    public AttributeSet(params KeyValuePair<string, object?>[] items) => _items = items;

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <summary>The value of a name, or null where there is none.</summary>
    public object? this[string name]
    {
        get
        {
            for (int i = _items.Length - 1; i >= 0; i--)
                if (string.Equals(_items[i].Key, name, StringComparison.Ordinal))
                    return _items[i].Value;
            return null;
        }
    }

    /// <summary>
    /// The value as text, whatever its type (numbers in invariant culture, lists and maps as JSON), or null where there is none.
    /// </summary>
    public string? Text(string name) =>
        this[name] switch
        {
            null => null,
            string s => s,
            bool b => b ? "true" : "false",
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            var other => Json.Write(other),
        };

    /// <summary>The value as a whole number, from a number or from its text, or null.</summary>
    public long? Number(string name) =>
        this[name] switch
        {
            long n => n,
            double d when d == Math.Floor(d) => (long)d,
            string s when long.TryParse(s, NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) => n,
            _ => null,
        };

    /// <summary>
    /// The value as a structure (map or list): as it is, or parsed when it is a string of JSON; null where it is neither.
    /// </summary>
    public object? Structure(string name) =>
        this[name] switch
        {
            string s => Json.TryParse(s) is { } v && v is not string ? v : null,
            IReadOnlyList<object?> or IReadOnlyDictionary<string, object?> => this[name],
            _ => null,
        };

    /// <summary>True where the name has a value.</summary>
    public bool Has(string name) => this[name] is not null;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, object?>>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}
