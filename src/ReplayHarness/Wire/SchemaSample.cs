using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ReplayHarness.Wire;

/// <summary>A value that fits a JSON schema, for an answer that nobody recorded and that its agent reads as JSON.</summary>
/// <param name="root">The schema.</param>
/// <param name="text">What its texts say, where they may say anything.</param>
internal sealed partial class SchemaSample(JsonElement root, string text)
{
    // Where a schema names itself, the value has to end somewhere.
    private const int Deepest = 12;

    /// <summary>The value, as JSON.</summary>
    public static string Of(JsonElement schema, string text) => new SchemaSample(schema, text).ValueOf(schema, 0)?.ToJsonString() ?? "null";

    private JsonNode? ValueOf(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return new JsonObject();
        if (schema.TryGetProperty("$ref", out var reference))
            return depth <= Deepest && Resolve(reference.GetString() ?? "") is { } target ? ValueOf(target, depth + 1) : null;
        if (schema.TryGetProperty("const", out var only))
            return Node(only);
        if (
            ItemsOf(schema, "enum").FirstOrDefault(v => v.ValueKind != JsonValueKind.Null) is
            { ValueKind: not JsonValueKind.Undefined } first
        )
            return Node(first);
        if (schema.TryGetProperty("default", out var usual) && usual.ValueKind != JsonValueKind.Null)
            return Node(usual);
        var choices = ItemsOf(schema, "anyOf").Concat(ItemsOf(schema, "oneOf")).ToArray();
        if (choices.FirstOrDefault(c => TypeOf(c) != "null") is { ValueKind: JsonValueKind.Object } choice)
            return depth > Deepest ? null : ValueOf(choice, depth + 1);
        return TypeOf(schema) switch
        {
            "object" => depth > Deepest ? null : ObjectOf(schema, depth),
            "array" => ArrayOf(schema, depth),
            "string" => JsonValue.Create(TextOf(schema)),
            "integer" => JsonValue.Create((long)Math.Ceiling(LeastOf(schema))),
            "number" => JsonValue.Create(LeastOf(schema)),
            "boolean" => JsonValue.Create(false),
            "null" => null,
            _ => depth > Deepest ? null : ObjectOf(schema, depth),
        };
    }

    private JsonObject ObjectOf(JsonElement schema, int depth)
    {
        JsonObject made = [];
        foreach (var part in ItemsOf(schema, "allOf"))
            if (ValueOf(part, depth + 1) is JsonObject values)
                foreach (var (name, value) in values)
                    made[name] = value?.DeepClone();
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
            foreach (var property in properties.EnumerateObject())
                made[property.Name] = ValueOf(property.Value, depth + 1);
        return made;
    }

    private JsonArray ArrayOf(JsonElement schema, int depth) =>
        schema.TryGetProperty("items", out var items) && depth < Deepest ? [ValueOf(items, depth + 1)] : [];

    private string TextOf(JsonElement schema) =>
        (StringOf(schema, "format") ?? FormatIn(StringOf(schema, "description") ?? "")) switch
        {
            "date-time" => "2000-01-01T00:00:00Z",
            "date" => "2000-01-01",
            "time" => "00:00:00",
            "duration" => "PT0S",
            "uuid" => "00000000-0000-0000-0000-000000000000",
            "uri" or "uri-reference" => "https://example.com/",
            "email" => "nobody@example.com",
            _ => text,
        };

    // Clients write into the description what a provider's schemas may not hold.
    private static string? FormatIn(string description) => Described().Match(description) is { Success: true } m ? m.Groups[1].Value : null;

    [GeneratedRegex(@"\bformat\W{1,4}(date-time|date|time|duration|uuid|uri-reference|uri|email)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Described();

    private static string? StringOf(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double LeastOf(JsonElement schema) =>
        schema.TryGetProperty("minimum", out var least) && least.ValueKind == JsonValueKind.Number ? Math.Max(0, least.GetDouble()) : 0;

    private static string? TypeOf(JsonElement schema) =>
        schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) ? null
        : type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()).FirstOrDefault(t => t != "null")
        : type.GetString();

    // "#/$defs/Trip", or "#" for the whole.
    private JsonElement? Resolve(string reference)
    {
        if (reference is not ['#', ..])
            return null;
        var at = root;
        foreach (var step in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (
                at.ValueKind == JsonValueKind.Array
                && int.TryParse(name, CultureInfo.InvariantCulture, out var index)
                && index < at.GetArrayLength()
            )
                at = at[index];
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }
        return at;
    }

    private static JsonElement[] ItemsOf(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());
}
