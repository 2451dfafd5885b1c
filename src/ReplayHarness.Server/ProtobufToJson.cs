using System.Globalization;
using System.Text.Json;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Server;

/// <summary>Writes a protobuf message as OTLP's JSON encoding; fields that the schema does not know are left out.</summary>
internal static class ProtobufToJson
{
    private const int MaxDepth = 100;

    /// <exception cref="WrongFormException">The bytes are no such message.</exception>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> message, Message schema, int depth = 0)
    {
        if (depth > MaxDepth)
            throw new WrongFormException("", $"is nested deeper than {MaxDepth} levels");
        writer.WriteStartObject();
        foreach (var field in schema.Fields)
        {
            var isOpen = false;
            var reader = new ProtobufReader(message);
            while (reader.Next())
            {
                if (reader.Field != field.Number)
                    continue;
                if (!isOpen)
                    writer.WritePropertyName(field.Name);
                if (field.IsList && !isOpen)
                    writer.WriteStartArray();
                // Of a field that is no list the first value stands: exporters send one.
                if (field.IsList && reader.IsBytes && IsNumber(field.Type))
                    WritePacked(writer, reader.Bytes, field);
                else if (field.IsList || !isOpen)
                    WriteValue(writer, reader, field, depth);
                isOpen = true;
            }
            if (field.IsList && isOpen)
                writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static bool IsNumber(FieldType type) => type is FieldType.Double or FieldType.Long or FieldType.Count;

    private static void WritePacked(Utf8JsonWriter writer, ReadOnlySpan<byte> packed, Field field)
    {
        for (var reader = new ProtobufReader(packed); reader.NextPacked(field.IsVarint); )
            WriteValue(writer, reader, field, depth: 0);
    }

    private static void WriteValue(Utf8JsonWriter writer, ProtobufReader reader, Field field, int depth)
    {
        switch (field.Type)
        {
            case FieldType.Text:
                writer.WriteStringValue(reader.Bytes);
                break;
            case FieldType.Hex:
                writer.WriteStringValue(Convert.ToHexStringLower(reader.Bytes));
                break;
            case FieldType.Bytes:
                writer.WriteBase64StringValue(reader.Bytes);
                break;
            case FieldType.Bool:
                writer.WriteBooleanValue(reader.Number != 0);
                break;
            case FieldType.Number:
                writer.WriteNumberValue(reader.Number);
                break;
            case FieldType.Signed:
                writer.WriteNumberValue((int)(reader.Number >> 1) ^ -(int)(reader.Number & 1));
                break;
            case FieldType.Count:
                writer.WriteStringValue(reader.Number.ToString(CultureInfo.InvariantCulture));
                break;
            case FieldType.Long:
                writer.WriteStringValue(((long)reader.Number).ToString(CultureInfo.InvariantCulture));
                break;
            case FieldType.Double:
                WriteDouble(writer, BitConverter.UInt64BitsToDouble(reader.Number));
                break;
            case FieldType.Message:
                Write(writer, reader.Bytes, field.Of!(), depth + 1);
                break;
        }
    }

    private static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
