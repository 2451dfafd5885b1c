using System.Text.Json;

namespace ReplayHarness.Tests.Support;

/// <summary>The parts of JSON Schema that the published schema uses: type, const, enum, properties, required, additionalProperties, items, $ref.</summary>
internal static class SchemaCheck
{
    public static IReadOnlyList<string> Problems(JsonElement schema, JsonElement value) => [.. Check(schema, schema, value, "$")];

    private static IEnumerable<string> Check(JsonElement root, JsonElement schema, JsonElement value, string path)
    {
        if (schema.ValueKind == JsonValueKind.True || schema.ValueKind != JsonValueKind.Object)
            yield break;
        if (schema.TryGetProperty("$ref", out var reference))
        {
            foreach (var problem in Check(root, Resolve(root, reference.GetString()!), value, path))
                yield return problem;
            yield break;
        }
        if (schema.TryGetProperty("const", out var constant) && !JsonElement.DeepEquals(constant, value))
            yield return $"{path}: is not {constant}";
        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(v => JsonElement.DeepEquals(v, value)))
            yield return $"{path}: is none of {values}";
        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(t => Is(t, value)))
            yield return $"{path}: is no {type}";
        var below = value.ValueKind switch
        {
            JsonValueKind.Object => Members(root, schema, value, path),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => value
                .EnumerateArray()
                .SelectMany((v, i) => Check(root, items, v, $"{path}[{i}]")),
            _ => [],
        };
        foreach (var problem in below)
            yield return problem;
    }

    private static IEnumerable<string> Members(JsonElement root, JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("required", out var required))
            foreach (var name in required.EnumerateArray().Where(r => !value.TryGetProperty(r.GetString()!, out _)))
                yield return $"{path}.{name}: is missing";
        var known = schema.TryGetProperty("properties", out var properties) ? properties : default;
        foreach (var member in value.EnumerateObject())
        {
            if (known.ValueKind == JsonValueKind.Object && known.TryGetProperty(member.Name, out var one))
                foreach (var problem in Check(root, one, member.Value, $"{path}.{member.Name}"))
                    yield return problem;
            else if (schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.False)
                yield return $"{path}.{member.Name}: is not known";
        }
    }

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    private static bool Is(string type, JsonElement value) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ => value.ValueKind == JsonValueKind.Null,
        };

    private static JsonElement Resolve(JsonElement root, string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate(root, (at, name) => at.GetProperty(name));
}
