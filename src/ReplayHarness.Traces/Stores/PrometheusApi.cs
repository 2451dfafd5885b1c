using System.Globalization;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>Prometheus' HTTP API, as far as a diagnosis asks it.</summary>
internal sealed class PrometheusApi(string source, string address, TimeProvider clock) : IDisposable
{
    private readonly StoreHttp _http = new(source, address, clock);

    /// <summary>The names of all metrics.</summary>
    public string[] MetricNames() => Strings("api/v1/label/__name__/values");

    /// <summary>The labels of a metric's series.</summary>
    public string[] LabelsOf(string metric) => Strings($"api/v1/labels?match[]={Uri.EscapeDataString(Selector(metric))}");

    /// <summary>The values of a label of a metric's series.</summary>
    public string[] ValuesOf(string label, string metric) =>
        Strings($"api/v1/label/{label}/values?match[]={Uri.EscapeDataString(Selector(metric))}");

    /// <summary>The one number that a query gives at a time, or null where there is none.</summary>
    public double? Number(string query, long atNanos)
    {
        var time = (atNanos / 1e9).ToString("0.###", CultureInfo.InvariantCulture);
        return Ask(
            $"api/v1/query?query={Uri.EscapeDataString(query)}&time={time}",
            data =>
            {
                foreach (var item in data.GetProperty("result").EnumerateArray())
                    if (
                        double.TryParse(
                            item.GetProperty("value")[1].GetString(),
                            NumberStyles.Float,
                            CultureInfo.InvariantCulture,
                            out var number
                        ) && double.IsFinite(number)
                    )
                        return number;
                return (double?)null;
            }
        );
    }

    public void Dispose() => _http.Dispose();

    private static string Selector(string metric) => $"{{__name__=\"{metric}\"}}";

    private string[] Strings(string path) =>
        Ask(path, data => data.EnumerateArray().Select(s => s.GetString() ?? "").Order(StringComparer.Ordinal).ToArray());

    private T Ask<T>(string path, Func<JsonElement, T> read)
    {
        var answer = _http.Get(path) ?? throw NoApi();
        try
        {
            using var document = JsonDocument.Parse(answer);
            return read(document.RootElement.GetProperty("data"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw NoApi();
        }
    }

    private BadInputException NoApi() =>
        new(
            $"{source}: does not answer as Prometheus' HTTP API does (api/v1); expected its address, for example "
                + $"prometheus:http://127.0.0.1:9090"
        );
}
