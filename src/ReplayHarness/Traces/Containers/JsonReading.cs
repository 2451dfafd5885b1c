using System.Globalization;
using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>A value that has not the form it should have; <see cref="Exception.Message"/> says what was expected.</summary>
internal sealed class WrongFormException(string path, string message) : Exception(message)
{
    /// <summary>The path below the object being read.</summary>
    public string Path => path;
}

/// <summary>Reads the loosely typed values that exporters write.</summary>
internal static class JsonReading
{
    public static JsonElement? Member(this JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        foreach (var name in names)
            if (element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) return value;
        return null;
    }

    /// <summary>The items of a list member; none where it is absent.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.Member(names) is not { } list) return [];
        return list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw new WrongFormException(names[0], $"is {Kind(list)}; expected a list");
    }

    public static string? Text(this JsonElement element, string name) => element.Member(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new WrongFormException(name, $"is {Kind(value)}; expected text");

    /// <summary>A whole number, written as a number or as text.</summary>
    public static long? Whole(this JsonElement element, string name)
    {
        if (element.Member(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)) return number;
        if (value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)) return number;
        throw new WrongFormException(name, $"is {value.GetRawText()}; expected a whole number within 64 bits, as a number or as text");
    }

    /// <summary>An id: hex of any case, or base64; null where it is absent or empty.</summary>
    public static string? Id(this JsonElement element, string name, int bytes)
    {
        if (element.Text(name) is not { Length: > 0 } text) return null;
        if (text.Length == bytes * 2 && text.All(char.IsAsciiHexDigit)) return text.ToLowerInvariant();
        var decoded = new byte[bytes];
        if (Convert.TryFromBase64String(text, decoded, out var written) && written == bytes) return Convert.ToHexStringLower(decoded);
        throw new WrongFormException(name, $"is \"{text}\"; expected {bytes * 2} hex digits, or {bytes} bytes as base64");
    }

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
