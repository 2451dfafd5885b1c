using System.Text.Json;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Diagnosis.Metrics;

/// <summary>
/// A snapshot of metrics as one JSON object: names end in their unit (<c>_ms</c> or <c>_seconds</c>), rates lie between 0 and 1.
/// </summary>
internal static class MetricsJson
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="BadInputException">There is no such file, or a value is not what its name says.</exception>
    public static MetricsSnapshot Read(string file)
    {
        if (!File.Exists(file))
            throw new BadInputException(
                $"{file}: there is no such file; expected a JSON object of metrics ({{\"run_latency_p95_ms\": 4100, "
                    + $"\"error_rate\": 0.11}}), or prometheus:URL"
            );
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(JsonBytes.Of(file), JsonContainer.Options);
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{file}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: is no JSON; expected one object of metrics"
            );
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new BadInputException($"{file}: $: expected one object of metrics, found {JsonReading.Kind(document.RootElement)}");
            return Snapshot(file, document.RootElement);
        }
    }

    private static MetricsSnapshot Snapshot(string file, JsonElement root) =>
        new()
        {
            Origin = Path.GetFileName(file),
            RunLatencyP95 = Seconds(file, root, "run_latency_p95"),
            ToolLatencyP95 = Seconds(file, root, "tool_latency_p95"),
            ErrorRate = Number(file, root, "error_rate", 0, 1),
            ToolErrorRate = Number(file, root, "tool_error_rate", 0, 1),
            RepeatedCalls = Number(file, root, "repeated_tool_calls", 0, double.MaxValue),
            SloLatency = Seconds(file, root, "slo_latency"),
            ReleaseErrorRateDelta = Number(file, root, "release_error_rate_delta", -1, 1),
            BaselineErrorRate = Number(file, root, "baseline_error_rate", 0, 1),
            BaselineToolErrorRate = Number(file, root, "baseline_tool_error_rate", 0, 1),
            BaselineRunLatencyP95 = Seconds(file, root, "baseline_run_latency_p95"),
            HealthScore = Number(file, root, "health_score", 0, 1),
            SyntheticRunStatus = Word(file, root, "synthetic_run_status"),
            Mistakes = [.. Labels(root, "$").Distinct(StringComparer.Ordinal)],
        };

    private static double? Seconds(string file, JsonElement root, string name) =>
        Number(file, root, name + "_seconds", 0, double.MaxValue)
        ?? (Number(file, root, name + "_ms", 0, double.MaxValue) is { } ms ? ms / 1000 : null);

    private static double? Number(string file, JsonElement root, string name, double least, double most)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && number >= least && number <= most)
            return number;
        var range = most > 1 ? $"a number of {least} or more" : FormattableString.Invariant($"a number from {least} to {most}");
        throw new BadInputException($"{file}: $.{name}: is {value.GetRawText()}, expected {range}");
    }

    private static string? Word(string file, JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new BadInputException($"{file}: $.{name}: is {value.GetRawText()}, expected a word such as \"pass\" or \"fail\"");
    }

    private static IEnumerable<string> Labels(JsonElement element, string path) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(m =>
                    (MetricsSnapshot.IsHighCardinality(m.Name) ? [$"{m.Name} ({path}.{m.Name})"] : Array.Empty<string>()).Concat(
                        Labels(m.Value, $"{path}.{m.Name}")
                    )
                ),
            JsonValueKind.Array => element.EnumerateArray().SelectMany((item, i) => Labels(item, $"{path}[{i}]")),
            _ => [],
        };
}
