namespace ReplayHarness.Fixtures.Redacting;

/// <summary>A word of a text.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">The place after it.</param>
internal readonly record struct Word(int Start, int End);

/// <summary>
/// The words of a text, of an identifier too: <c>customerName</c>, <c>customer_name</c> and <c>customer-name</c> are two words each.
/// </summary>
internal static class Words
{
    private enum Sort
    {
        None,
        Digit,
        Lower,
        Upper,
        Unspaced,
    }

    /// <summary>The words, in order.</summary>
    public static List<Word> Of(string text)
    {
        var words = new List<Word>((text.Length / 6) + 1);
        for (var at = 0; at < text.Length; )
        {
            var sort = SortOf(text, at);
            if (sort == Sort.None)
            {
                at++;
                continue;
            }
            var end = EndOf(text, at, sort);
            words.Add(new(at, end));
            at = end;
        }
        return words;
    }

    /// <summary>The words of a label, as they are compared.</summary>
    public static string[] OfLabel(string label) => [.. Of(label).Select(w => label[w.Start..w.End])];

    private static int EndOf(string text, int at, Sort sort)
    {
        var end = at + 1;
        var last = sort;
        for (; end < text.Length; end++)
        {
            var next = SortOf(text, end);
            if (next == Sort.None || (next is Sort.Digit or Sort.Unspaced) != (last is Sort.Digit or Sort.Unspaced))
                break;
            if (last is Sort.Digit or Sort.Unspaced)
            {
                if (next != last)
                    break;
                continue;
            }
            if (last == Sort.Lower && next == Sort.Upper)
                break;
            // The last of several capitals begins the next word: APIKey.
            if (
                last == Sort.Upper
                && next == Sort.Upper
                && end + 1 < text.Length
                && SortOf(text, end + 1) == Sort.Lower
                && IsCased(text, end + 1)
            )
                break;
            last = next;
        }
        return end;
    }

    private static bool IsCased(string text, int at) => char.IsLower(text[at]);

    private static Sort SortOf(string text, int at)
    {
        var c = text[at];
        return !Glyphs.IsWord(c) || Glyphs.IsEscape(text, at) ? (c == 'ー' ? Sort.Unspaced : Sort.None)
            : Glyphs.IsUnspaced(c) ? Sort.Unspaced
            : char.IsDigit(c) ? Sort.Digit
            : char.IsUpper(c) ? Sort.Upper
            : Sort.Lower;
    }
}
