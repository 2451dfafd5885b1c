namespace ReplayHarness.Fixtures.Redacting;

/// <summary>A text that came in pieces: a value may lie over their ends.</summary>
internal static class Pieces
{
    /// <summary>The pieces with what lies over an end of one replaced; what lies within one piece stays for whoever redacts it.</summary>
    /// <param name="pieces">The pieces, in order.</param>
    /// <param name="find">Finds values.</param>
    /// <param name="replacement">What stands for a value; null for itself.</param>
    public static string[] Redacted(IReadOnlyList<string> pieces, Func<string, List<Find>> find, Func<Find, string, string?> replacement)
    {
        var whole = string.Concat(pieces);
        string[] clean = [.. pieces];
        var ends = new int[pieces.Count];
        for (var (i, at) = (0, 0); i < ends.Length; i++)
            ends[i] = at += pieces[i].Length;
        foreach (var found in Enumerable.Reverse(find(whole)))
        {
            var first = Array.FindIndex(ends, e => e > found.Start);
            var last = Array.FindIndex(ends, e => e >= found.End);
            if (first == last || replacement(found, whole.Substring(found.Start, found.Length)) is not { } text)
                continue;
            var at = 0;
            for (var i = first; i <= last; i++)
            {
                var begin = i == 0 ? 0 : ends[i - 1];
                var (from, to) = (Math.Max(found.Start, begin) - begin, Math.Min(found.End, ends[i]) - begin);
                var take = i == last ? text.Length - at : Math.Min(to - from, text.Length - at);
                clean[i] = string.Concat(clean[i].AsSpan(0, from), text.AsSpan(at, take), clean[i].AsSpan(to));
                at += take;
            }
        }
        return clean;
    }
}
