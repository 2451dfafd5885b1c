using System.Globalization;
using ReplayHarness.Server.Recording;
using ReplayHarness.Wire;

namespace ReplayHarness.Server.Driving;

/// <summary>The variables that point an agent's process at the mocks, and nowhere else.</summary>
internal static class ChildEnvironment
{
    /// <summary>What stands in a value of the user's own for the address of the mocks.</summary>
    public const string UrlPlaceholder = "{url}";

    public static IReadOnlyDictionary<string, string?> Of(DriveOptions options, string url)
    {
        var all = Endpoints(url);
        foreach (var (name, value) in WireFormats.Addresses.SelectMany(a => a.WithMock))
            all[name] = value;
        all["MCP_SERVER_URL"] = $"{url}/mcp";
        foreach (var proxy in (string[])["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
            all[proxy] = all[proxy.ToLowerInvariant()] = url;
        all["NO_PROXY"] = all["no_proxy"] = "localhost,127.0.0.1,::1";
        if (options.FakeTime is { } library)
        {
            all["LD_PRELOAD"] = library;
            all["FAKETIME"] = string.Create(CultureInfo.InvariantCulture, $"+0 x{1 / options.TimeScale:0.######}");
        }
        return With(all, options.Environment, url);
    }

    /// <summary>What an agent that is recorded finds: its keys are its own, and what is not recorded it reaches as ever.</summary>
    public static IReadOnlyDictionary<string, string?> ForRecording(RecordOptions options, string url)
    {
        var all = Endpoints(url);
        if (options.Mcp is not null)
            all["MCP_SERVER_URL"] = $"{url}/mcp";
        return With(all, options.Environment, url);
    }

    private static Dictionary<string, string?> Endpoints(string url)
    {
        Dictionary<string, string?> all = new(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = null,
            ["OTEL_SDK_DISABLED"] = null,
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            // Else spans would go where those of production go.
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = null,
            ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = null,
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = null,
            ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = null,
        };
        foreach (var address in WireFormats.Addresses)
            all[address.Variable] = url + address.Suffix;
        return all;
    }

    private static Dictionary<string, string?> With(Dictionary<string, string?> all, IReadOnlyDictionary<string, string> more, string url)
    {
        foreach (var (name, value) in more)
            all[name] = value.Replace(UrlPlaceholder, url, StringComparison.Ordinal);
        return all;
    }
}
