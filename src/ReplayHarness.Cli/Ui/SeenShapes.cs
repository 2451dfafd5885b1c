using ReplayHarness.Diagnosis.Releases;
using ReplayHarness.Shapes;

namespace ReplayHarness.Cli.Ui;

/// <summary>A failure shape in a source.</summary>
/// <param name="shape">The shape.</param>
/// <param name="example">A trace that shows it.</param>
internal sealed class SeenShape(FailureShape shape, string example)
{
    public FailureShape Shape => shape;

    public string Example => example;

    public int Runs { get; set; }

    /// <summary>The start of the last run, in nanoseconds since 1970.</summary>
    public long LastNanos { get; set; }

    /// <summary>By release, how many runs.</summary>
    public Dictionary<string, int> Releases { get; } = new(StringComparer.Ordinal);
}

/// <summary>What the runs of a source show: each failure shape, and how often in which release.</summary>
internal sealed class SeenShapes
{
    private const int MostReleases = 12;

    private readonly Dictionary<string, SeenShape> _shapes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Runs, long First)> _releases = new(StringComparer.Ordinal);

    /// <summary>Counts runs; only what is shown is kept of them.</summary>
    public static SeenShapes Of(IEnumerable<RunSummary> runs)
    {
        var seen = new SeenShapes();
        foreach (var run in runs)
            seen.Add(run);
        return seen;
    }

    /// <summary>The failure shapes, the most frequent first.</summary>
    public IEnumerable<SeenShape> All =>
        _shapes.Values.OrderByDescending(s => s.Runs).ThenBy(s => s.Shape.Fingerprint, StringComparer.Ordinal);

    /// <summary>The shape of a fingerprint; null where no run shows it.</summary>
    public SeenShape? Find(string fingerprint) => _shapes.GetValueOrDefault(fingerprint);

    /// <summary>The newest releases in order of their first runs, each with how many runs show a shape, of how many.</summary>
    public IReadOnlyList<UiRelease> Trend(SeenShape? shape) =>
        [
            .. _releases
                .OrderBy(r => r.Value.First)
                .ThenBy(r => r.Key, StringComparer.Ordinal)
                .TakeLast(MostReleases)
                .Select(r => new UiRelease(r.Key, shape?.Releases.GetValueOrDefault(r.Key) ?? 0, r.Value.Runs)),
        ];

    private void Add(RunSummary run)
    {
        if (run.Context.Release is { } release)
        {
            var (runs, first) = _releases.GetValueOrDefault(release, (0, long.MaxValue));
            _releases[release] = (runs + 1, Math.Min(first, run.StartNanos));
        }
        if (run.Shape.IsHealthy)
            return;
        if (!_shapes.TryGetValue(run.Shape.Fingerprint, out var shape))
            _shapes.Add(run.Shape.Fingerprint, shape = new(run.Shape, run.TraceId));
        shape.Runs++;
        shape.LastNanos = Math.Max(shape.LastNanos, run.StartNanos);
        if (run.Context.Release is { } of)
            shape.Releases[of] = shape.Releases.GetValueOrDefault(of) + 1;
    }
}
