using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ReplayHarness.Traces.Scanning;

/// <summary>
/// The file beside a trace file that keeps its index: <c>FILE.rhx</c>. It is believed only if it was made by this version of the file as it
/// stands, or of its beginning; whatever else is found there is replaced.
/// </summary>
internal static class SidecarIndex
{
    /// <summary>What is added to the name of the trace file.</summary>
    public const string Extension = ".rhx";

    // Changes with the format, so that an index of another version is not misread.
    private const ulong Magic = 0x3230_5848_5254_4C52;

    private const int SampleSize = 4096;

    /// <summary>The index of a file's beginning (or of all of it), or null where there is none that fits.</summary>
    public static TraceIndex? Load(string path, SafeFileHandle file, LargeFormat format, long length)
    {
        try
        {
            var bytes = File.ReadAllBytes(path + Extension);
            var reader = new Reader(bytes);
            if (
                reader.Take<ulong>() != Magic
                || Checksum(bytes.AsSpan(0, bytes.Length - sizeof(ulong)))
                    != MemoryMarshal.Read<ulong>(bytes.AsSpan(bytes.Length - sizeof(ulong)))
            )
                return null;
            var covered = reader.Take<long>();
            if (covered > length || reader.Take<ulong>() != Sample(file, covered))
                return null;
            // What was appended to is newer than its index; what has its size still must be untouched.
            if (reader.Take<long>() != File.GetLastWriteTimeUtc(path).Ticks && covered == length)
                return null;
            var index = new TraceIndex
            {
                Covered = covered,
                Traces = reader.Array<TraceEntry>(),
                Postings = reader.Array<Posting>(),
                Contexts = reader.Array<SpanContext>(),
                OddLines = reader.Array<long>(),
                Domains = new(StringComparer.Ordinal),
            };
            for (var keys = reader.Take<int>(); keys > 0; keys--)
            {
                var name = Encoding.UTF8.GetString(reader.Array<byte>());
                index.Domains[name] = reader.Array<DomainEntry>();
            }
            return index.IsSound() && (covered == length || format.EndsUnit(file, index)) ? index : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Writes the index beside the file; a folder that cannot be written to is no error, the next reading scans again.</summary>
    public static void Save(string path, SafeFileHandle file, TraceIndex index)
    {
        try
        {
            using var output = new MemoryStream();
            Write(output, Magic);
            Write(output, index.Covered);
            Write(output, Sample(file, index.Covered));
            Write(output, File.GetLastWriteTimeUtc(path).Ticks);
            WriteArray<TraceEntry>(output, index.Traces);
            WriteArray<Posting>(output, index.Postings);
            WriteArray<SpanContext>(output, index.Contexts);
            WriteArray<long>(output, index.OddLines);
            Write(output, index.Domains.Count);
            foreach (var (name, entries) in index.Domains)
            {
                WriteArray<byte>(output, Encoding.UTF8.GetBytes(name));
                WriteArray<DomainEntry>(output, entries);
            }
            Write(output, Checksum(output.GetBuffer().AsSpan(0, (int)output.Length)));
            // Two readings at once each write their own draft.
            var draft = $"{DraftName.Of(path + Extension)}.part";
            using (var target = File.Create(draft))
                output.WriteTo(target);
            File.Move(draft, path + Extension, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }

    // FNV-1a by words of eight bytes: the file is read for milliseconds only.
    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        var hash = WantedKeys.Hash(bytes[(bytes.Length & ~7)..]);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes[..(bytes.Length & ~7)]))
            hash = (hash ^ word) * 1099511628211UL;
        return hash;
    }

    // The beginning, the middle and the end of what is covered.
    private static ulong Sample(SafeFileHandle file, long covered)
    {
        var bytes = new byte[(SampleSize * 3) + sizeof(long)];
        var read = 0;
        foreach (var at in (long[])[0, covered / 2, Math.Max(0, covered - SampleSize)])
            read += RandomAccess.Read(file, bytes.AsSpan(read, (int)Math.Min(SampleSize, covered - at)), at);
        MemoryMarshal.Write(bytes.AsSpan(read), covered);
        return WantedKeys.Hash(bytes.AsSpan(0, read + sizeof(long)));
    }

    private static void Write<T>(MemoryStream output, T value)
        where T : unmanaged => output.Write(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref value, 1)));

    private static void WriteArray<T>(MemoryStream output, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Write(output, values.Length);
        output.Write(MemoryMarshal.AsBytes(values));
    }

    // A length that does not fit is an argument out of range, and so no index.
    private ref struct Reader(byte[] bytes)
    {
        private int _at;

        public T Take<T>()
            where T : unmanaged
        {
            var value = MemoryMarshal.Read<T>(bytes.AsSpan(_at));
            _at += Marshal.SizeOf<T>();
            return value;
        }

        public T[] Array<T>()
            where T : unmanaged
        {
            var count = Take<int>();
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            var size = checked(count * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
            var values = MemoryMarshal.Cast<byte, T>(bytes.AsSpan(_at, size)).ToArray();
            _at += size;
            return values;
        }
    }
}
