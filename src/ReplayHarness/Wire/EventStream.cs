using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReplayHarness.Wire;

/// <summary>
/// Amazon's event stream: messages of headers and a payload, framed by their lengths and two checksums. Here every payload is JSON.
/// </summary>
internal static class EventStream
{
    public const string ContentType = "application/vnd.amazon.eventstream";

    // The two lengths and their checksum; behind the payload, the checksum of it all.
    private const int Prelude = 12,
        Checksum = 4;

    // Nothing that a model says is as long.
    private const int Longest = 16 << 20;

    private const byte OfText = 7;
    private const string EventType = ":event-type",
        ExceptionType = ":exception-type";

    /// <summary>A message that holds an event.</summary>
    public static byte[] Event(string type, JsonNode payload)
    {
        byte[] headers = [.. Header(EventType, type), .. Header(":content-type", "application/json"), .. Header(":message-type", "event")];
        var body = WireFormat.Bytes(payload);
        var message = new byte[Prelude + headers.Length + body.Length + Checksum];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc32(message.AsSpan(0, 8)));
        headers.CopyTo(message, Prelude);
        body.CopyTo(message, Prelude + headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(
            message.AsSpan(message.Length - Checksum),
            Crc32(message.AsSpan(0, message.Length - Checksum))
        );
        return message;
    }

    /// <summary>
    /// The events, each an object with its type as the only member, with the time of the piece which ends it; as far as they came.
    /// </summary>
    /// <exception cref="WireException">A checksum is wrong.</exception>
    public static IReadOnlyList<(JsonElement Data, long Ticks)> Read(IEnumerable<(byte[] Bytes, long Ticks)> pieces)
    {
        List<(JsonElement, long)> events = [];
        List<byte> came = [];
        foreach (var (bytes, ticks) in pieces)
        {
            came.AddRange(bytes);
            for (byte[]? message; (message = Taken(came)) is not null; )
                if (EventOf(message) is { } data)
                    events.Add((data, ticks));
        }
        return events;
    }

    // The first message, where all of it is there.
    private static byte[]? Taken(List<byte> came)
    {
        if (came.Count < Prelude)
            return null;
        byte[] prelude = [.. came[..Prelude]];
        var length = BinaryPrimitives.ReadInt32BigEndian(prelude);
        if (
            BinaryPrimitives.ReadUInt32BigEndian(prelude.AsSpan(8)) != Crc32(prelude.AsSpan(0, 8))
            || length is < Prelude + Checksum or > Longest
        )
            throw new WireException("the event stream's prelude has a wrong checksum");
        if (came.Count < length)
            return null;
        byte[] message = [.. came[..length]];
        came.RemoveRange(0, length);
        return BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(length - Checksum)) == Crc32(message.AsSpan(0, length - Checksum))
            ? message
            : throw new WireException("a message of the event stream has a wrong checksum");
    }

    private static JsonElement? EventOf(ReadOnlySpan<byte> message)
    {
        var end = Prelude + BinaryPrimitives.ReadInt32BigEndian(message[4..]);
        if (end > message.Length - Checksum)
            throw new WireException("a message of the event stream has headers that are longer than itself");
        if (TypeIn(message[Prelude..end]) is not { } type)
            return null;
        try
        {
            var payload = JsonNode.Parse(message[end..^Checksum]);
            return JsonElement.Parse(new JsonObject { [type] = payload }.ToJsonString());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // All headers that say what a message is are texts: the length of the name, the name, the type, the length of the text, the text.
    private static string? TypeIn(ReadOnlySpan<byte> headers)
    {
        while (headers.Length > 0 && headers.Length > headers[0] + 3 && headers[headers[0] + 1] == OfText)
        {
            var name = Encoding.UTF8.GetString(headers[1..(headers[0] + 1)]);
            headers = headers[(headers[0] + 2)..];
            var length = BinaryPrimitives.ReadUInt16BigEndian(headers);
            if (headers.Length < 2 + length)
                return null;
            if (name is EventType or ExceptionType)
                return Encoding.UTF8.GetString(headers.Slice(2, length));
            headers = headers[(2 + length)..];
        }
        return null;
    }

    private static byte[] Header(string name, string value)
    {
        var (key, text) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        return [(byte)key.Length, .. key, OfText, (byte)(text.Length >> 8), (byte)text.Length, .. text];
    }

    // As in zip and PNG.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        const uint Polynomial = 0xEDB88320;
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
        }
        return ~crc;
    }
}
