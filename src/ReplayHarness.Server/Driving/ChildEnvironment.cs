using System.Globalization;

namespace ReplayHarness.Server.Driving;

/// <summary>The variables that point an agent's process at the mocks, and nowhere else.</summary>
internal static class ChildEnvironment
{
    /// <summary>What stands in a value of the user's own for the address of the mocks.</summary>
    public const string UrlPlaceholder = "{url}";

    private const string NoKey = "replay-harness-no-key";

    public static IReadOnlyDictionary<string, string?> Of(DriveOptions options, string url)
    {
        Dictionary<string, string?> all = new(StringComparer.Ordinal)
        {
            ["OPENAI_BASE_URL"] = $"{url}/v1", ["OPENAI_API_KEY"] = NoKey, ["ANTHROPIC_BASE_URL"] = url, ["ANTHROPIC_API_KEY"] = NoKey, ["ANTHROPIC_AUTH_TOKEN"] = null,
            ["MCP_SERVER_URL"] = $"{url}/mcp",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_EXPORTER_OTLP_HEADERS"] = null, ["OTEL_SDK_DISABLED"] = null, ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            // Else spans would go where those of production go.
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = null, ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = null, ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = null, ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = null,
        };
        foreach (var proxy in (string[])["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]) all[proxy] = all[proxy.ToLowerInvariant()] = url;
        all["NO_PROXY"] = all["no_proxy"] = "localhost,127.0.0.1,::1";
        if (options.FakeTime is { } library)
        {
            all["LD_PRELOAD"] = library;
            all["FAKETIME"] = string.Create(CultureInfo.InvariantCulture, $"+0 x{1 / options.TimeScale:0.######}");
        }
        foreach (var (name, value) in options.Environment) all[name] = value.Replace(UrlPlaceholder, url, StringComparison.Ordinal);
        return all;
    }
}
