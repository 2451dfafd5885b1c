using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>What the readers of tables and of query results share.</summary>
internal static class Rows
{
    /// <summary>Attributes from an object, or from the text of one.</summary>
    public static KeyValuePair<string, object?>[] Attributes(JsonElement? value) =>
        value switch
        {
            { ValueKind: JsonValueKind.Object } map =>
            [
                .. map.EnumerateObject().Select(m => KeyValuePair.Create(m.Name, Json.Value(m.Value))),
            ],
            { ValueKind: JsonValueKind.String } text when Json.TryParse(text.GetString()!) is IReadOnlyDictionary<string, object?> map =>
            [
                .. map,
            ],
            _ => [],
        };

    /// <summary>A list, or the text of one, as plain values.</summary>
    public static IReadOnlyList<object?> List(JsonElement? value) =>
        value switch
        {
            { ValueKind: JsonValueKind.Array } list => (object?[])Json.Value(list)!,
            { ValueKind: JsonValueKind.String } text when Json.TryParse(text.GetString()!) is IReadOnlyList<object?> list => list,
            _ => [],
        };

    /// <summary>
    /// An id of OpenTelemetry's length: hex as it is (shorter hex is filled up with zeros), any other id by its hash, so that equal ids
    /// stay equal.
    /// </summary>
    public static string Id(string text, int digits)
    {
        var hex = text.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (hex.Length <= digits && hex.Length > 0 && hex.All(char.IsAsciiHexDigit))
            return hex.PadLeft(digits, '0');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];
    }

    /// <summary>
    /// Nanoseconds since 1970 from ISO 8601 text or from a number of seconds, ms, µs or ns (told apart by size); null where the member is
    /// absent.
    /// </summary>
    public static long? Time(this JsonElement row, params ReadOnlySpan<string> names)
    {
        if (row.Member(names) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number)
            return Epoch(value.GetDecimal());
        if (value.ValueKind == JsonValueKind.String && Timestamps.TryParse(value.GetString()!, out var nanos))
            return nanos;
        throw new WrongFormException(names[0], $"is {value.GetRawText()}; expected a time such as 2026-05-27T21:31:29.384849Z");
    }

    /// <summary>A number, written as a number or as text.</summary>
    public static decimal? Decimal(this JsonElement row, params ReadOnlySpan<string> names)
    {
        if (row.Member(names) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number))
            return number;
        if (value.ValueKind == JsonValueKind.String && value.ValueEquals(""))
            return null;
        if (
            value.ValueKind == JsonValueKind.String
            && decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number)
        )
            return number;
        throw new WrongFormException(names[0], $"is {value.GetRawText()}; expected a number");
    }

    /// <summary>The text of a member that may be of any type; null where it is absent or empty.</summary>
    public static string? AnyText(this JsonElement row, params ReadOnlySpan<string> names) =>
        row.Member(names) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } s ? s : null,
            { } other => other.GetRawText(),
        };

    /// <summary>Adds names that are not there yet; null values are left out.</summary>
    public static AttributeSet With(
        this IEnumerable<KeyValuePair<string, object?>> attributes,
        params ReadOnlySpan<(string Name, object? Value)> more
    )
    {
        var all = attributes.ToList();
        foreach (var (name, value) in more)
            if (value is not null && !all.Any(a => a.Key == name))
                all.Add(new(name, value));
        return all.Count == 0 ? AttributeSet.None : new([.. all]);
    }

    /// <summary>A status as any exporter spells it: ERROR, Error, STATUS_CODE_ERROR, 2.</summary>
    public static SpanStatus Status(string? text) =>
        text?.ToUpperInvariant() switch
        {
            "ERROR" or "STATUS_CODE_ERROR" or "2" => SpanStatus.Error,
            "OK" or "STATUS_CODE_OK" or "1" => SpanStatus.Ok,
            _ => SpanStatus.Unset,
        };

    /// <summary>A span kind as any exporter spells it: CLIENT, Client, SPAN_KIND_CLIENT.</summary>
    public static int Kind(string? text) =>
        1
        + Array.IndexOf(
            (string[])["INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"],
            text?.ToUpperInvariant().Replace("SPAN_KIND_", "", StringComparison.Ordinal)
        );

    private static long Epoch(decimal number) =>
        (long)(
            Math.Abs(number) switch
            {
                < 100_000_000_000m => number * 1_000_000_000m,
                < 100_000_000_000_000m => number * 1_000_000m,
                < 100_000_000_000_000_000m => number * 1_000m,
                _ => number,
            }
        );
}
