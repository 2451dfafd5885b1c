namespace ReplayHarness.Fixtures.Redacting;

/// <summary>A value in a text that is a secret or personal data.</summary>
/// <param name="Kind">What it is, in kebab-case.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">Its length.</param>
/// <param name="Keep">How many of its first characters say whose it is, and stay.</param>
internal readonly record struct Find(string Kind, int Start, int Length, int Keep = 0)
{
    /// <summary>The place after its last character.</summary>
    public int End => Start + Length;
}

/// <summary>What was found in a text: of two that overlap only one counts.</summary>
internal static class Finds
{
    /// <summary>
    /// Ordered by place, none within another: the one that holds another counts, of equal ones the first that was found, and of two that
    /// only touch the one that begins first.
    /// </summary>
    public static List<Find> Apart(List<Find> found)
    {
        if (found.Count < 2)
            return found;
        Find[] ordered =
        [
            .. found.Index().OrderBy(f => f.Item.Start).ThenByDescending(f => f.Item.Length).ThenBy(f => f.Index).Select(f => f.Item),
        ];
        var apart = new List<Find>(ordered.Length);
        foreach (var find in ordered)
            if (apart.Count == 0 || find.Start >= apart[^1].End)
                apart.Add(find);
            else if (find.End > apart[^1].End)
                apart.Add(new(find.Kind, apart[^1].End, find.End - apart[^1].End));
        return apart;
    }
}
