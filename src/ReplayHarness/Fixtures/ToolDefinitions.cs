using System.Text.Json;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Fixtures;

/// <summary>The tools that a run offered its model, wherever its instrumentation wrote them.</summary>
internal static class ToolDefinitions
{
    public static RecordedTool[] Of(IEnumerable<AgentRun> runs) =>
        [
            .. runs.SelectMany(r => r.ModelCalls)
                .SelectMany(m => m.Attempts)
                .SelectMany(DialectNames.ToolDefinitions)
                .Select(Definition)
                .OfType<RecordedTool>()
                .DistinctBy(t => t.Name)
                .OrderBy(t => t.Name, StringComparer.Ordinal),
        ];

    private static RecordedTool? Definition(object? value)
    {
        var map = (value is string text ? Json.TryParse(text) : value) as IReadOnlyDictionary<string, object?>;
        map = map?.GetValueOrDefault("function") as IReadOnlyDictionary<string, object?> ?? map;
        if (map?.GetValueOrDefault("name") is not string { Length: > 0 } name)
            return null;
        var schema = map.GetValueOrDefault("inputSchema") ?? map.GetValueOrDefault("input_schema") ?? map.GetValueOrDefault("parameters");
        return schema is IReadOnlyDictionary<string, object?>
            ? new(name, JsonElement.Parse(Json.Write(schema)), map.GetValueOrDefault("description") as string)
            : null;
    }
}
