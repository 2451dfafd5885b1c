using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Judging;

namespace ReplayHarness.Running;

/// <summary>Verdicts by their names.</summary>
internal sealed class VerdictConverter() : JsonStringEnumConverter<VerdictKind>(JsonNamingPolicy.KebabCaseLower);

/// <summary>Numbers of schedules, which outgrow every machine word, as decimal text.</summary>
internal sealed class BigIntegerConverter : JsonConverter<BigInteger>
{
    public override BigInteger Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        BigInteger.Parse(reader.GetString()!, CultureInfo.InvariantCulture);

    public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>What the host answers to a job: a report, or why there is none.</summary>
/// <param name="Report">The report.</param>
/// <param name="Error">What was wrong with the input, for a person.</param>
/// <param name="Progress">How far it is; other replies follow.</param>
internal sealed record HostReply(ReplayReport? Report, string? Error, ReplayProgress? Progress = null);

/// <summary>The lines that go to and from the host process.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(VerdictConverter), typeof(BigIntegerConverter)]
)]
[JsonSerializable(typeof(ReplayJob))]
[JsonSerializable(typeof(HostReply))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    private static ReportJson? s_relaxed;

    /// <summary>With text left readable.</summary>
    public static ReportJson Relaxed =>
        s_relaxed ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
