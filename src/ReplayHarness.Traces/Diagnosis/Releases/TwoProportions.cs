namespace ReplayHarness.Diagnosis.Releases;

/// <summary>
/// Are two proportions different, or is the difference of the size that chance gives? Fisher's exact test, two-sided: the probability, with
/// margins as they are, of all tables that are no more probable than the one observed (R. A. Fisher, Statistical Methods for Research
/// Workers, 1934, section 21.02). It holds for few runs, where an approximation by the normal distribution does not.
/// </summary>
internal static class TwoProportions
{
    // Tables as probable as the observed one count as well; rounding must not decide it. The value is that of R's fisher.test.
    private const double RelativeError = 1 + 1e-7;

    /// <summary>The p-value of the hypothesis that both proportions are equal.</summary>
    /// <param name="hits">Runs of the first group that show it.</param>
    /// <param name="total">Runs of the first group.</param>
    /// <param name="otherHits">Runs of the second group that show it.</param>
    /// <param name="otherTotal">Runs of the second group.</param>
    public static double PValue(int hits, int total, int otherHits, int otherTotal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, total);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(otherHits, otherTotal);
        var all = hits + otherHits;
        var logs = LogFactorials(total + otherTotal);
        double Log(int x) => LogChoose(logs, total, x) + LogChoose(logs, otherTotal, all - x) - LogChoose(logs, total + otherTotal, all);
        var observed = Math.Exp(Log(hits)) * RelativeError;
        double p = 0;
        for (var x = Math.Max(0, all - otherTotal); x <= Math.Min(all, total); x++)
            if (Math.Exp(Log(x)) is var probability && probability <= observed)
                p += probability;
        return Math.Min(1, p);
    }

    private static double LogChoose(double[] logs, int n, int k) => logs[n] - logs[k] - logs[n - k];

    private static double[] LogFactorials(int most)
    {
        var logs = new double[most + 1];
        for (var i = 2; i <= most; i++)
            logs[i] = logs[i - 1] + Math.Log(i);
        return logs;
    }
}
