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
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var name in names)
            if (element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
                return value;
        return null;
    }

    /// <summary>The items of a list member; none where it is absent.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.Member(names) is not { } list)
            return [];
        return list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : throw new WrongFormException(names[0], $"is {Kind(list)}; expected a list");
    }

    public static string? Text(this JsonElement element, params ReadOnlySpan<string> names) =>
        element.Member(names) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? TextOf(value, names[0])
        : throw new WrongFormException(names[0], $"is {Kind(value)}; expected text");

    // JSON can spell half of a surrogate pair, which is no text.
    private static string? TextOf(JsonElement value, string name)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException e) when (Json.IsNoText(e))
        {
            throw new WrongFormException(name, "is no valid Unicode text");
        }
    }

    /// <summary>A whole number, written as a number or as text.</summary>
    public static long? Whole(this JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.Member(names) is not { } value)
            return null;
        var name = names[0];
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
            return number;
        if (
            value.ValueKind == JsonValueKind.String
            && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
        )
            return number;
        throw new WrongFormException(name, $"is {value.GetRawText()}; expected a whole number within 64 bits, as a number or as text");
    }

    /// <summary>A trace id: 32 hex digits of any case, or base64; null where it is absent or empty.</summary>
    public static string? TraceId(this JsonElement element, params ReadOnlySpan<string> names) =>
        element.Text(names) is { Length: > 0 } text ? Id(text, names[0], 16) : null;

    /// <summary>A span id: 16 hex digits of any case, or base64; null where it is absent, empty or all zeros.</summary>
    public static string? SpanId(this JsonElement element, params ReadOnlySpan<string> names) =>
        element.Text(names) is { Length: > 0 } text && Id(text, names[0], 8) is var id && id != "0000000000000000" ? id : null;

    private static string Id(string text, string name, int bytes)
    {
        if (text.Length == bytes * 2 && text.All(char.IsAsciiHexDigit))
            return text.ToLowerInvariant();
        var decoded = new byte[bytes];
        if (Convert.TryFromBase64String(text, decoded, out var written) && written == bytes)
            return Convert.ToHexStringLower(decoded);
        throw new WrongFormException(name, $"is \"{text}\"; expected {bytes * 2} hex digits, or {bytes} bytes as base64");
    }

    /// <summary>A number; protobuf's JSON mapping writes NaN and the infinities as text, and reads any number so.</summary>
    public static double DoubleOf(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : value.ValueKind == JsonValueKind.String
        && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
        : throw new WrongFormException(name, $"is {value.GetRawText()}; expected a number");

    public static string Kind(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "text",
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "a boolean",
            _ => "null",
        };
}
