using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>The tools that a run offered its model, wherever its instrumentation wrote them.</summary>
internal static class ToolDefinitions
{
    private const int MaxIndexed = 128;

    public static RecordedTool[] Of(IEnumerable<AgentRun> runs) =>
        [
            .. runs.SelectMany(r => r.ModelCalls)
                .SelectMany(m => m.Attempts)
                .SelectMany(Values)
                .Select(Definition)
                .OfType<RecordedTool>()
                .DistinctBy(t => t.Name)
                .OrderBy(t => t.Name, StringComparer.Ordinal),
        ];

    private static IEnumerable<object?> Values(Span span)
    {
        // gen_ai conventions and Vercel's AI SDK give a list, OpenInference an attribute each.
        foreach (var name in (string[])["gen_ai.tool.definitions", "ai.prompt.tools"])
            if (span.Attributes.Structure(name) is IReadOnlyList<object?> list)
                foreach (var item in list)
                    yield return item;
        for (var i = 0; i < MaxIndexed && span.Attributes.Text($"llm.tools.{i}.tool.json_schema") is { } text; i++)
            yield return text;
    }

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
