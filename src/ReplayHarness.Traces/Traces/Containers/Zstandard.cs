using System.Runtime.InteropServices;

namespace ReplayHarness.Traces.Containers;

/// <summary>Decompresses zstd through the system's libzstd, where there is one.</summary>
internal sealed unsafe partial class Zstandard : ForwardStream
{
    private const string Library = "libzstd.so.1";

    private readonly Stream _compressed;
    private readonly byte[] _input = new byte[64 << 10];
    private nint _context = Native.Create();
    private nuint _inputLength,
        _inputAt;
    private bool _frameEnded = true;

    public Zstandard(Stream compressed) => _compressed = compressed;

    /// <summary>Whether this machine has the library.</summary>
    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <exception cref="InvalidDataException">The data is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        fixed (
            byte* output = buffer,
                input = _input
        )
        {
            while (true)
            {
                if (_inputAt == _inputLength)
                    (_inputLength, _inputAt) = ((nuint)_compressed.Read(_input), 0);
                if (_inputLength == 0)
                    return _frameEnded ? 0 : throw new InvalidDataException("the last frame is not complete");
                var to = new Native.Buffer { Start = output, Size = (nuint)buffer.Length };
                var from = new Native.Buffer
                {
                    Start = input,
                    Size = _inputLength,
                    At = _inputAt,
                };
                var left = Native.Decompress(_context, ref to, ref from);
                if (Native.IsError(left) != 0)
                    throw new InvalidDataException("it is not zstd from here on");
                _inputAt = from.At;
                _frameEnded = left == 0;
                if (to.At > 0)
                    return (int)to.At;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (_context != 0)
            Native.Free(_context);
        _context = 0;
        if (disposing)
            _compressed.Dispose();
        base.Dispose(disposing);
    }

    private static partial class Native
    {
        [StructLayout(LayoutKind.Sequential)]
        public struct Buffer
        {
            public byte* Start;
            public nuint Size;
            public nuint At;
        }

        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [LibraryImport(Library, EntryPoint = "ZSTD_createDStream")]
        public static partial nint Create();

        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [LibraryImport(Library, EntryPoint = "ZSTD_freeDStream")]
        public static partial nuint Free(nint context);

        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
        public static partial nuint Decompress(nint context, ref Buffer output, ref Buffer input);

        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
        public static partial uint IsError(nuint code);
    }
}
