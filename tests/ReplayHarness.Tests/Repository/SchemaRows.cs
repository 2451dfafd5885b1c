using System.Text.Json;

namespace ReplayHarness.Tests.Repository;

/// <summary>A JSON Schema as rows of a table: each member with its type and what it is.</summary>
internal static class SchemaRows
{
    public static IEnumerable<string> Of(JsonElement schema, string prefix = "")
    {
        var required = schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()).ToHashSet();
        foreach (var member in schema.GetProperty("properties").EnumerateObject())
        {
            var path = prefix + member.Name;
            yield return $"| `{path}` | {TypeOf(member.Value)}{(required.Contains(member.Name) ? "" : ", or absent")} | "
                + $"{member.Value.GetProperty("description").GetString()} |\n";
            var (inner, within) = member.Value.TryGetProperty("items", out var items) ? (items, path + "[].") : (member.Value, path + ".");
            if (!inner.TryGetProperty("properties", out _))
                continue;
            foreach (var row in Of(inner, within))
                yield return row;
        }
    }

    private static string TypeOf(JsonElement member)
    {
        if (member.TryGetProperty("items", out var items))
            return $"list of {TypeOf(items)}";
        if (member.TryGetProperty("$ref", out var reference))
            return $"[{Name(reference)}](#{Name(reference)})";
        if (member.TryGetProperty("enum", out var values))
            return string.Join(", ", values.EnumerateArray().Select(v => $"`{v.GetString()}`"));
        if (member.TryGetProperty("const", out var constant))
            return $"`{constant}`";
        return member.TryGetProperty("type", out var type) ? type.GetString()! : "any value";
    }

    private static string Name(JsonElement reference) => reference.GetString()!.Split('/')[^1];
}
