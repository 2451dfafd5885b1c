using System.Text;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.WireMock;

/// <summary>Reads the members of a mapping file. Whatever is not as expected is an error that names the file and the JSON path.</summary>
internal sealed class MappingJson(string file, Uri? baseUrl)
{
    /// <summary>Refuses members of other names.</summary>
    public void Known(JsonElement item, string path, string[] names)
    {
        foreach (var member in Members(item, path))
            if (!names.Contains(member.Name))
                throw Bad($"{path}.{member.Name}", $"a fixture's response cannot say this; known are {string.Join(", ", names)}");
    }

    public JsonElement Required(JsonElement item, string path, string name) =>
        item.TryGetProperty(name, out var value) ? value : throw Bad($"{path}.{name}", "is missing");

    /// <summary>A number from 0, or null where there is none.</summary>
    public double? Number(JsonElement item, string path, string name) =>
        !item.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.GetDouble() >= 0 ? value.GetDouble()
        : throw Bad($"{path}.{name}", "expected a number from 0");

    /// <summary>A number from 0 without its fraction, or null where there is none.</summary>
    public int? Whole(JsonElement item, string path, string name) =>
        Number(item, path, name) is not { } number ? null
        : number <= int.MaxValue ? (int)number
        : throw Bad($"{path}.{name}", "expected a whole number of 32 bits");

    /// <summary>A text, or null where there is none.</summary>
    public string? Text(JsonElement item, string path, string name) =>
        !item.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Bad($"{path}.{name}", "expected a text");

    /// <summary>A whole number, or the one that stands where there is none.</summary>
    public int Integer(JsonElement item, string path, string name, int otherwise) =>
        item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out var value) ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : throw Bad($"{path}.{name}", "expected a whole number");

    /// <summary>The members of an object.</summary>
    public IEnumerable<JsonProperty> Members(JsonElement item, string path) =>
        item.ValueKind == JsonValueKind.Object ? item.EnumerateObject() : throw Bad(path, "expected an object");

    /// <summary>JSON, as it is or as a text.</summary>
    public JsonElement Parsed(JsonElement value, string path)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? JsonElement.Parse(value.GetString()!) : value.Clone();
        }
        catch (JsonException)
        {
            throw Bad(path, "is not JSON");
        }
    }

    /// <summary>The text of a body in base64, as JSON.</summary>
    public JsonElement Decoded(string encoded, string path)
    {
        try
        {
            return JsonElement.Parse(
                Json.Write(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(encoded)))
            );
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            throw Bad(path, "is no text in UTF-8; a fixture's bodies are text");
        }
    }

    /// <summary>The URL that a path stands for: <c>/http/HOST/PATH</c> names its host, any other is one of the given base.</summary>
    public string UrlOf(string target, string path) =>
        target.StartsWith("/http/", StringComparison.Ordinal) ? "http://" + target["/http/".Length..]
        : baseUrl is not null ? baseUrl.GetLeftPart(UriPartial.Authority) + target
        : throw Bad(path, "names no host; give the base URL that it stands for, for example https://HOST");

    public BadInputException Bad(string path, string what) => new($"{file}: {path}: {what}");
}
