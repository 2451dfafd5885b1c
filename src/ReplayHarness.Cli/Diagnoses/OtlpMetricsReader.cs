using System.Globalization;
using System.Text.Json;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>One series of a metric, over a whole file.</summary>
/// <param name="Name">The metric, as Prometheus would call it: <c>run_duration_seconds_bucket</c>.</param>
/// <param name="Labels">Attributes of its resource and its points, as Prometheus would call them.</param>
internal sealed record OtlpSeries(string Name, IReadOnlyDictionary<string, string> Labels)
{
    private readonly Dictionary<string, Point> _byStart = new(StringComparer.Ordinal);

    private readonly record struct Point(long Time, double Value, KeyValuePair<double, double>[] Buckets);

    /// <summary>All that was counted: sums of what each point adds, or the last point of each time that counting began.</summary>
    public double Total => _byStart.Values.Sum(p => p.Value);

    /// <summary>The newest value.</summary>
    public double Last => _byStart.Values.MaxBy(p => p.Time).Value;

    /// <summary>Of a histogram: upper bounds, and how many values lie in each.</summary>
    public IEnumerable<KeyValuePair<double, double>> Buckets => _byStart.Values.SelectMany(p => p.Buckets);

    /// <summary>Adds a point.</summary>
    public void Add(string start, long time, double value, KeyValuePair<double, double>[] buckets, bool isDelta)
    {
        var key = isDelta ? time.ToString(CultureInfo.InvariantCulture) : start;
        if (!_byStart.TryGetValue(key, out var before) || before.Time <= time)
            _byStart[key] = new(time, value, buckets);
    }
}

/// <summary>Reads OTLP metrics, one request a line.</summary>
internal static class OtlpMetricsReader
{
    private const int Delta = 1;

    /// <summary>The series of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problems">Told of each line that could not be read; the others are.</param>
    /// <exception cref="BadInputException">There is no such file.</exception>
    public static OtlpSeries[] Read(string file, Action<InputProblem> problems)
    {
        if (!File.Exists(file))
            throw new BadInputException($"{file}: there is no such file; expected OTLP metrics, one request a line, as listen keeps them");
        var series = new Dictionary<string, OtlpSeries>(StringComparer.Ordinal);
        var number = 0;
        using var reader = new StreamReader(file);
        foreach (var line in BoundedLines.Of(reader))
        {
            number++;
            if (line is null)
                problems(InputProblem.TooLong(file, number));
            else if (!string.IsNullOrWhiteSpace(line) && WhyNot(line, series) is { } why)
                problems(new(file, number, null, null, $"{why}; expected OTLP metrics, as listen keeps them; the line was left out"));
        }
        return [.. series.Values];
    }

    // Null where it was read: a receiver that was ended within a line leaves a torn one.
    private static string? WhyNot(string line, Dictionary<string, OtlpSeries> series)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            foreach (var resource in document.RootElement.Items("resourceMetrics"))
            foreach (var scope in resource.Items("scopeMetrics"))
            foreach (var metric in scope.Items("metrics"))
                ReadMetric(metric, Labels(resource.Member("resource")), series);
            return null;
        }
        catch (Exception e)
            when (e is JsonException or FormatException or InvalidOperationException or OverflowException or WrongFormException)
        {
            return e.Message.TrimEnd('.');
        }
    }

    private static void ReadMetric(JsonElement metric, Dictionary<string, string> resource, Dictionary<string, OtlpSeries> series)
    {
        var name = PrometheusName(metric.Text("name") ?? "", metric.Text("unit"));
        if (metric.Member("sum") is { } sum)
            ReadPoints(sum, sum.Member("isMonotonic") is { ValueKind: JsonValueKind.True } ? $"{name}_total" : name, resource, series);
        if (metric.Member("gauge") is { } gauge)
            ReadPoints(gauge, name, resource, series);
        if (metric.Member("histogram") is { } histogram)
            ReadPoints(histogram, $"{name}_bucket", resource, series);
        if (metric.Member("exponentialHistogram") is { } exponential)
            ReadPoints(exponential, $"{name}_bucket", resource, series);
    }

    private static void ReadPoints(
        JsonElement data,
        string name,
        Dictionary<string, string> resource,
        Dictionary<string, OtlpSeries> series
    )
    {
        var isDelta = Number(data.Member("aggregationTemporality")) == Delta;
        foreach (var point in data.Items("dataPoints"))
        {
            var value = Number(point.Member("asDouble") ?? point.Member("asInt") ?? point.Member("count"));
            // Nothing was measured then.
            if (!double.IsFinite(value))
                continue;
            var labels = Labels(point);
            foreach (var (key, text) in resource)
                labels.TryAdd(key, text);
            var id = $"{name} {string.Join(' ', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"))}";
            if (!series.TryGetValue(id, out var one))
                series[id] = one = new(name, labels);
            one.Add(point.Text("startTimeUnixNano") ?? "", Time(point), value, Buckets(point), isDelta);
        }
    }

    // A value of a bucket lies up to its bound; the last has none. Of an exponential histogram the bounds are powers of its base.
    private static KeyValuePair<double, double>[] Buckets(JsonElement point)
    {
        if (point.Member("positive") is { } positive)
        {
            var width = Math.Pow(2, -Number(point.Member("scale")));
            var offset = Number(positive.Member("offset"));
            return
            [
                KeyValuePair.Create(0.0, Number(point.Member("zeroCount"))),
                .. positive.Items("bucketCounts").Select((c, i) => KeyValuePair.Create(Math.Pow(2, (offset + i + 1) * width), Number(c))),
            ];
        }
        double[] bounds = [.. point.Items("explicitBounds").Select(b => Number(b)), double.PositiveInfinity];
        return [.. point.Items("bucketCounts").Take(bounds.Length).Select((c, i) => KeyValuePair.Create(bounds[i], Number(c)))];
    }

    private static long Time(JsonElement point) =>
        long.TryParse(point.Text("timeUnixNano"), NumberStyles.None, CultureInfo.InvariantCulture, out var nanos) ? nanos : 0;

    // Whole numbers of 64 bits are texts in OTLP/JSON.
    private static double Number(JsonElement? value) =>
        value switch
        {
            { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
            { ValueKind: JsonValueKind.String } text => double.Parse(text.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture),
            _ => 0,
        };

    private static Dictionary<string, string> Labels(JsonElement? holder)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in holder?.Items("attributes") ?? [])
            if (attribute.Text("key") is { } key && attribute.Member("value") is { ValueKind: JsonValueKind.Object } value)
                labels[PrometheusName(key, null)] = value.EnumerateObject().Select(v => v.Value.ToString()).FirstOrDefault() ?? "";
        return labels;
    }

    // https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
    private static string PrometheusName(string name, string? unit)
    {
        var plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var ending = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            _ => "",
        };
        return plain.EndsWith(ending, StringComparison.Ordinal) ? plain : plain + ending;
    }
}
