using System.Buffers.Binary;
using System.Numerics;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text;
using ReplayHarness.Host.Controlled;

namespace ReplayHarness.Host.Rewriting.Patching;

/// <summary>
/// The metadata of an assembly with references to the host's methods at the end of four tables and two heaps (ECMA-335, II.24.2.6 has the
/// layout): no row and no name moves, so everything that points at one stays right.
/// </summary>
internal sealed class AppendedMetadata
{
    private const int HeapSizes = 6;
    private const int ValidTables = 8;
    private const int RowCounts = 24;
    private const int ExtraData = 0x40;

    // A column that names a row takes two bytes up to such a count, less the bits that tell tables apart.
    private static readonly int[] s_widths = [1 << 11, 1 << 13, 1 << 14, 1 << 15, 1 << 16];

    private readonly MetadataReader _metadata;
    private readonly MetadataStreams _streams;
    private readonly MemoryStream _strings;
    private readonly MemoryStream _blobs;
    private readonly SortedDictionary<int, (MemoryStream Bytes, int Count)> _rows = [];
    private readonly Dictionary<string, int> _types = new(StringComparer.Ordinal);

    public AppendedMetadata(PatchableImage image)
    {
        _metadata = image.Metadata;
        _streams = image.Streams;
        _strings = Copy(MetadataStreams.Strings);
        _blobs = Copy(MetadataStreams.Blobs);
    }

    private int StringWidth => _metadata.GetHeapSize(HeapIndex.String) <= ushort.MaxValue ? 2 : 4;

    private int BlobWidth => _metadata.GetHeapSize(HeapIndex.Blob) <= ushort.MaxValue ? 2 : 4;

    /// <summary>Adds a reference to a method that stands in for a member.</summary>
    /// <returns>The token by which the method is called.</returns>
    public int Add(RedirectedReference reference)
    {
        var target = reference.Target!;
        var signature = StandInSignature.Of(_metadata, reference.Row, target);
        var parent = (TypeRow(target.DeclaringType!) << 3) | 1;
        var member = AddRow(
            TableIndex.MemberRef,
            (parent, _metadata.GetTableRowSize(TableIndex.MemberRef) - StringWidth - BlobWidth),
            (AddString(target.Name), StringWidth),
            (AddBlob(signature), BlobWidth)
        );
        if (reference.Arguments is not { } arguments)
            return MetadataTokens.GetToken(MetadataTokens.MemberReferenceHandle(member));
        var specification = AddRow(
            TableIndex.MethodSpec,
            ((member << 1) | 1, _metadata.GetTableRowSize(TableIndex.MethodSpec) - BlobWidth),
            (_metadata.GetHeapOffset(arguments.Signature), BlobWidth)
        );
        return MetadataTokens.GetToken(MetadataTokens.MethodSpecificationHandle(specification));
    }

    /// <summary>The whole of it; null where a column would have to be wider than it is.</summary>
    public byte[]? ToBytes()
    {
        if (_rows.Any(r => Widens((TableIndex)r.Key, r.Value.Count)) || Overflows(_strings, StringWidth) || Overflows(_blobs, BlobWidth))
            return null;
        return _streams.With(
            new(StringComparer.Ordinal)
            {
                [MetadataStreams.Tables] = Tables(),
                [MetadataStreams.Strings] = _strings.ToArray(),
                [MetadataStreams.Blobs] = _blobs.ToArray(),
            }
        );
    }

    private static bool Overflows(MemoryStream heap, int width) => width == 2 && heap.Length > ushort.MaxValue;

    private bool Widens(TableIndex table, int more)
    {
        var before = _metadata.GetTableRowCount(table);
        return s_widths.Any(w => before < w && before + more >= w);
    }

    private int TypeRow(Type type)
    {
        if (_types.TryGetValue(type.Name, out var row))
            return row;
        var scope = (AssemblyRow() << 2) | 2;
        row = AddRow(
            TableIndex.TypeRef,
            (scope, _metadata.GetTableRowSize(TableIndex.TypeRef) - (2 * StringWidth)),
            (AddString(type.Name), StringWidth),
            (AddString(type.Namespace!), StringWidth)
        );
        _types.Add(type.Name, row);
        return row;
    }

    private int AssemblyRow()
    {
        if (_rows.ContainsKey((int)TableIndex.AssemblyRef))
            return _metadata.GetTableRowCount(TableIndex.AssemblyRef) + 1;
        var host = typeof(ReplacesAttribute).Assembly.GetName();
        var version = host.Version!;
        return AddRow(
            TableIndex.AssemblyRef,
            (version.Major, 2),
            (version.Minor, 2),
            (version.Build, 2),
            (version.Revision, 2),
            (0, 4),
            (0, BlobWidth),
            (AddString(host.Name!), StringWidth),
            (0, StringWidth),
            (0, BlobWidth)
        );
    }

    private int AddRow(TableIndex table, params ReadOnlySpan<(int Value, int Width)> columns)
    {
        var (bytes, count) = _rows.GetValueOrDefault((int)table, (new(), 0));
        foreach (var (value, width) in columns)
            for (var i = 0; i < width; i++)
                bytes.WriteByte((byte)(value >> (8 * i)));
        _rows[(int)table] = (bytes, count + 1);
        return _metadata.GetTableRowCount(table) + count + 1;
    }

    private int AddString(string text)
    {
        var at = (int)_strings.Length;
        _strings.Write(Encoding.UTF8.GetBytes(text));
        _strings.WriteByte(0);
        return at;
    }

    private int AddBlob(byte[] blob)
    {
        var at = (int)_blobs.Length;
        var length = new BlobBuilder();
        length.WriteCompressedInteger(blob.Length);
        _blobs.Write(length.ToArray());
        _blobs.Write(blob);
        return at;
    }

    private MemoryStream Copy(string stream)
    {
        var copy = new MemoryStream();
        copy.Write(_streams.Of(stream));
        return copy;
    }

    private byte[] Tables()
    {
        var old = _streams.Of(MetadataStreams.Tables);
        var valid = BinaryPrimitives.ReadUInt64LittleEndian(old[ValidTables..]);
        var at = RowCounts + (4 * BitOperations.PopCount(valid));
        foreach (var table in _rows.Keys)
            valid |= 1UL << table;
        var tables = new MemoryStream();
        tables.Write(old[..ValidTables]);
        Write(tables, (long)valid, 8);
        tables.Write(old[(ValidTables + 8)..RowCounts]);
        var present = Enumerable.Range(0, 64).Where(t => (valid & (1UL << t)) != 0).ToArray();
        foreach (var table in present)
            Write(tables, CountOf(table) + _rows.GetValueOrDefault(table).Count, 4);
        if ((old[HeapSizes] & ExtraData) != 0)
        {
            tables.Write(old.Slice(at, 4));
            at += 4;
        }
        foreach (var table in present)
        {
            var size = CountOf(table) * _metadata.GetTableRowSize((TableIndex)table);
            tables.Write(old.Slice(at, size));
            at += size;
            if (_rows.TryGetValue(table, out var added))
                added.Bytes.WriteTo(tables);
        }
        // Zeros at the end, as compilers write them.
        Write(tables, 0, 4);
        return tables.ToArray();
    }

    private int CountOf(int table) => _metadata.GetTableRowCount((TableIndex)table);

    private static void Write(MemoryStream stream, long value, int width)
    {
        for (var i = 0; i < width; i++)
            stream.WriteByte((byte)(value >> (8 * i)));
    }
}
