using System.Globalization;

namespace ReplayHarness.Host;

/// <summary>Names that there are, for who gave one that is not among them: a screen of them helps nobody.</summary>
internal static class NearNames
{
    private const int Most = 5;

    /// <summary>All names where they are few; else the nearest, and how many there are.</summary>
    /// <param name="names">The names that there are, each perhaps with a namespace.</param>
    /// <param name="given">What was given instead; null where nothing was.</param>
    public static string Of(IReadOnlyList<string> names, string? given)
    {
        if (names.Count <= Most)
            return string.Join(", ", names);
        IEnumerable<string> nearest = given is null ? names : names.OrderBy(n => Distance(n, given));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{names.Count}, {(given is null ? "among them" : "the nearest")} {string.Join(", ", nearest.Take(Most))}"
        );
    }

    // A name is given with its namespace, without it, in part, or in another way of writing words together.
    private static int Distance(string name, string given)
    {
        var wanted = Plain(given);
        if (Plain(name).Contains(wanted, StringComparison.Ordinal))
            return 0;
        return Math.Min(Edits(Plain(name), wanted), Edits(Plain(name[(name.LastIndexOf('.') + 1)..]), wanted));
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (var i = 1; i <= from.Length; i++)
        {
            var (diagonal, left) = (row[0], row[0] = i);
            for (var j = 1; j <= to.Length; j++)
            {
                left = Math.Min(Math.Min(left, row[j]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }
        return row[^1];
    }
}
