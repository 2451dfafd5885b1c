namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Finds what has its form by itself, wherever a word begins: numbers with check digits, above all.</summary>
internal sealed class FormFinder
{
    private readonly Rule[][] _byFirst;

    public FormFinder(IEnumerable<Rule> rules)
    {
        Rule[] all = [.. rules.Where(r => r.Prefixes.Count + r.Labels.Count == 0)];
        _byFirst = [.. Enumerable.Range(0, 128).Select(c => Array.FindAll(all, r => r.Shape!.MayBegin((char)c)))];
    }

    /// <summary>Adds the values of a text.</summary>
    public void Find(string text, List<Find> found)
    {
        for (var at = 0; at < text.Length; at++)
            if (text[at] < 128 && _byFirst[text[at]] is { Length: > 0 } rules && Glyphs.Begins(text, at) && At(text, at, rules) is { } find)
            {
                found.Add(find);
                at = find.End - 1;
            }
    }

    private static Find? At(string text, int at, Rule[] rules)
    {
        foreach (var rule in rules)
            if (
                rule.Shape!.LengthAt(text.AsSpan(at)) is > 0 and var length
                && StandsAlone(text, at, length, rule.Kind)
                && rule.Check?.Invoke(text.Substring(at, length)) != false
            )
                return new(rule.Kind, at, length);
        return null;
    }

    // A part of a longer number is none, nor is what a word before it says to be something else.
    private static bool StandsAlone(string text, int at, int length, string kind)
    {
        if (IsPart(text, at, -1, kind) || IsPart(text, at + length - 1, 1, kind))
            return false;
        return kind != "national-id" || !Context.Before(text, at).Any(Context.IsThing);
    }

    private static bool IsPart(string text, int at, int step, string kind)
    {
        if (at + (2 * step) is var beyond && (beyond < 0 || beyond >= text.Length))
            return false;
        var sign = text[at + step];
        return char.IsAsciiDigit(text[beyond]) && (sign == '.' || (sign is '-' or '/' or ':' && kind is not ("card-number" or "iban")));
    }
}
