namespace ReplayHarness.Fixtures.Redacting;

/// <summary>What stands for each value: equal values the same, others another.</summary>
/// <param name="invented">What was invented before.</param>
internal sealed class Replacements(HashSet<string> invented)
{
    private const int MostTries = 16;

    private readonly Dictionary<string, string> _replacements = new(StringComparer.Ordinal);
    private readonly Invention _invention = new();

    /// <summary>What stands for a value; null for what was invented itself.</summary>
    public string? Of(string kind, string value, int keep)
    {
        if (invented.Contains(value) || (kind == "private-key" && value == Invention.PrivateKey))
            return null;
        if (!_replacements.TryGetValue(value, out var replacement))
            _replacements[value] = replacement = Invented(kind, value, keep);
        return replacement;
    }

    // A form may have fewer values than there are to replace, or none but the value itself. After a few tries the value is one of a
    // series without end, which goes on where it stopped: each step is another value, so the search ends.
    private string Invented(string kind, string value, int keep)
    {
        if (kind == "private-key")
            return Invention.PrivateKey;
        var number = _replacements.Count;
        for (var i = 0; i < MostTries; i++, number += _replacements.Count + 1)
            if (IsNew(_invention.Of(kind, value, number, keep), value) is { } found)
                return found;
        while (true)
            if (IsNew(_invention.Next(kind), value) is { } next)
                return next;
    }

    private string? IsNew(string text, string value) => text != value && invented.Add(text) ? text : null;
}
