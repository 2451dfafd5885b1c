using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>The metrics of a run's segments, computed from a file of OTLP metrics such as <c>listen</c> keeps.</summary>
internal sealed class OtlpMetrics : KeptMetrics
{
    /// <summary>The end of the name that <c>listen</c> gives to such a file.</summary>
    public const string Extension = ".metrics.jsonl";

    private static readonly string[] s_failed = ["error", "failed", "failure", "fail"];

    private readonly OtlpSeries[] _series;

    private OtlpMetrics(OtlpSeries[] series, PrometheusNames names)
        : base(names) => _series = series;

    /// <summary>The snapshot over a whole file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="given">SIGNAL=NAME each.</param>
    /// <param name="context">The run's segments.</param>
    /// <param name="tool">The tool of its first error, or null.</param>
    /// <param name="baseline">The release to compare with, or null.</param>
    /// <param name="problems">Told of each line that could not be read; the others are.</param>
    /// <exception cref="BadInputException">The file cannot be read, or holds no metric that is known.</exception>
    public static MetricsSnapshot Read(
        string file,
        string[] given,
        RunContext context,
        string? tool,
        string? baseline,
        Action<InputProblem> problems
    )
    {
        var series = OtlpMetricsReader.Read(file, problems);
        var names = new PrometheusNames(file, [.. series.Select(s => s.Name).Distinct(StringComparer.Ordinal)], given);
        return new OtlpMetrics(series, names).Snapshot(Path.GetFileName(file), context, tool, baseline);
    }

    protected override int ValuesOf(string label, string metric) =>
        _series.Where(s => s.Name == metric).Select(s => s.Labels.GetValueOrDefault(label)).Distinct(StringComparer.Ordinal).Count();

    protected override string[] LabelsOf(string metric) =>
        [
            .. _series
                .Where(s => s.Name == metric)
                .SelectMany(s => s.Labels.Keys)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    protected override double? Quantile(string metric, (string, string?)[] segments, bool isBaseline) =>
        Histogram.Quantile(P95, Chosen(metric, segments).SelectMany(s => s.Buckets));

    protected override double? Ratio(Counted failed, string all, (string, string?)[] segments, bool isBaseline) =>
        Share(Chosen(failed.Metric, segments).Where(s => Counts(s, failed)).Sum(s => s.Total), all, segments);

    protected override double? Each(string metric, string all, (string, string?)[] segments) =>
        Chosen(metric, segments).ToArray() is { Length: > 0 } chosen ? Share(chosen.Sum(s => s.Total), all, segments) : null;

    protected override double? Least(string metric, (string, string?)[] segments) =>
        Chosen(metric, segments).Select(s => (double?)s.Last).Min();

    protected override double? Mean(string metric, (string, string?)[] segments) =>
        Chosen(metric, segments).Select(s => (double?)s.Last).Average();

    private static bool Counts(OtlpSeries series, Counted counted) =>
        counted.Label is null
        || (
            series.Labels.GetValueOrDefault(counted.Label) is { Length: > 0 } value
            && (!counted.IsStatus || s_failed.Contains(value, StringComparer.OrdinalIgnoreCase))
        );

    private double? Share(double part, string all, (string, string?)[] segments) =>
        Chosen(all, segments).Sum(s => s.Total) is > 0 and var total ? part / total : null;

    private IEnumerable<OtlpSeries> Chosen(string metric, (string, string?)[] segments)
    {
        var wanted = Wanted(metric, segments).ToArray();
        return _series.Where(s => s.Name == metric && Array.TrueForAll(wanted, w => s.Labels.GetValueOrDefault(w.Label) == w.Value));
    }
}
