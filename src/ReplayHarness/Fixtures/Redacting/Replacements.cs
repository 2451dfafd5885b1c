namespace ReplayHarness.Fixtures.Redacting;

/// <summary>
/// What stands for each value: equal values the same, however they are written, others another. First every value of a capture is
/// learned, then the first is replaced: so what is invented is never a value that somebody has.
/// </summary>
/// <param name="given">What was invented before, and is left as it is.</param>
internal sealed class Replacements(IReadOnlySet<string> given)
{
    private const int MostTries = 16,
        FewTries = 2;

    // What is learned, as it is written and by its key.
    private readonly HashSet<string> _real = new(StringComparer.Ordinal);

    // How many keys were learned before each.
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    // By key, in the plain spelling.
    private readonly Dictionary<string, string> _inventions = new(StringComparer.Ordinal);

    // The keys of what was invented.
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    // As they are written: what stands for each value, and for which key each of those stands.
    private readonly Dictionary<string, string> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Kind, int Length), int> _usedUp = [];
    private readonly Invention _invention = new();

    /// <summary>Takes note of a value that somebody has; false where it was noted before, and where it was invented.</summary>
    public bool Learn(string kind, string value)
    {
        if (given.Contains(value) || IsMasked(kind, value) || !_real.Add(value))
            return false;
        foreach (var (of, part) in Spelling.Parts(kind, value))
        {
            var key = Spelling.KeyOf(of, part);
            _real.Add(key);
            _numbers.TryAdd(key, _numbers.Count);
        }
        return true;
    }

    /// <summary>Whether a value was invented, and is none that somebody has.</summary>
    public bool IsInvented(string value) => given.Contains(value) || (_sources.ContainsKey(value) && !_real.Contains(value));

    /// <summary>What stands for a value; null for what was invented itself.</summary>
    public string? Of(string kind, string value, int keep)
    {
        if (_written.TryGetValue(value, out var replacement))
            return replacement;
        if (IsInvented(value) || IsMasked(kind, value))
            return null;
        var whole = Spelling.KeyOf(kind, value);
        replacement = string.Concat(Spelling.Parts(kind, value, between: true).Select(p => p.Kind.Length == 0 ? p.Text : Part(p, keep)));
        // A spelling may be what another value has, or what stands for one: then this spelling has an invention of its own.
        if (!IsFree(replacement, whole, value))
            replacement = Invented("", value, keep, _sources.Count, c => IsFree(c, whole, value));
        _sources[replacement] = whole;
        return _written[value] = replacement;
    }

    /// <summary>What stands for a user and a password that are written as one, as Basic authorization writes them.</summary>
    /// <param name="value">Both, encoded.</param>
    /// <param name="pair">The two, and what kind the user is of; null for one that says nothing.</param>
    public string? OfPair(string value, (string User, string? Kind, string Password) pair)
    {
        if (_written.TryGetValue(value, out var replacement))
            return replacement;
        if (IsInvented(value))
            return null;
        var user = pair.Kind is null ? pair.User : Of(pair.Kind, pair.User, 0) ?? pair.User;
        replacement = Encodings.ToBase64($"{user}:{Of("password", pair.Password, 0) ?? pair.Password}", value);
        if (replacement == value)
            return null;
        _sources[replacement] = value;
        return _written[value] = replacement;
    }

    private static bool IsMasked(string kind, string value) => kind == "private-key" && value == Invention.PrivateKey;

    private bool IsFree(string text, string key, string value) =>
        text != value && !_real.Contains(text) && !given.Contains(text) && (!_sources.TryGetValue(text, out var other) || other == key);

    private string Part((string Kind, string Text) part, int keep)
    {
        if (part.Kind == "private-key")
            return Invention.PrivateKey;
        var key = Spelling.KeyOf(part.Kind, part.Text);
        if (!_inventions.TryGetValue(key, out var invention))
        {
            if (!_numbers.TryGetValue(key, out var number))
                _numbers[key] = number = _numbers.Count;
            var plain = Spelling.Plain(part.Kind, part.Text);
            _inventions[key] = invention = Invented(part.Kind, plain, keep, number, c => IsNew(part.Kind, c, key));
        }
        return Spelling.As(part.Kind, invention, part.Text);
    }

    private bool IsNew(string kind, string text, string key)
    {
        var own = Spelling.KeyOf(kind, text);
        return own != key && !_real.Contains(own) && !_real.Contains(text) && !given.Contains(text) && _taken.Add(own);
    }

    // A form may have fewer values than there are to replace, or none but the value itself. After a few tries the value is a longer one,
    // where it is made of digits, or one of a series without end: each step is another value, so the search ends. Where a form had none
    // left, little is tried again, so that a million of values cost no more than each some.
    private string Invented(string kind, string value, int keep, int number, Func<string, bool> isNew)
    {
        var from = _usedUp.GetValueOrDefault((kind, value.Length), -1);
        for (var i = 0; i < (from < 0 ? MostTries : FewTries); i++, number += _numbers.Count + 1)
            if (_invention.Of(kind, value, number, keep) is var found && isNew(found))
                return found;
        for (var i = Math.Max(from, 0); ; i++)
            if (_invention.Next(kind, value, number, i) is var next && isNew(next))
            {
                _usedUp[(kind, value.Length)] = Math.Max(0, i - 1);
                return next;
            }
    }
}
