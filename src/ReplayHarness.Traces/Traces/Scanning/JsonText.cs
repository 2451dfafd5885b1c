using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReplayHarness.Traces.Scanning;

/// <summary>The text is not what the scanner is made for: the referee reads it.</summary>
internal sealed class SurpriseException : Exception
{
    /// <summary>One instance: it carries nothing, and is thrown at the end of every buffer.</summary>
    public static SurpriseException Instance { get; } = new();
}

/// <summary>
/// Moves through JSON text without validating it. Pointers stay within a buffer whose end is followed by <see cref="Padding"/> bytes: a
/// zero, which ends every structure, a quote, which ends every string, and zeros again.
/// </summary>
internal static unsafe class JsonText
{
    /// <summary>How many bytes after the end of the text are readable.</summary>
    public const int Padding = 192;

    private const ulong OddBits = 0xAAAAAAAAAAAAAAAAUL;

    /// <summary>Writes the padding after the text's end.</summary>
    public static void Pad(byte* end)
    {
        Unsafe.InitBlockUnaligned(end, 0, Padding);
        end[1] = (byte)'"';
    }

    /// <summary>From after the opening quote of a string to its closing quote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* StringEnd(byte* p)
    {
        var block = Vector512.Load(p);
        var quotes = Vector512.Equals(block, Vector512.Create((byte)'"')).ExtractMostSignificantBits();
        var escapes = Vector512.Equals(block, Vector512.Create((byte)'\\')).ExtractMostSignificantBits();
        var simple = quotes != 0 && (escapes == 0 || BitOperations.TrailingZeroCount(escapes) > BitOperations.TrailingZeroCount(quotes));
        return simple ? p + BitOperations.TrailingZeroCount(quotes) : EscapedStringEnd(p);
    }

    // A quote counts if an even number of backslashes stands before it: the carry arithmetic finds the characters that are escaped, 64 at a
    // time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static byte* EscapedStringEnd(byte* p)
    {
        ulong carry = 0;
        var quote = Vector512.Create((byte)'"');
        var backslash = Vector512.Create((byte)'\\');
        for (; ; p += 64)
        {
            var block = Vector512.Load(p);
            var quotes = Vector512.Equals(block, quote).ExtractMostSignificantBits();
            var escapes = Vector512.Equals(block, backslash).ExtractMostSignificantBits();
            var starts = escapes & ~carry;
            var codes = (((starts << 1) | OddBits) - starts) ^ OddBits;
            var escaped = codes ^ (escapes | carry);
            carry = (codes & escapes) >> 63;
            quotes &= ~escaped;
            if (quotes != 0)
                return p + BitOperations.TrailingZeroCount(quotes);
        }
    }

    /// <summary>Past white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Space(byte* p)
    {
        while (*p <= ' ')
        {
            if (*p == 0)
                throw SurpriseException.Instance;
            p++;
        }
        return p;
    }

    /// <summary>Past any value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static byte* Value(byte* p)
    {
        p = Space(p);
        if (*p == '"')
            return StringEnd(p + 1) + 1;
        if (*p is (byte)'{' or (byte)'[')
            return Structure(p);
        if (*p is not ((byte)'-' or (byte)'t' or (byte)'f' or (byte)'n' or (>= (byte)'0' and <= (byte)'9')))
            throw SurpriseException.Instance;
        while (*p > ' ' && *p != ',' && *p != '}' && *p != ']')
            p++;
        return p;
    }

    private static byte* Structure(byte* p)
    {
        for (var depth = 0; ; p++)
        {
            switch (*p)
            {
                case (byte)'"':
                    p = StringEnd(p + 1);
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    if (--depth == 0)
                        return p + 1;
                    break;
                case 0:
                    throw SurpriseException.Instance;
            }
        }
    }

    /// <summary>Past a member's name and colon, to its value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Name(byte* p, out byte* name, out int length)
    {
        p = Space(p);
        if (*p != '"')
            throw SurpriseException.Instance;
        name = p + 1;
        var end = StringEnd(name);
        length = (int)(end - name);
        p = Space(end + 1);
        if (*p != ':')
            throw SurpriseException.Instance;
        return Space(p + 1);
    }

    /// <summary>Past a comma (true) or the end of a structure (false).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Next(ref byte* p, byte close)
    {
        p = Space(p);
        if (*p != ',' && *p != close)
            throw SurpriseException.Instance;
        return *p++ == ',';
    }

    /// <summary>Into a structure, to its first item or past its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Open(byte* p, byte open, out bool isEmpty)
    {
        p = Space(p);
        if (*p != open)
            throw SurpriseException.Instance;
        p = Space(p + 1);
        isEmpty = *p == open + 2;
        return isEmpty ? p + 1 : p;
    }

    /// <summary>16 hex digits of any case; what is no hex is a surprise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hex(byte* p)
    {
        var text = Vector128.Load(p);
        var digit = text - Vector128.Create((byte)'0');
        var letter = (text | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a');
        var isDigit = Vector128.LessThan(digit, Vector128.Create((byte)10));
        var isLetter = Vector128.LessThan(letter, Vector128.Create((byte)6));
        if ((isDigit | isLetter) != Vector128<byte>.AllBitsSet)
            throw SurpriseException.Instance;
        var nibbles = Vector128.ConditionalSelect(isDigit, digit, letter + Vector128.Create((byte)10)).AsUInt16();
        var pairs = ((nibbles << 4) | (nibbles >> 8)) & Vector128.Create((ushort)0xFF);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(Vector128.Narrow(pairs, pairs).AsUInt64().ToScalar());
    }

    /// <summary>A whole number of up to 18 digits, bare or in quotes; anything else is a surprise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Number(byte* p, out byte* end)
    {
        var quoted = *p == '"';
        if (quoted)
            p++;
        var start = p;
        long value = 0;
        while ((uint)(*p - '0') <= 9)
            value = (value * 10) + (*p++ - '0');
        if (
            p == start
            || p - start > 19
            || value < 0
            || (quoted ? *p++ != '"' : *p is not ((byte)',' or (byte)'}' or (byte)']' or <= (byte)' '))
        )
            throw SurpriseException.Instance;
        end = p;
        return value;
    }
}
