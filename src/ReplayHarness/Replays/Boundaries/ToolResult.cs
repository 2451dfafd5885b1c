using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>What a tool gave when it was captured, as its own code would return it.</summary>
/// <param name="captured">The captured result; null for none.</param>
/// <param name="returns">The type that the tool returns, a task's result where it is one; null where that is not known.</param>
internal readonly struct ToolResult(JsonElement? captured, Type? returns)
{
    /// <summary>As JSON: a text, where text is returned, stands for what looks like an object in a trace.</summary>
    public JsonElement? AsJson() =>
        captured is { } element && returns == typeof(string)
            ? JsonSerializer.SerializeToElement(FixtureIndex.TextOf(element), AIJsonUtilities.DefaultOptions)
            : captured;

    /// <summary>As an object of its type; as text, or as JSON, where that is not known.</summary>
    public object? AsObject()
    {
        if (captured is not { } element)
            return null;
        if (returns == typeof(string) || (returns is null && element.ValueKind == JsonValueKind.String))
            return FixtureIndex.TextOf(element);
        return returns is null ? element : element.Deserialize(returns, AIJsonUtilities.DefaultOptions);
    }
}
