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
    /// only touch the one that begins first. What stays, stays whole, unless another holds it: what touches it ends or begins there.
    /// </summary>
    /// <param name="found">What was found.</param>
    /// <param name="stays">Whether a kind is left as it is; it is not told.</param>
    public static List<Find> Apart(List<Find> found, Func<string, bool> stays)
    {
        if (found.Count == 0)
            return found;
        Find[] ordered =
        [
            .. found.Index().OrderBy(f => f.Item.Start).ThenByDescending(f => f.Item.Length).ThenBy(f => f.Index).Select(f => f.Item),
        ];
        var apart = new List<Find>(ordered.Length);
        foreach (var find in ordered)
        {
            if (apart.Count == 0 || find.Start >= apart[^1].End)
                apart.Add(find);
            else if (find.End > apart[^1].End)
            {
                var last = apart[^1];
                if (stays(find.Kind) && !stays(last.Kind))
                {
                    apart[^1] = last with { Length = find.Start - last.Start };
                    apart.Add(find);
                }
                // Of an address whose user is a part of something else, the host says nothing.
                else if (find.Kind != "email")
                    apart.Add(new(find.Kind, last.End, find.End - last.End));
            }
        }
        apart.RemoveAll(f => stays(f.Kind));
        return apart;
    }
}
