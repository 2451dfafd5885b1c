using System.Buffers.Binary;
using System.Text;

namespace ReplayHarness.Host.Rewriting.Patching;

/// <summary>The root of an assembly's metadata and its streams (ECMA-335, II.24.2.1).</summary>
internal sealed class MetadataStreams
{
    public const string Tables = "#~";
    public const string Strings = "#Strings";
    public const string Blobs = "#Blob";

    private const int VersionLength = 12;
    private const int StreamHeader = 8;

    private readonly ReadOnlyMemory<byte> _metadata;
    private readonly int _headers;
    private readonly List<(string Name, int Offset, int Size)> _streams = [];

    public MetadataStreams(ReadOnlyMemory<byte> metadata)
    {
        _metadata = metadata;
        var bytes = metadata.Span;
        // Behind the version's text stand two bytes of flags and the count of streams.
        var count = VersionLength + 4 + BinaryPrimitives.ReadInt32LittleEndian(bytes[VersionLength..]) + 2;
        _headers = count + 2;
        var at = _headers;
        for (var i = BinaryPrimitives.ReadUInt16LittleEndian(bytes[count..]); i > 0; i--)
        {
            var name = bytes[(at + StreamHeader)..];
            name = name[..name.IndexOf((byte)0)];
            var offset = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            _streams.Add((Encoding.ASCII.GetString(name), offset, BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 4)..])));
            at += StreamHeader + PaddedName(name.Length);
        }
    }

    /// <summary>The bytes of a stream; empty where there is none of this name.</summary>
    public ReadOnlySpan<byte> Of(string name) =>
        _streams.FirstOrDefault(s => s.Name == name) is { Name: not null } stream
            ? _metadata.Span.Slice(stream.Offset, stream.Size)
            : default;

    /// <summary>The metadata with other bytes for some of its streams.</summary>
    public byte[] With(Dictionary<string, byte[]> changed)
    {
        var result = new MemoryStream();
        result.Write(_metadata.Span[.._headers]);
        var offset = _headers + _streams.Sum(s => StreamHeader + PaddedName(s.Name.Length));
        Span<byte> header = stackalloc byte[StreamHeader];
        foreach (var (name, _, size) in _streams)
        {
            var length = Padded(changed.TryGetValue(name, out var bytes) ? bytes.Length : size);
            BinaryPrimitives.WriteInt32LittleEndian(header, offset);
            BinaryPrimitives.WriteInt32LittleEndian(header[4..], length);
            result.Write(header);
            result.Write(Encoding.ASCII.GetBytes(name.PadRight(PaddedName(name.Length), '\0')));
            offset += length;
        }
        foreach (var (name, _, _) in _streams)
        {
            var bytes = changed.TryGetValue(name, out var other) ? other : Of(name);
            result.Write(bytes);
            result.Write(new byte[Padded(bytes.Length) - bytes.Length]);
        }
        return result.ToArray();
    }

    private static int Padded(int length) => (length + 3) & ~3;

    private static int PaddedName(int length) => Padded(length + 1);
}
