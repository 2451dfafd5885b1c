namespace ReplayHarness.Running;

/// <summary>
/// Finds a smallest part of a list that still shows a failure: of what is left, no single item can go (ddmin; Zeller and Hildebrandt,
/// 2002).
/// </summary>
internal static class DeltaDebugging
{
    /// <param name="items">All items; together they show the failure.</param>
    /// <param name="fails">Whether a part, in the same order, still does.</param>
    public static async Task<IReadOnlyList<T>> MinimizeAsync<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, Task<bool>> fails)
    {
        if (items.Count == 0 || await fails([]))
            return [];
        var parts = 2;
        while (items.Count > 1)
        {
            var size = (items.Count + parts - 1) / parts;
            var smaller = await SmallerAsync(items, size, fails);
            if (smaller is not null)
            {
                (items, parts) = (smaller, Math.Max(2, Math.Min(parts - 1, smaller.Count)));
                continue;
            }
            if (size == 1)
                break;
            parts = Math.Min(items.Count, parts * 2);
        }
        return items;
    }

    // All but one part.
    private static async Task<IReadOnlyList<T>?> SmallerAsync<T>(IReadOnlyList<T> items, int size, Func<IReadOnlyList<T>, Task<bool>> fails)
    {
        for (var start = 0; start < items.Count; start += size)
        {
            T[] rest = [.. items.Take(start), .. items.Skip(start + size)];
            if (await fails(rest))
                return rest;
        }
        return null;
    }
}
