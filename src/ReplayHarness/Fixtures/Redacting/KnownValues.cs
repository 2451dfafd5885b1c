namespace ReplayHarness.Fixtures.Redacting;

/// <summary>
/// Searches a text for values that were found elsewhere, for all of them at once: each place of the text costs one look into a table by
/// the first characters, however many values there are.
/// </summary>
internal sealed class KnownValues
{
    private const int Long = 6,
        Short = 4,
        LeastSure = 2;

    private readonly Dictionary<string, (string Kind, int Keep)> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, Lengths> _byStart = [];
    private readonly HashSet<ulong> _tails = [];
    private readonly bool[] _firsts = new bool[1 << 16];
    private readonly Dictionary<string, string> _tiny = new(StringComparer.Ordinal);

    /// <summary>Adds a value. Short ones that are ordinary words or years are not searched for.</summary>
    /// <param name="value">The value.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="keep">How many of its first characters stay.</param>
    /// <param name="isSure">Whether it is searched for however short it is.</param>
    public void Add(string value, string kind, int keep, bool isSure = false)
    {
        if (isSure && value.Length is >= LeastSure and < Short)
            _tiny.TryAdd(value, kind);
        if (value.Length < Short || (value.Length < Long && !isSure && !IsTelling(value)) || !_values.TryAdd(value, (kind, keep)))
            return;
        var start = Start(value.AsSpan(0, value.Length < Long ? Short : Long));
        if (!_byStart.TryGetValue(start, out var lengths))
            _byStart[start] = lengths = new(value.Length);
        lengths.Add(value.Length, IsStrong(value));
        _tails.Add(Tail(value));
        _firsts[First(value[0], value[1])] = true;
    }

    /// <summary>Adds where the values stand in a text.</summary>
    public void Find(string text, List<Find> found)
    {
        Tiny(text, found);
        if (_values.Count == 0)
            return;
        for (var at = 0; at + Short <= text.Length; at++)
        {
            if (!_firsts[First(text[at], text[at + 1])])
                continue;
            var rest = text.AsSpan(at);
            var begins = Glyphs.Begins(text, at);
            if (
                (rest.Length >= Long && Longest(text, at, Start(rest[..Long]), begins) is { } find)
                || (begins && Longest(text, at, Start(rest[..Short]), begins) is { } f && (find = f).Length > 0)
            )
            {
                found.Add(find);
                at = find.End - 1;
            }
        }
    }

    // As whole words only.
    private void Tiny(string text, List<Find> found)
    {
        if (_tiny.Count == 0)
            return;
        var tiny = _tiny.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = 0; at < text.Length; at++)
        for (var length = Short - 1; length >= LeastSure && Glyphs.Begins(text, at); length--)
            if (at + length <= text.Length && Glyphs.Ends(text, at + length) && tiny.TryGetValue(text.AsSpan(at, length), out var kind))
                found.Add(new(kind, at, length));
    }

    private Find? Longest(string text, int at, ulong start, bool begins)
    {
        if (!_byStart.TryGetValue(start, out var lengths) || !(begins || lengths.HasStrong))
            return null;
        var values = _values.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var length in lengths)
        {
            if (at + length > text.Length)
                continue;
            var span = text.AsSpan(at, length);
            var stands = begins && Glyphs.Ends(text, at + length);
            if (
                (stands || lengths.HasStrong)
                && _tails.Contains(Tail(span))
                && values.TryGetValue(span, out var value)
                && (stands || IsStrong(span))
            )
                return new(value.Kind, at, length, value.Keep);
        }
        return null;
    }

    // Found within words too.
    private static bool IsStrong(ReadOnlySpan<char> value) =>
        value.Length >= 8
        && value.ContainsAnyInRange('0', '9')
        && (value.ContainsAnyInRange('a', 'z') || value.ContainsAnyInRange('A', 'Z'));

    private static bool IsTelling(string value) =>
        value.Any(char.IsDigit)
            ? !(value.Length == Short && value[..2] is "19" or "20")
            : char.IsUpper(value[0]) && value.Any(char.IsLower);

    private static int First(char a, char b) => ((a * 31) + (b * 1021)) & 0xFFFF;

    private static ulong Start(ReadOnlySpan<char> first)
    {
        var hash = (ulong)first.Length;
        foreach (var c in first)
            hash = (hash * 0x100000001B3) + c;
        return hash;
    }

    private static ulong Tail(ReadOnlySpan<char> value) =>
        ((ulong)value.Length << 32) ^ ((ulong)value[^1] << 16) ^ value[value.Length / 2] ^ ((ulong)value[value.Length * 3 / 4] << 24);

    /// <summary>The lengths of the values that begin alike, the longest first.</summary>
    private sealed class Lengths(int one)
    {
        private List<int>? _more;

        public bool HasStrong { get; private set; }

        public void Add(int length, bool isStrong)
        {
            HasStrong |= isStrong;
            if (length == one)
                return;
            _more ??= [one];
            var at = _more.FindIndex(l => l <= length);
            if (at < 0)
                _more.Add(length);
            else if (_more[at] != length)
                _more.Insert(at, length);
        }

        public List<int>.Enumerator GetEnumerator() => (_more ?? [one]).GetEnumerator();
    }
}
