namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Finds what stands behind a label, in prose, code, JSON, YAML, XML, headers, tables and arguments of commands.</summary>
internal sealed class LabelFinder
{
    private const int LongValue = 256,
        MostUnspaced = 10,
        MostNeutral = 2,
        MostOften = 4;

    // Words at the end of a label that say nothing of the value.
    private static readonly HashSet<string> s_neutral = new(StringComparer.OrdinalIgnoreCase)
    {
        "value",
        "string",
        "text",
        "raw",
        "plain",
        "prod",
        "production",
        "dev",
        "test",
        "staging",
        "live",
        "old",
        "new",
        "current",
        "default",
        "primary",
        "secondary",
        "base",
        "encoded",
        "header",
        "env",
        "var",
        "variable",
        "b",
        "confirmation",
        "confirm",
        "again",
        "field",
        "number",
        "no",
        "nr",
        "num",
        "code",
        "nummer",
        "número",
        "numéro",
        "numero",
    };

    private readonly Node _root = new();
    private readonly (string End, Rule Rule)[] _ends;

    public LabelFinder(IEnumerable<Rule> rules)
    {
        Rule[] all = [.. rules.Where(r => r.Labels.Count > 0)];
        foreach (var rule in all)
        {
            foreach (var label in rule.Labels)
                NodeOf(label).Rules.Add(rule);
            foreach (var label in rule.Not)
                NodeOf(label).IsNone = true;
        }
        _ends = [.. all.SelectMany(r => r.Ends.Select(e => (e, r)))];
    }

    /// <summary>The rule of a name of an attribute, by its last words; null where it says nothing.</summary>
    /// <param name="name">The name.</param>
    /// <param name="ofMany">Whether the name may say that there are several: passwords.</param>
    public IEnumerable<Rule> RulesOf(string name, bool ofMany = false)
    {
        var words = Words.Of(name);
        for (var i = 0; i < words.Count; i++)
        {
            var (rules, next, none, many) = Longest(name, words, i);
            if (none)
                i = next - 1;
            else if (rules is not null && (ofMany || !many) && EndOf(name, words, ref next) == words[^1].End && next == words.Count)
                return rules.Where(r =>
                    (r.Within.Count == 0 || (i > 0 && r.Within.Contains(name[words[i - 1].Start..words[i - 1].End])))
                    && (i == 0 || !r.Outside.Contains(name[words[i - 1].Start..words[i - 1].End]))
                );
        }
        return [];
    }

    /// <summary>Adds the values of a text.</summary>
    public void Find(string text, List<Find> found)
    {
        var words = Words.Of(text);
        var (read, budget) = (0, (long)MostOften * text.Length);
        for (var i = 0; i < words.Count; i++)
        {
            // What was read as one long value is not read again from each label in it.
            if (read - words[i].Start > LongValue)
            {
                while (i + 1 < words.Count && words[i + 1].Start < read)
                    i++;
                continue;
            }
            var (rules, next, none, many) = Longest(text, words, i);
            if (none)
                i = next - 1;
            if (none || rules is null)
                continue;
            var start = words[i].Start;
            var last = next;
            var end =
                Unspaced(text, words[i]) is { End: var unspaced } && next == i + 1 && unspaced > 0
                    ? unspaced
                    : EndOf(text, words, ref last);
            var label = words[next - 1].End;
            if (
                Value(text, start, end, rules, many, found, ref read, ref budget)
                || (end != label && Value(text, start, label, rules, many, found, ref read, ref budget))
            )
                i = next - 1;
        }
    }

    private static bool Value(string text, int start, int end, List<Rule> rules, bool many, List<Find> found, ref int read, ref long budget)
    {
        if (Gap.After(text, start, end) is not { } gap)
            return false;
        foreach (var rule in rules)
        {
            if (
                (rule.Within.Count > 0 && !Parent.Is(text, start, rule.Within))
                || (rule.Outside.Count > 0 && Parent.Is(text, start, rule.Outside))
            )
                continue;
            if (LabelledValues.Many(text, start, gap, rule, found, ref budget))
                return true;
            if (!many && LabelledValues.Read(text, gap, rule, ref read) is { } find)
            {
                found.Add(find);
                return true;
            }
        }
        return false;
    }

    // The longest label that begins with a word.
    private (List<Rule>? Rules, int Next, bool None, bool Many) Longest(string text, List<Word> words, int i)
    {
        (List<Rule>? Rules, int Next, bool None, bool Many) longest = (null, i + 1, false, false);
        var node = _root;
        for (var j = i; j < words.Count; j++)
        {
            if (j > i && !IsJoined(text, words[j - 1].End, words[j].Start))
                break;
            var word = text.AsSpan(words[j].Start, words[j].End - words[j].Start);
            var many = false;
            if (!node.TryNext(word, out var after))
            {
                many = word.Length > 3 && word[^1] is 's' or 'S';
                if (!many || !node.TryNext(word[..^1], out after))
                    break;
            }
            node = after;
            if (node.IsNone || node.Rules.Count > 0)
                longest = (node.Rules, j + 1, node.IsNone, many);
            if (many)
                break;
        }
        return longest.Rules is null ? (ByEnd(text, words[i]), i + 1, false, false) : longest;
    }

    private List<Rule>? ByEnd(string text, Word word)
    {
        if (Unspaced(text, word) is { Rules: { } unspaced })
            return unspaced;
        var span = text.AsSpan(word.Start, word.End - word.Start);
        if (span.Length < 4)
            return null;
        foreach (var (end, rule) in _ends)
            if (span.Length > end.Length && span.EndsWith(end, StringComparison.OrdinalIgnoreCase))
                return [rule];
        return null;
    }

    // Where no spaces stand between words, a label is the end of a run of characters, before what says "is".
    private (List<Rule>? Rules, int End) Unspaced(string text, Word word)
    {
        if (!Glyphs.IsUnspaced(text[word.Start]))
            return default;
        var end = word.End;
        if (end - word.Start > 1 && text[end - 1] is '是' or '为' or '為' or 'は')
            end--;
        for (var length = Math.Min(MostUnspaced, end - word.Start); length > 0; length--)
            if (_root.TryNext(text.AsSpan(end - length, length), out var node) && node.Rules.Count > 0)
                return (node.Rules, end);
        return default;
    }

    private static int EndOf(string text, List<Word> words, ref int next)
    {
        for (var count = 0; count < MostNeutral && next < words.Count; count++, next++)
        {
            var (from, to) = (words[next - 1].End, words[next].Start);
            var word = text[words[next].Start..words[next].End];
            if (
                to - from > 1
                || (to > from && text[from] is not ('_' or '-' or '.' or ' '))
                || !(
                    s_neutral.Contains(word)
                    || (word.Length <= 2 && char.IsDigit(word[0]) && to - from <= 1 && (to == from || text[from] is '_' or '-'))
                )
            )
                break;
        }
        return words[next - 1].End;
    }

    private static bool IsJoined(string text, int from, int to) =>
        to == from || (to - from == 1 && text[from] is '_' or '-' or '.' or ' ' or '\'' or '’' or '/' or '\t');

    private Node NodeOf(string label)
    {
        var node = _root;
        foreach (var word in Words.OfLabel(label))
            node = node.Next(word);
        return node;
    }

    private sealed class Node
    {
        private readonly Dictionary<string, Node> _next = new(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, Node>.AlternateLookup<ReadOnlySpan<char>> _spans;

        public Node() => _spans = _next.GetAlternateLookup<ReadOnlySpan<char>>();

        public List<Rule> Rules { get; } = [];

        public bool IsNone { get; set; }

        public Node Next(string word) => _next.TryGetValue(word, out var next) ? next : _next[word] = new();

        public bool TryNext(ReadOnlySpan<char> word, out Node next)
        {
            if (_spans.TryGetValue(word, out var node))
            {
                next = node;
                return true;
            }
            next = this;
            return false;
        }
    }
}
