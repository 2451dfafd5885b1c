using System.Buffers.Binary;
using System.Globalization;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Traces.Scanning;

/// <summary>Scans one span of OTLP protobuf: ids, times and status; of its attributes the wanted ones.</summary>
internal static class ProtobufSpanScan
{
    /// <exception cref="WrongFormException">It is no span.</exception>
    public static void Read(ReadOnlySpan<byte> message, WantedKeys keys, ref ScannedSpan span)
    {
        var ids = 0;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when reader.Bytes.Length == 16:
                    span.TraceId = new(
                        BinaryPrimitives.ReadUInt64BigEndian(reader.Bytes),
                        BinaryPrimitives.ReadUInt64BigEndian(reader.Bytes[8..])
                    );
                    ids |= 1;
                    break;
                case 2 when reader.Bytes.Length == 8:
                    ids |= 2;
                    break;
                case 7:
                    span.StartNanos = (long)reader.Number;
                    break;
                case 8:
                    span.EndNanos = (long)reader.Number;
                    break;
                case 15:
                    span.Failed = HasFailed(reader.Bytes);
                    break;
            }
        }
        if (ids != 3)
            throw new WrongFormException("", "holds a span without ids");
        if (keys.Count > 0)
            Attributes(message, 9, keys, ref span);
    }

    /// <summary>The attributes in a field of a message.</summary>
    public static void Attributes(ReadOnlySpan<byte> message, int field, WantedKeys keys, ref ScannedSpan span)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
            if (reader.Field == field)
                Attribute(reader.Bytes, keys, ref span);
    }

    private static void Attribute(ReadOnlySpan<byte> message, WantedKeys keys, ref ScannedSpan span)
    {
        ReadOnlySpan<byte> key = default,
            value = default;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
                key = reader.Bytes;
            if (reader.Field == 2)
                value = reader.Bytes;
        }
        if (keys.IndexOf(key) is var index && index >= 0)
            WantedKeys.Note(index, HashOf(value), ref span);
    }

    private static ulong HashOf(ReadOnlySpan<byte> value)
    {
        var reader = new ProtobufReader(value);
        if (!reader.Next())
            return 0;
        return reader.Field switch
        {
            1 => WantedKeys.Hash(reader.Bytes),
            2 => WantedKeys.Hash(reader.Number != 0 ? "true"u8 : "false"u8),
            3 => WantedKeys.Hash(((long)reader.Number).ToString(CultureInfo.InvariantCulture)),
            4 => WantedKeys.Hash(BitConverter.UInt64BitsToDouble(reader.Number).ToString(CultureInfo.InvariantCulture)),
            _ => throw new WrongFormException("", "holds a list or a map where a key is looked for"),
        };
    }

    private static bool HasFailed(ReadOnlySpan<byte> status)
    {
        var reader = new ProtobufReader(status);
        while (reader.Next())
            if (reader.Field == 3)
                return reader.Number == 2;
        return false;
    }
}
