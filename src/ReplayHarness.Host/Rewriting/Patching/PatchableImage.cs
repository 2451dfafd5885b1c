using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ReplayHarness.Host.Rewriting.Patching;

/// <summary>
/// An assembly's file, to be patched. One that was compiled ahead of time becomes one of IL alone: its native code would still make the
/// calls that are redirected.
/// </summary>
internal sealed class PatchableImage : IDisposable
{
    // Offsets within the headers (PE format, and ECMA-335, II.25.3.3 for the runtime's own).
    private const int SectionHeader = 40;
    private const int ImageSize = 56;
    private const int Checksum = 64;
    private const int RuntimeMetadata = 8;
    private const int RuntimeFlags = 16;
    private const int RuntimeNative = 64;
    private const int Certificates = 4;

    // Exports, imports, unwind data, relocations, thread storage, load settings, bound, delayed and looked-up imports: of native code all.
    private static readonly int[] s_native = [0, 1, 3, 5, 9, 10, 11, 12, 13];

    // An image for one system is marked in the field of its processor, which is one of these off (Apple, FreeBSD, Linux, NetBSD, SunOS).
    private static readonly int[] s_systems = [0x4644, 0xADC4, 0x7B79, 0x1993, 0x1992];

    private readonly PEReader _reader;
    private MetadataReader? _metadata;
    private MetadataStreams? _streams;

    public PatchableImage(byte[] bytes)
    {
        Bytes = bytes;
        _reader = new(new MemoryStream(bytes));
    }

    /// <summary>The file; instructions are changed here.</summary>
    public byte[] Bytes { get; }

    /// <summary>False for a library of native code.</summary>
    public bool IsManaged => _reader is { HasMetadata: true, PEHeaders.CorHeader: not null };

    public MetadataReader Metadata => _metadata ??= _reader.GetMetadataReader();

    public MetadataStreams Streams =>
        _streams ??= new(Bytes.AsMemory(_reader.PEHeaders.MetadataStartOffset, _reader.PEHeaders.MetadataSize));

    /// <summary>False where native code was linked in by hand, or where the last section of the file is not the last in memory.</summary>
    public bool CanGrow =>
        (IsIlOnly || Runtime.ManagedNativeHeaderDirectory.Size > 0)
        && !Streams.Of(MetadataStreams.Tables).IsEmpty
        && Headers.SectionHeaders.All(s => s.VirtualAddress <= Last.VirtualAddress);

    private PEHeaders Headers => _reader.PEHeaders;

    private CorHeader Runtime => Headers.CorHeader!;

    private bool IsIlOnly => Runtime.Flags.HasFlag(CorFlags.ILOnly);

    private SectionHeader Last => Headers.SectionHeaders.MaxBy(s => s.PointerToRawData);

    private int Directories => Headers.PEHeaderStartOffset + (Headers.PEHeader!.Magic == PEMagic.PE32Plus ? 112 : 96);

    public int OffsetOf(int address)
    {
        var section = Headers.SectionHeaders[Headers.GetContainingSectionIndex(address)];
        return address - section.VirtualAddress + section.PointerToRawData;
    }

    public int CodeSizeOf(MethodDefinition method) => _reader.GetMethodBody(method.RelativeVirtualAddress).GetILReader().Length;

    /// <summary>The file with other metadata, at the end of its last section; a signature of the file is gone.</summary>
    public byte[] With(byte[] metadata)
    {
        var offset = Align(Math.Max(Last.VirtualSize, Last.SizeOfRawData), 16);
        var size = offset + metadata.Length;
        var output = new byte[Last.PointerToRawData + Align(size, Headers.PEHeader!.FileAlignment)];
        Bytes.AsSpan(0, Math.Min(Bytes.Length, Last.PointerToRawData + Last.SizeOfRawData)).CopyTo(output);
        metadata.CopyTo(output, Last.PointerToRawData + offset);
        GrowSection(output, size);
        Clear(output, Directories + (8 * Certificates));
        Put(output, Headers.CorHeaderStartOffset + RuntimeMetadata, Last.VirtualAddress + offset);
        Put(output, Headers.CorHeaderStartOffset + RuntimeMetadata + 4, metadata.Length);
        if (!IsIlOnly)
            DropNativeCode(output);
        return output;
    }

    public void Dispose() => _reader.Dispose();

    private void GrowSection(byte[] output, int size)
    {
        var section = Headers.PEHeaderStartOffset + Headers.CoffHeader.SizeOfOptionalHeader;
        section += SectionHeader * Headers.SectionHeaders.IndexOf(Last);
        Put(output, section + 8, size);
        Put(output, section + 16, Align(size, Headers.PEHeader!.FileAlignment));
        // What the section held may have been for the loader alone; metadata is read all the time.
        Put(output, section + 36, (int)(Last.SectionCharacteristics & ~SectionCharacteristics.MemDiscardable));
        Put(output, Headers.PEHeaderStartOffset + ImageSize, Align(Last.VirtualAddress + size, Headers.PEHeader.SectionAlignment));
        Put(output, Headers.PEHeaderStartOffset + Checksum, 0);
    }

    private void DropNativeCode(byte[] output)
    {
        Put(output, Headers.CorHeaderStartOffset + RuntimeFlags, (int)((Runtime.Flags & ~CorFlags.ILLibrary) | CorFlags.ILOnly));
        Clear(output, Headers.CorHeaderStartOffset + RuntimeNative);
        foreach (var directory in s_native)
            Clear(output, Directories + (8 * directory));
        // The entry point of native code.
        Put(output, Headers.PEHeaderStartOffset + 16, 0);
        foreach (var system in s_systems)
            if ((Machine)((int)Headers.CoffHeader.Machine ^ system) is var machine and (Machine.Amd64 or Machine.Arm64))
                BinaryPrimitives.WriteUInt16LittleEndian(output.AsSpan(Headers.CoffHeaderStartOffset), (ushort)machine);
    }

    private static int Align(int size, int alignment) => (size + alignment - 1) / alignment * alignment;

    private static void Put(byte[] output, int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(output.AsSpan(offset), value);

    private static void Clear(byte[] output, int offset) => output.AsSpan(offset, 8).Clear();
}
