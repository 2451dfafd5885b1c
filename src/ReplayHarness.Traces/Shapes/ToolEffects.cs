using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Shapes;

/// <summary>What the tools that a run offered its model say of themselves: MCP's annotations.</summary>
internal static class ToolEffects
{
    /// <summary>Whether a call of each tool changes something each time it is made; tools that do not say so are left out.</summary>
    public static IReadOnlyDictionary<string, bool> Of(AgentRun run)
    {
        var effects = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var definition in run.ModelCalls.SelectMany(m => m.Attempts).SelectMany(DialectNames.ToolDefinitions))
        {
            var map = MapOf(definition);
            map = MapOf(map?.GetValueOrDefault("function")) ?? map;
            if (map?.GetValueOrDefault("name") is string name && MapOf(map.GetValueOrDefault("annotations")) is { } annotations)
                if (IsEffect(annotations) is { } isEffect)
                    effects[name] = isEffect;
        }
        return effects;
    }

    // What may be repeated without harm is no effect here. Hints that are not given say nothing.
    private static bool? IsEffect(IReadOnlyDictionary<string, object?> annotations) =>
        annotations.GetValueOrDefault("readOnlyHint") is true || annotations.GetValueOrDefault("idempotentHint") is true ? false
        : annotations.GetValueOrDefault("readOnlyHint") is false || annotations.GetValueOrDefault("destructiveHint") is true ? true
        : null;

    private static IReadOnlyDictionary<string, object?>? MapOf(object? value) =>
        (value is string text ? Json.TryParse(text) : value) as IReadOnlyDictionary<string, object?>;
}
