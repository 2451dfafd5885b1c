namespace ReplayHarness.Cli.Diagnoses;

/// <summary>How many values lie up to each bound.</summary>
internal static class Histogram
{
    /// <summary>
    /// A quantile as Prometheus computes it: within the bucket in which it lies, values are taken to lie evenly. Null where there are none.
    /// </summary>
    /// <param name="quantile">From 0 to 1.</param>
    /// <param name="buckets">Upper bounds and how many values lie in each; several series together.</param>
    public static double? Quantile(double quantile, IEnumerable<KeyValuePair<double, double>> buckets)
    {
        var ordered = buckets.GroupBy(b => b.Key).Select(g => (Bound: g.Key, Count: g.Sum(b => b.Value))).OrderBy(b => b.Bound).ToArray();
        var wanted = quantile * ordered.Sum(b => b.Count);
        if (wanted <= 0)
            return null;
        var (below, from) = (0.0, 0.0);
        foreach (var (bound, count) in ordered)
        {
            if (below + count >= wanted)
                return double.IsPositiveInfinity(bound) ? from : from + ((bound - from) * (wanted - below) / count);
            (below, from) = (below + count, bound);
        }
        return from;
    }
}
