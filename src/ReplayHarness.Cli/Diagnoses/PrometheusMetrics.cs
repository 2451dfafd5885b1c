using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Stores;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>The metrics of a run's segments, asked of Prometheus at the time of the run.</summary>
internal sealed class PrometheusMetrics : KeptMetrics
{
    public const string Prefix = "prometheus:";

    // What happened until the run's end is scraped a little later; a release's baseline is what it did in a week.
    private const long ScrapeLag = 120_000_000_000;
    private const string BaselineWindow = "7d";

    private readonly PrometheusApi _api;
    private readonly Dictionary<string, string[]> _labelsOf;
    private readonly long _at;
    private readonly string _window;

    private PrometheusMetrics(PrometheusApi api, PrometheusNames names, long at, string window)
        : base(names)
    {
        (_api, _at, _window) = (api, at, window);
        _labelsOf = names.All.ToDictionary(name => name, api.LabelsOf, StringComparer.Ordinal);
    }

    /// <summary>The snapshot at the end of a run.</summary>
    /// <param name="source"><see cref="Prefix"/> and an address.</param>
    /// <param name="given">SIGNAL=NAME each.</param>
    /// <param name="context">The run's segments.</param>
    /// <param name="tool">The tool of its first error, or null.</param>
    /// <param name="baseline">The release to compare with, or null.</param>
    /// <param name="endNanos">When it ended.</param>
    /// <param name="window">The time before that to look at.</param>
    public static MetricsSnapshot Read(
        string source,
        string[] given,
        RunContext context,
        string? tool,
        string? baseline,
        long endNanos,
        string window
    )
    {
        using var api = new PrometheusApi(Secret.Hide(source), source[Prefix.Length..], RealTime.Clock);
        var names = new PrometheusNames(Secret.Hide(source), api.MetricNames(), given);
        var now = (RealTime.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
        return new PrometheusMetrics(api, names, Math.Min(endNanos + ScrapeLag, now), window).Snapshot(
            "Prometheus",
            context,
            tool,
            baseline
        );
    }

    protected override string[] LabelsOf(string metric) => _labelsOf[metric];

    protected override int ValuesOf(string label, string metric) => _api.ValuesOf(label, metric).Length;

    protected override double? Quantile(string metric, (string, string?)[] segments, bool isBaseline) =>
        Ask(
            FormattableString.Invariant(
                $"histogram_quantile({P95}, sum by (le) (rate({Select(metric, segments)}[{WindowOf(isBaseline)}])))"
            )
        );

    protected override double? Ratio(Counted failed, string all, (string, string?)[] segments, bool isBaseline)
    {
        var more =
            failed.Label is null ? null
            : failed.IsStatus ? $"{failed.Label}=~\"(?i:error|failed|failure|fail)\""
            : $"{failed.Label}!=\"\"";
        var window = WindowOf(isBaseline);
        return Ask(
            $"(sum(rate({Select(failed.Metric, segments, more)}[{window}])) or vector(0)) / sum(rate({Select(all, segments)}[{window}]))"
        );
    }

    protected override double? Each(string metric, string all, (string, string?)[] segments) =>
        Ask($"sum(increase({Select(metric, segments)}[{_window}])) / sum(increase({Select(all, segments)}[{_window}]))");

    protected override double? Least(string metric, (string, string?)[] segments) => Ask($"min({Select(metric, segments)})");

    protected override double? Mean(string metric, (string, string?)[] segments) => Ask($"avg({Select(metric, segments)})");

    private string WindowOf(bool isBaseline) => isBaseline ? BaselineWindow : _window;

    private double? Ask(string query) => _api.Number(query, _at);

    private string Select(string metric, (string, string?)[] segments, string? more = null)
    {
        List<string> matchers = [.. Wanted(metric, segments).Select(w => $"{w.Label}=\"{Escaped(w.Value)}\"")];
        if (more is not null)
            matchers.Add(more);
        return $"{metric}{{{string.Join(',', matchers)}}}";
    }

    private static string Escaped(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
