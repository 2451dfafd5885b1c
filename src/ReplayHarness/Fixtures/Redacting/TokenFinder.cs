using System.Buffers;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Finds tokens by what stands in each of them: one search for all prefixes, then the form of each that was met.</summary>
internal sealed class TokenFinder
{
    // Within one unbroken run of characters as many beginnings that lead to nothing are followed; a run that is made of prefixes would
    // otherwise cost its length again and again.
    private const int MostInARun = 64,
        LongRun = 4096;

    private static readonly SearchValues<char> s_run = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~+/=%|$:@"
    );

    private readonly SearchValues<string> _prefixes;
    private readonly Dictionary<char, (string Prefix, Rule Rule)[]> _byFirst;

    public TokenFinder(IEnumerable<Rule> rules)
    {
        (string Prefix, Rule Rule)[] all = [.. rules.SelectMany(r => r.Prefixes.Select(p => (p, r)))];
        _prefixes = SearchValues.Create([.. all.Select(a => a.Prefix).Distinct()], StringComparison.Ordinal);
        _byFirst = all.GroupBy(a => a.Prefix[0]).ToDictionary(g => g.Key, g => g.OrderByDescending(a => a.Prefix.Length).ToArray());
    }

    /// <summary>Adds the tokens of a text.</summary>
    public void Find(string text, List<Find> found)
    {
        if (_byFirst.Count == 0)
            return;
        var (runEnd, failed) = (0, 0);
        for (var at = 0; at < text.Length; at++)
        {
            var next = text.AsSpan(at).IndexOfAny(_prefixes);
            if (next < 0)
                return;
            at += next;
            if (At(text, at) is { } find)
            {
                found.Add(find);
                at = Math.Max(at, find.End - 1);
                continue;
            }
            if (at >= runEnd)
            {
                var length = text.AsSpan(at).IndexOfAnyExcept(s_run);
                (runEnd, failed) = (length < 0 ? text.Length : at + length, 0);
            }
            else if (++failed > MostInARun && runEnd - at > LongRun)
                at = runEnd;
        }
    }

    private Find? At(string text, int at)
    {
        var span = text.AsSpan();
        foreach (var (prefix, rule) in _byFirst[text[at]])
        {
            if (!span[at..].StartsWith(prefix, StringComparison.Ordinal))
                continue;
            var lead = rule.Lead?.LengthBefore(span[..at]) ?? 0;
            if (lead < 0 || (char.IsAsciiLetterOrDigit(text[at - lead]) && !Glyphs.Begins(span, at - lead)))
                continue;
            // Within words with dashes a prefix of two letters is a word.
            if (at > 1 && lead == 0 && prefix.Length <= 3 && text[at - 1] == '-' && char.IsAsciiLetterOrDigit(text[at - 2]))
                continue;
            var rest = rule.Shape!.LengthAt(span[(at + prefix.Length)..]);
            if (rest < 0 || rule.Check?.Invoke(text.Substring(at + prefix.Length, rest)) == false)
                continue;
            // What is no part of the value itself, such as the host of a webhook, stays where it is.
            var isPlace = prefix[^1] is '/' or '=';
            return isPlace
                ? new Find(rule.Kind, at + prefix.Length, rest)
                : new Find(rule.Kind, at - lead, lead + prefix.Length + rest, lead == 0 ? prefix.Length : 0);
        }
        return null;
    }
}
