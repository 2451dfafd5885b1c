using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Cli.Diagnoses;
using ReplayHarness.Evidence;

namespace ReplayHarness.Cli.Documents;

/// <summary>The documents that commands print with --json: camel case, LF, nothing left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    MaxDepth = 1000,
    Converters = [typeof(PlainValueConverter)]
)]
[JsonSerializable(typeof(FindDocument))]
[JsonSerializable(typeof(TreeDocument))]
[JsonSerializable(typeof(AttemptsDocument))]
[JsonSerializable(typeof(IoDocument))]
[JsonSerializable(typeof(BridgeDocument))]
[JsonSerializable(typeof(InspectDocument))]
[JsonSerializable(typeof(GroupsDocument))]
[JsonSerializable(typeof(ReleasesDocument))]
[JsonSerializable(typeof(ShapeDocument))]
[JsonSerializable(typeof(ChecklistDocument))]
[JsonSerializable(typeof(RulesDocument))]
[JsonSerializable(typeof(DiagnosisDocument))]
[JsonSerializable(typeof(DiagnosesDocument))]
[JsonSerializable(typeof(ScanDocument))]
[JsonSerializable(typeof(IncidentsDocument))]
[JsonSerializable(typeof(BisectResult))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>The options, with text left readable.</summary>
    public static CliJson Relaxed =>
        s_relaxed ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static CliJson? s_relaxed;
}

/// <summary>A value of an attribute, of whatever type.</summary>
/// <param name="Value">Null, text, a number, a boolean, bytes, a list or a map.</param>
internal readonly record struct PlainValue(object? Value);

/// <summary>Writes a value of an attribute as JSON has it.</summary>
internal sealed class PlainValueConverter : JsonConverter<PlainValue>
{
    /// <inheritdoc/>
    public override PlainValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return new(Traces.Json.Value(value.RootElement));
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PlainValue value, JsonSerializerOptions options) =>
        Traces.Json.Write(writer, value.Value);
}
