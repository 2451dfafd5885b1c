using ReplayHarness.Shapes;

namespace ReplayHarness.Diagnosis.Releases;

/// <summary>What became of a failure shape from one release to the next.</summary>
internal enum ShapeChange
{
    /// <summary>The difference is of the size that chance gives.</summary>
    Same,

    /// <summary>Seen in the newer release only, and not by chance.</summary>
    New,

    /// <summary>Seen in the newer release only, so seldom that it may be a one-off.</summary>
    OneOff,

    /// <summary>Seen in the baseline only, and not by chance.</summary>
    Gone,

    /// <summary>Seen in the baseline only, so seldom that its absence says nothing.</summary>
    NotSeen,

    /// <summary>More frequent, and not by chance.</summary>
    MoreFrequent,

    /// <summary>Less frequent, and not by chance.</summary>
    LessFrequent,
}

/// <summary>One failure shape in two releases.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Runs">Runs of the release that show it.</param>
/// <param name="BaselineRuns">Runs of the baseline that show it.</param>
/// <param name="PValue">Of the difference, corrected for the number of shapes compared (Bonferroni).</param>
/// <param name="Change">What that comes to.</param>
/// <param name="Example">A trace that shows it.</param>
internal sealed record ShapeInReleases(FailureShape Shape, int Runs, int BaselineRuns, double PValue, ShapeChange Change, string Example);

/// <summary>The failure shapes of a release against those of the release before it.</summary>
/// <param name="Release">The release.</param>
/// <param name="Runs">Its runs.</param>
/// <param name="Failed">Those that ended with an error.</param>
/// <param name="Baseline">The release it is compared with, or null where there is none.</param>
/// <param name="BaselineRuns">The baseline's runs.</param>
/// <param name="BaselineFailed">Those of them that ended with an error.</param>
/// <param name="Shapes">Every failure shape of either, what changed most surely first.</param>
internal sealed record ReleaseComparison(
    string Release,
    int Runs,
    int Failed,
    string? Baseline,
    int BaselineRuns,
    int BaselineFailed,
    IReadOnlyList<ShapeInReleases> Shapes
)
{
    /// <summary>Below this a difference is no chance.</summary>
    private const double Significant = 0.05;

    /// <summary>Compares a release with a baseline.</summary>
    /// <param name="fleet">All runs.</param>
    /// <param name="release">The release, or null for the newest.</param>
    /// <param name="baseline">The baseline, or null for the release first seen before it.</param>
    /// <returns>Null where no run has a release.</returns>
    public static ReleaseComparison? Of(IReadOnlyList<RunSummary> fleet, string? release = null, string? baseline = null)
    {
        var order = InOrder(fleet);
        if (order.Length == 0)
            return null;
        release ??= order[^1];
        var at = Array.IndexOf(order, release);
        baseline ??= at > 0 ? order[at - 1] : null;
        RunSummary[] now = [.. fleet.Where(r => r.Context.Release == release)],
            before = [.. fleet.Where(r => baseline is not null && r.Context.Release == baseline)];
        var shapes = now.Concat(before).Where(r => !r.Shape.IsHealthy).GroupBy(r => r.Shape.Fingerprint, StringComparer.Ordinal).ToArray();
        return new(
            release,
            now.Length,
            now.Count(r => r.Failed),
            baseline,
            before.Length,
            before.Count(r => r.Failed),
            [
                .. shapes
                    .Select(g => Compare(g, release, now.Length, before.Length, shapes.Length))
                    .OrderBy(s => s.PValue)
                    .ThenByDescending(s => s.Runs)
                    .ThenBy(s => s.Shape.Fingerprint, StringComparer.Ordinal),
            ]
        );
    }

    /// <summary>The releases by when each was first seen: versions are not numbers everywhere.</summary>
    public static string[] InOrder(IEnumerable<RunSummary> fleet) =>
        [
            .. fleet
                .Where(r => r.Context.Release is not null)
                .GroupBy(r => r.Context.Release!, StringComparer.Ordinal)
                .OrderBy(g => g.Min(r => r.StartNanos))
                .ThenBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => g.Key),
        ];

    private static ShapeInReleases Compare(IGrouping<string, RunSummary> shape, string release, int now, int before, int compared)
    {
        var hits = shape.Count(r => r.Context.Release == release);
        var earlier = shape.Count() - hits;
        var p = now == 0 || before == 0 ? 1 : Math.Min(1, compared * TwoProportions.PValue(hits, now, earlier, before));
        var first = shape.OrderBy(r => r.StartNanos).First();
        return new(first.Shape, hits, earlier, p, ChangeOf(hits, now, earlier, before, p < Significant), first.TraceId);
    }

    private static ShapeChange ChangeOf(int hits, int now, int earlier, int before, bool surely) =>
        (hits, earlier, surely) switch
        {
            (> 0, 0, true) => ShapeChange.New,
            (> 0, 0, false) => ShapeChange.OneOff,
            (0, > 0, true) => ShapeChange.Gone,
            (0, > 0, false) => ShapeChange.NotSeen,
            (_, _, true) => (double)hits / now > (double)earlier / before ? ShapeChange.MoreFrequent : ShapeChange.LessFrequent,
            _ => ShapeChange.Same,
        };
}
