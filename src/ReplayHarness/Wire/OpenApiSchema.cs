using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReplayHarness.Wire;

/// <summary>Schemas as Google writes them: its names of types are OBJECT, STRING, ….</summary>
internal static class OpenApiSchema
{
    /// <summary>The same as elsewhere.</summary>
    public static JsonElement Usual(JsonElement schema)
    {
        var node = JsonNode.Parse(schema.GetRawText());
        Lower(node);
        return JsonElement.Parse(node?.ToJsonString() ?? "{}");
    }

    private static void Lower(JsonNode? node)
    {
        if (node is JsonArray items)
            foreach (var item in items)
                Lower(item);
        if (node is not JsonObject map)
            return;
        if (map["type"] is JsonValue type && type.TryGetValue<string>(out var name))
            map["type"] = name.ToLowerInvariant();
        foreach (var (_, member) in map.ToArray())
            Lower(member);
    }
}
