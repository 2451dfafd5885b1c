using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ReplayHarness.Cli;

/// <summary>The one JSON document that a command prints with --json.</summary>
internal static class JsonOut
{
    private static readonly JsonWriterOptions s_options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Prints a document.</summary>
    public static void Write<T>(T document, JsonTypeInfo<T> type) => Console.Out.Write(JsonSerializer.Serialize(document, type) + "\n");

    public static void Write(object? value)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, s_options))
            Traces.Json.Write(writer, value);
        Console.Out.Write(Encoding.UTF8.GetString(output.ToArray()) + "\n");
    }

    public static Dictionary<string, object?> Map(params (string Name, object? Value)[] members)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
            map[name] = value;
        return map;
    }

    public static string Time(long nanos) =>
        DateTimeOffset
            .UnixEpoch.AddTicks(nanos / 100)
            .ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);
}
