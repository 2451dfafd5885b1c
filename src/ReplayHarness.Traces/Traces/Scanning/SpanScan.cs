using System.Runtime.CompilerServices;
using System.Text;
using static ReplayHarness.Traces.Scanning.JsonText;

namespace ReplayHarness.Traces.Scanning;

/// <summary>What is learnt of a span without decoding it.</summary>
internal unsafe struct ScannedSpan
{
    public UInt128 TraceId;
    public long StartNanos,
        EndNanos;
    public bool Failed;

    /// <summary>Bit i: the attribute of the i-th wanted key was seen; <see cref="Wanted"/> then holds its value's hash.</summary>
    public uint Seen;
    public fixed ulong Wanted[MaxKeys];

    /// <summary>How many keys can be wanted at once.</summary>
    public const int MaxKeys = 16;
}

/// <summary>
/// Scans one span of OTLP/JSON, directed by the schema: literal fast paths for what exporters write, a surprise for anything odd.
/// </summary>
internal static unsafe class SpanScan
{
    private static readonly ulong s_attributeKey = Eight("{\"key\":\""),
        s_valueA = Eight("\",\"value"),
        s_valueB = Eight("\":{\"stri"),
        s_valueC = Eight("ngValue\"");
    private static readonly ulong s_traceId = Eight("traceId\""),
        s_spanId = Eight("spanId\":"),
        s_start = Eight("startTim"),
        s_end = Eight("endTimeU"),
        s_attributes = Eight("attribut"),
        s_status = Eight("status\":");

    private static ulong Eight(string text) => BitConverter.ToUInt64(Encoding.ASCII.GetBytes(text));

    /// <summary>From the opening brace of a span to past its closing one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static byte* Read(byte* p, WantedKeys keys, ref ScannedSpan span)
    {
        p = Open(p, (byte)'{', out var isEmpty);
        if (isEmpty)
            throw SurpriseException.Instance;
        var ids = 0;
        do
        {
            p = Name(p, out var name, out var length);
            var head = Unsafe.ReadUnaligned<ulong>(name);
            if (head == s_traceId && length == 7)
            {
                if (*p != '"' || p[33] != '"')
                    throw SurpriseException.Instance;
                span.TraceId = new(Hex(p + 1), Hex(p + 17));
                p += 34;
                ids |= 1;
            }
            else if (head == s_spanId && length == 6)
            {
                if (*p != '"' || p[17] != '"')
                    throw SurpriseException.Instance;
                p += 18;
                ids |= 2;
            }
            else if (head == s_start && length == 17)
                (span.StartNanos, ids) = (Number(p, out p), ids | 4);
            else if (head == s_end && length == 15)
                (span.EndNanos, ids) = (Number(p, out p), ids | 8);
            else if (head == s_attributes && length == 10)
                p = Attributes(p, keys, ref span);
            else if (head == s_status && length == 6)
                p = Status(p, ref span);
            else
                p = Other(p, name, length);
        } while (Next(ref p, (byte)'}'));
        return ids == 15 ? p : throw SurpriseException.Instance;
    }

    // A name that is spelt with escapes could be any: trace\u0049d.
    private static byte* Other(byte* p, byte* name, int length)
    {
        if (new ReadOnlySpan<byte>(name, length).IndexOf((byte)'\\') >= 0 || IsOtherSpelling(new(name, length)))
            throw SurpriseException.Instance;
        return Value(p);
    }

    private static bool IsOtherSpelling(ReadOnlySpan<byte> name) =>
        name.IndexOf((byte)'_') >= 0
        && (
            name.SequenceEqual("trace_id"u8)
            || name.SequenceEqual("span_id"u8)
            || name.SequenceEqual("start_time_unix_nano"u8)
            || name.SequenceEqual("end_time_unix_nano"u8)
        );

    private static byte* Status(byte* p, ref ScannedSpan span)
    {
        p = Open(p, (byte)'{', out var isEmpty);
        if (isEmpty)
            return p;
        do
        {
            p = Name(p, out var name, out var length);
            if (length != 4 || *(uint*)name != 0x65646F63)
            {
                p = Other(p, name, length);
                continue;
            }
            var value = p;
            p = Value(p);
            span.Failed =
                new ReadOnlySpan<byte>(value, (int)(p - value)) is [(byte)'2'] or [(byte)'"', (byte)'2', (byte)'"']
                || new ReadOnlySpan<byte>(value, (int)(p - value)).SequenceEqual("\"STATUS_CODE_ERROR\""u8);
        } while (Next(ref p, (byte)'}'));
        return p;
    }

    /// <summary>The attributes of a span or a resource, of which only the wanted ones are looked at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static byte* Attributes(byte* p, WantedKeys keys, ref ScannedSpan span)
    {
        p = Open(p, (byte)'[', out var isEmpty);
        if (isEmpty)
            return p;
        do
        {
            p = Space(p);
            if (Unsafe.ReadUnaligned<ulong>(p) == s_attributeKey)
            {
                var key = p + 8;
                var end = StringEnd(key);
                if (
                    Unsafe.ReadUnaligned<ulong>(end) == s_valueA
                    && Unsafe.ReadUnaligned<ulong>(end + 8) == s_valueB
                    && Unsafe.ReadUnaligned<ulong>(end + 16) == s_valueC
                    && end[24] == ':'
                    && end[25] == '"'
                )
                {
                    var value = end + 26;
                    var valueEnd = StringEnd(value);
                    if (valueEnd[1] == '}' && valueEnd[2] == '}')
                    {
                        keys.Take(new(key, (int)(end - key)), new(value - 1, (int)(valueEnd - value) + 2), ref span);
                        p = valueEnd + 3;
                        continue;
                    }
                }
            }
            p = AnyAttribute(p, keys, ref span);
        } while (Next(ref p, (byte)']'));
        return p;
    }

    private static byte* AnyAttribute(byte* p, WantedKeys keys, ref ScannedSpan span)
    {
        ReadOnlySpan<byte> key = default,
            value = default;
        p = Open(p, (byte)'{', out var isEmpty);
        if (isEmpty)
            return p;
        do
        {
            p = Name(p, out var name, out var length);
            var start = p;
            p = Value(p);
            var text = new ReadOnlySpan<byte>(name, length);
            if (text.SequenceEqual("key"u8))
                key = *start == '"' ? new(start + 1, (int)(p - start) - 2) : throw SurpriseException.Instance;
            else if (text.SequenceEqual("value"u8))
                value = new(start, (int)(p - start));
            else if (text.IndexOf((byte)'\\') >= 0)
                throw SurpriseException.Instance;
        } while (Next(ref p, (byte)'}'));
        if (!value.IsEmpty && keys.IsWanted(key))
            keys.Take(key, Inner(value), ref span);
        return p;
    }

    // {"intValue":"1"}: the value of the one member, where its text is as it stands. Of anything else only the referee knows the text.
    private static ReadOnlySpan<byte> Inner(ReadOnlySpan<byte> json)
    {
        fixed (byte* text = json)
        {
            var p = Open(text, (byte)'{', out var isEmpty);
            if (isEmpty)
                throw SurpriseException.Instance;
            p = Name(p, out var name, out var length);
            var value = p;
            p = Value(p);
            if (Next(ref p, (byte)'}'))
                throw SurpriseException.Instance;
            var inner = json.Slice((int)(value - text), (int)(p - value) - 1).TrimEnd(" \t\r"u8);
            return IsPlain(new(name, length), inner) ? inner : throw SurpriseException.Instance;
        }
    }

    private static bool IsPlain(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> value) =>
        kind.SequenceEqual("stringValue"u8) ? value[0] == '"'
        : kind.SequenceEqual("boolValue"u8) ? value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8)
        : kind.SequenceEqual("doubleValue"u8) ? value[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9')
        : kind.SequenceEqual("intValue"u8) && IsWhole(value[0] == '"' ? value[1..^1] : value);

    // As it is written again: no leading zeros, no sign but a minus, no more digits than a whole number of 64 bits surely has.
    private static bool IsWhole(ReadOnlySpan<byte> text)
    {
        var digits = text.StartsWith("-"u8) ? text[1..] : text;
        return digits.Length is > 0 and <= 18
            && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && (digits[0] != '0' || text.Length == 1);
    }
}
