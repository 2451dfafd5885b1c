using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ReplayHarness.Traces;

/// <summary>JSON text to and from the plain values that <see cref="AttributeSet"/> holds, and its canonical form for comparing.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions s_bounded = new() { MaxDepth = 128 };

    /// <summary>Parses text into plain values; null where the text is not JSON (or is JSON's null).</summary>
    public static object? TryParse(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty || !LooksLikeJson(trimmed[0]))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text, s_bounded);
            return Value(document.RootElement);
        }
        catch (Exception e) when (e is JsonException || IsNoText(e))
        {
            return null;
        }
    }

    /// <summary>
    /// Whether reading text failed for it is no Unicode: invalid UTF-8, or half of a surrogate pair spelt with an escape.
    /// </summary>
    internal static bool IsNoText(Exception e) =>
        e is InvalidOperationException && e.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true;

    /// <summary>A parsed element as plain values.</summary>
    public static object? Value(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => element.TryGetInt64(out var n) ? n : (object)element.GetDouble(),
            JsonValueKind.Array => element.EnumerateArray().Select(Value).ToArray(),
            JsonValueKind.Object => ToMap(element),
            _ => null,
        };

    /// <summary>Plain values as compact JSON, members in their own order.</summary>
    public static string Write(object? value) => Write(value, sorted: false);

    /// <summary>
    /// The canonical form of a value or of JSON text: members sorted by name (ordinal), no white space, numbers in invariant form.
    /// Two texts are the same arguments or the same result exactly when their canonical forms are equal. Text that is not JSON stands for
    /// itself, with LF line ends.
    /// </summary>
    public static string Canonical(string? text) =>
        text is null ? ""
        : TryParse(text) is { } value ? Write(value, sorted: true)
        : text.ReplaceLineEndings("\n");

    /// <inheritdoc cref="Canonical(string?)"/>
    public static string Canonical(object? value) => value is string text ? Canonical(text) : Write(value, sorted: true);

    private static bool LooksLikeJson(char first) => first is '{' or '[' or '"' or '-' or 't' or 'f' or (>= '0' and <= '9');

    private static Dictionary<string, object?> ToMap(JsonElement element)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
            map[member.Name] = Value(member.Value);
        return map;
    }

    private static string Write(object? value, bool sorted)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, s_compact))
            Write(writer, value, sorted);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes plain values to a writer, members in their own order.</summary>
    public static void Write(Utf8JsonWriter writer, object? value) => Write(writer, value, sorted: false);

    private static void Write(Utf8JsonWriter writer, object? value, bool sorted)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string s:
                writer.WriteStringValue(s);
                break;
            case bool b:
                writer.WriteBooleanValue(b);
                break;
            case long n:
                writer.WriteNumberValue(n);
                break;
            case int n:
                writer.WriteNumberValue(n);
                break;
            case double d:
                WriteDouble(writer, d);
                break;
            case byte[] bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            case JsonElement element:
                Write(writer, Value(element), sorted);
                break;
            case IReadOnlyDictionary<string, object?> map:
                WriteMap(writer, map, sorted);
                break;
            case System.Collections.IEnumerable list:
                WriteList(writer, list, sorted);
                break;
            default:
                writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    // JSON has no NaN or infinities; protobuf's JSON mapping writes them as strings.
    private static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteMap(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> map, bool sorted)
    {
        writer.WriteStartObject();
        foreach (var (name, member) in sorted ? map.OrderBy(m => m.Key, StringComparer.Ordinal) : map.AsEnumerable())
        {
            writer.WritePropertyName(name);
            Write(writer, member, sorted);
        }
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, System.Collections.IEnumerable list, bool sorted)
    {
        writer.WriteStartArray();
        foreach (var item in list)
            Write(writer, item, sorted);
        writer.WriteEndArray();
    }
}
