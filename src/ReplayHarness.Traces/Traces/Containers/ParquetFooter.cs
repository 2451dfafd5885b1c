using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Checks what stands at the end of a Parquet file (https://parquet.apache.org/docs/file-format): the library believes what it says of
/// lengths and types, and reads on behind its end for hours.
/// </summary>
internal static class ParquetFooter
{
    // The footer's length, and the mark.
    private const int EndLength = 8;
    private const int MostDeep = 32;

    // Types of Thrift's compact protocol (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
    private const int True = 1,
        False = 2,
        Byte = 3,
        Int64 = 6,
        Double = 7,
        Binary = 8,
        List = 9,
        Set = 10,
        Map = 11,
        Struct = 12,
        Uuid = 13;

    // The types that its structures have (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift): the number
    // of each field, and i for a number, y for a byte, t for true or false, d for a double, b for bytes, [ for a list of what follows, or
    // the letter of another structure. Of one that stands here without fields every field is passed over.
    private static readonly FrozenDictionary<char, string> s_structures = new Dictionary<char, string>
    {
        // FileMetaData, SchemaElement, RowGroup, ColumnChunk, ColumnMetaData, KeyValue, Statistics, PageEncodingStats, SortingColumn.
        ['F'] = "1i 2[S 3i 4[R 5[K 6b 7[O 8E 9b",
        ['S'] = "1i 2i 3i 4b 5i 6i 7i 8i 9i 10L",
        ['R'] = "1[C 2i 3i 4[G 5i 6i 7i",
        ['C'] = "1b 2i 3M 4i 5i 6i 7i 8Y 9b",
        ['M'] = "1i 2[i 3[b 4i 5i 6i 7i 8[K 9i 10i 11i 12T 13[P 14i 15i 16Z 17Q",
        ['K'] = "1b 2b",
        ['T'] = "1b 2b 3i 4i 5b 6b 7t 8t",
        ['P'] = "1i 2i 3i",
        ['G'] = "1i 2t 3t",
        // LogicalType with its decimal, time, unit of time and integer.
        ['L'] = "1X 2X 3X 4X 5D 6X 7U 8U 10N 11X 12X 13X 14X 15X 16X 17X 18X",
        ['D'] = "1i 2i",
        ['U'] = "1t 2W",
        ['W'] = "1X 2X 3X",
        ['N'] = "1y 2t",
        // SizeStatistics, GeospatialStatistics with its box, ColumnOrder, EncryptionAlgorithm, ColumnCryptoMetaData.
        ['Z'] = "1i 2[i 3[i",
        ['Q'] = "1B 2[i",
        ['B'] = "1d 2d 3d 4d 5d 6d 7d 8d",
        ['O'] = "1X",
        ['E'] = "1A 2A",
        ['A'] = "1b 2b 3t",
        ['Y'] = "1X 2J",
        ['J'] = "1[b 2b",
        ['X'] = "",
    }.ToFrozenDictionary();

    /// <summary>Reads it, and returns to the file's beginning.</summary>
    /// <exception cref="InvalidDataException">It says that it holds more than it does.</exception>
    public static void Check(Stream file)
    {
        Span<byte> end = stackalloc byte[EndLength];
        if (file.Length < EndLength + ParquetContainer.Magic.Length)
            throw new InvalidDataException("it is shorter than its marks");
        file.Seek(-EndLength, SeekOrigin.End);
        file.ReadExactly(end);
        var length = BinaryPrimitives.ReadInt32LittleEndian(end);
        if (end[4..].SequenceEqual(ParquetContainer.Magic))
        {
            if (length < 0 || length > file.Length - EndLength)
                throw new InvalidDataException("its footer is longer than it");
            var footer = new byte[length];
            file.Seek(-EndLength - length, SeekOrigin.End);
            file.ReadExactly(footer);
            var at = 0;
            Skip(footer, ref at, Struct, "F", 0);
        }
        file.Position = 0;
    }

    // What it is, as a structure says it; empty where none does.
    private static void Skip(ReadOnlySpan<byte> bytes, ref int at, int type, ReadOnlySpan<char> kind, int depth)
    {
        if (depth > MostDeep)
            throw new InvalidDataException("its footer is nested too deeply");
        if (kind.Length > 0 && !Is(kind[0], type))
            throw new InvalidDataException("its footer holds a value of another type than is told");
        switch (type)
        {
            case True or False or Byte:
                Pass(bytes, ref at, 1);
                break;
            case <= Int64:
                Varint(bytes, ref at);
                break;
            case Double:
                Pass(bytes, ref at, sizeof(double));
                break;
            case Binary:
                Pass(bytes, ref at, Varint(bytes, ref at));
                break;
            case List or Set:
                var head = Next(bytes, ref at);
                Members(bytes, ref at, head >> 4 == 15 ? Varint(bytes, ref at) : (ulong)(head >> 4), [head & 15], Rest(kind), depth);
                break;
            case Map:
                if (Varint(bytes, ref at) is > 0 and var entries)
                {
                    var types = Next(bytes, ref at);
                    Members(bytes, ref at, entries, [types >> 4, types & 15], [], depth);
                }
                break;
            case Struct:
                Fields(bytes, ref at, kind.Length > 0 ? s_structures[kind[0]] : "", depth);
                break;
            case Uuid:
                Pass(bytes, ref at, 16);
                break;
            default:
                throw new InvalidDataException("its footer holds a value of no known type");
        }
    }

    private static void Fields(ReadOnlySpan<byte> bytes, ref int at, string fields, int depth)
    {
        var number = 0L;
        for (int field; (field = Next(bytes, ref at)) != 0; )
        {
            number = field >> 4 > 0 ? number + (field >> 4) : Signed(Varint(bytes, ref at));
            var kind = KindOf(fields, number);
            // Of a truth value the type says which of the two it is.
            if ((field & 15) is not (True or False))
                Skip(bytes, ref at, field & 15, kind, depth + 1);
            else if (kind.Length > 0 && kind[0] != 't')
                throw new InvalidDataException("its footer holds a value of another type than is told");
        }
    }

    private static bool Is(char kind, int type) =>
        kind switch
        {
            'i' => type is > Byte and <= Int64,
            'y' => type == Byte,
            't' => type is True or False,
            'd' => type == Double,
            'b' => type == Binary,
            '[' => type == List,
            _ => type == Struct,
        };

    private static ReadOnlySpan<char> KindOf(string fields, long number)
    {
        foreach (var range in fields.AsSpan().Split(' '))
        {
            var field = fields.AsSpan(range);
            var digits = field.IndexOfAnyExceptInRange('0', '9');
            if (digits > 0 && long.Parse(field[..digits], CultureInfo.InvariantCulture) == number)
                return field[digits..];
        }
        return [];
    }

    private static ReadOnlySpan<char> Rest(ReadOnlySpan<char> kind) => kind.Length > 0 ? kind[1..] : [];

    // Each takes a byte at least.
    private static void Members(
        ReadOnlySpan<byte> bytes,
        ref int at,
        ulong count,
        ReadOnlySpan<int> types,
        ReadOnlySpan<char> kind,
        int depth
    )
    {
        if (count > (ulong)(bytes.Length - at))
            throw TooMuch();
        for (var i = 0UL; i < count; i++)
            foreach (var type in types)
                Skip(bytes, ref at, type, kind, depth + 1);
    }

    private static long Signed(ulong zigzag) => (long)(zigzag >> 1) ^ -(long)(zigzag & 1);

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Next(bytes, ref at);
            number |= (ulong)(next & 127) << shift;
            if (next < 128)
                return number;
        }
        throw new InvalidDataException("its footer holds a number of more than 64 bits");
    }

    private static int Next(ReadOnlySpan<byte> bytes, ref int at) => at < bytes.Length ? bytes[at++] : throw TooMuch();

    private static void Pass(ReadOnlySpan<byte> bytes, ref int at, ulong count)
    {
        if (count > (ulong)(bytes.Length - at))
            throw TooMuch();
        at += (int)count;
    }

    private static InvalidDataException TooMuch() => new("its footer says that it holds more than it does");
}
