using System.Globalization;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>Tempo: traces by id, found by TraceQL.</summary>
internal sealed class TempoStore(string source, string address, StoreOptions options) : Store(source, options)
{
    private const int Limit = 1000;

    public override TraceSet Load(TraceQuery query)
    {
        using var http = new StoreHttp(Source, address, Options.Clock);
        string[] ids = query.TraceId is { Length: 32 } id ? [id] : Search(http, query);
        TraceSet[] sets = [.. ids.Select(i => Get(http, Uri.EscapeDataString(i))).OfType<byte[]>().Select(Read)];
        var merged = sets.Length == 0 ? new TraceSet([], []) : Merge(sets);
        return ids.Length < Limit ? merged : Cut(merged, $"there are {Limit} traces or more, the most it is asked for; others are missing");
    }

    private string[] Search(StoreHttp http, TraceQuery query)
    {
        var since = query.SinceNanos is { } nanos
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"&start={nanos / 1_000_000_000}&end={Options.Clock.GetUtcNow().ToUnixTimeSeconds()}"
            )
            : "";
        if (http.Get($"api/search?q={Uri.EscapeDataString(TraceQl(query))}&limit={Limit}{since}") is not { } answer)
            throw new BadInputException($"{Source}: has no api/search; is it Tempo (port 3200)?");
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (!document.RootElement.TryGetProperty("traces", out var traces) || traces.ValueKind != JsonValueKind.Array)
                return [];
            // Leading zeros are left out.
            return [.. traces.EnumerateArray().Select(t => t.GetProperty("traceID").GetString()!.PadLeft(32, '0'))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new BadInputException($"{Source}: its answer to a search is not what Tempo gives; is it Tempo (port 3200)?");
        }
    }

    /// <summary>The query in Tempo's language: each condition may hold on another span of the trace.</summary>
    private static byte[]? Get(StoreHttp http, string id) => http.Get($"api/v2/traces/{id}") ?? http.Get($"api/traces/{id}");

    internal static string TraceQl(TraceQuery query)
    {
        var parts = new List<string>();
        if (query.Where is var (key, value))
            parts.Add($"{{ {Equal(key, value)} }}");
        if (query.Environment is { } environment)
            parts.Add($"{{ {Equal("deployment.environment.name", environment)} || {Equal("deployment.environment", environment)} }}");
        if (query.FailedOnly)
            parts.Add("{ status = error }");
        return parts.Count == 0 ? "{}" : string.Join(" && ", parts);
    }

    // Values are typed; a number may have been recorded as one or as text.
    private static string Equal(string key, string value)
    {
        var name = key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') ? $".{key}" : $".\"{Escaped(key)}\"";
        var text = $"{name} = \"{Escaped(value)}\"";
        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) || value is "true" or "false"
            ? $"({text} || {name} = {value})"
            : text;
    }

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
