using System.Globalization;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>Jaeger's query API: traces by id, or searched in every service by tags.</summary>
internal sealed class JaegerStore(string source, string address, StoreOptions options) : Store(source, options)
{
    private const int Limit = 1500;
    private static readonly string[] s_environment = ["deployment.environment.name", "deployment.environment"];

    // Far enough ahead of any clock.
    private const string End = "4102444800000000";

    public override TraceSet Load(TraceQuery query)
    {
        using var http = new StoreHttp(Source, address, Options.Clock);
        if (query.TraceId is { Length: 32 } id)
            return http.Get($"api/traces/{Uri.EscapeDataString(id)}") is { } one ? Read(one) : new([], []);
        var sets = new List<TraceSet>();
        foreach (var service in Services(http))
        foreach (var tags in TagsOf(query))
            sets.Add(Search(http, service, tags, query));
        return sets.Count == 0 ? new([], []) : Merge(sets);
    }

    private TraceSet Search(StoreHttp http, string service, Dictionary<string, string> tags, TraceQuery query)
    {
        var start = ((query.SinceNanos ?? 0) / 1000).ToString(CultureInfo.InvariantCulture);
        var path =
            $"api/traces?service={Uri.EscapeDataString(service)}&tags="
            + $"{Uri.EscapeDataString(JsonSerializer.Serialize(tags))}"
            + $"&limit={Limit}&lookback=custom&start={start}&end={End}";
        var set = http.Get(path) is { } found ? Read(found) : new([], []);
        return set.Traces.Count < Limit
            ? set
            : Cut(set, $"service {service} has {Limit} traces or more, the most it is asked for; older ones are missing");
    }

    private string[] Services(StoreHttp http)
    {
        if (http.Get("api/services") is not { } answer)
            throw new BadInputException($"{Source}: has no api/services; is it Jaeger's query service (port 16686)?");
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
                ? [.. data.EnumerateArray().Select(s => s.GetString() ?? "").Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new BadInputException($"{Source}: its list of services is no JSON; is it Jaeger's query service (port 16686)?");
        }
    }

    // The environment's name has changed in the conventions: each is asked for.
    private static IEnumerable<Dictionary<string, string>> TagsOf(TraceQuery query)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (query.Where is var (key, value))
            tags[key] = value;
        if (query.FailedOnly)
            tags["error"] = "true";
        if (query.Environment is not { } environment)
            return [tags];
        return s_environment.Select(name => new Dictionary<string, string>(tags, StringComparer.Ordinal) { [name] = environment });
    }
}
