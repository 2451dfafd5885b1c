using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReplayHarness.Judging;

/// <summary>A number of schedules: as a number where every reader of JSON takes it exactly, else as decimal text.</summary>
internal class Counts : JsonConverter<BigInteger>
{
    public override BigInteger Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
            ? reader.GetInt64()
            : BigInteger.Parse(reader.GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);

    public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options)
    {
        if (value <= long.MaxValue)
            writer.WriteNumberValue((long)value);
        else
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>A number of schedules, always as decimal text: it outgrows every machine word.</summary>
internal sealed class CountAsText : Counts
{
    public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Of findings only their rules, each once, for readers that ask no more; the findings themselves stand beside.</summary>
internal sealed class RuleNames : JsonConverter<IReadOnlyList<JudgedFinding>>
{
    public override IReadOnlyList<JudgedFinding>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<JudgedFinding> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var rule in value.Select(f => f.Rule).Distinct(StringComparer.Ordinal))
            writer.WriteStringValue(rule);
        writer.WriteEndArray();
    }
}
