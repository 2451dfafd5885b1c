using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Traces.Scanning;

/// <summary>A large file of OTLP requests that is read by trace: its index says where, only what is asked for is decoded.</summary>
internal sealed class IndexedFile : IDisposable
{
    private const int MaxOddLines = 10_000;

    private readonly SafeFileHandle _file;
    private readonly ConcurrentDictionary<(long, int), Resource> _resources = [];

    private readonly LargeFormat _format;

    private IndexedFile(string path, SafeFileHandle file, LargeFormat format, TraceIndex index) =>
        (Path, _file, _format, Index) = (path, file, format, index);

    public string Path { get; }

    public TraceIndex Index { get; }

    /// <summary>
    /// Opens a file, from its sidecar where it has one that fits; null where its lines are not what the scanner is made for.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its form.</param>
    /// <param name="key">The attribute that will be asked for, or null.</param>
    /// <param name="options">Whether to keep the index beside the file, and whom to tell of progress.</param>
    public static IndexedFile? Open(string path, LargeFormat format, string? key, ReadOptions options)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            var index = options.UseIndex
                ? IndexOf(path, file, format, key, options)
                : Scan(path, file, format, null, key is null ? [] : [key], RandomAccess.GetLength(file), options);
            if (index.OddLines.Length <= MaxOddLines && (index.Traces.Length > 0 || index.OddLines.Length == 0))
                return new(path, file, format, index);
            file.Dispose();
            return null;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds the spans of a trace.</summary>
    public void Read(int trace, SpanCollector spans)
    {
        var told = new HashSet<long>();
        foreach (var posting in Index.PostingsOf(trace))
        {
            var place = At(posting.Offset);
            spans.Guard(place, () => Read(posting, place, spans, told));
        }
    }

    /// <summary>Adds the spans of the parts that only the referee can read.</summary>
    public void ReadOdd(SpanCollector spans)
    {
        // A file without a span may hold another signal: its first line tells.
        var first = Index.Postings.Length == 0 && _format is OtlpJsonLines && !Index.OddLines.Contains(0);
        if (Index.OddLines.Length == 0 && !first)
            return;
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        var lines = new LineNumbers(stream);
        foreach (var offset in first ? [0, .. Index.OddLines] : Index.OddLines)
            _format.ReadOdd(stream, offset, Path, spans, lines);
    }

    public void Dispose() => _file.Dispose();

    private static TraceIndex IndexOf(string path, SafeFileHandle file, LargeFormat format, string? key, ReadOptions options)
    {
        var length = RandomAccess.GetLength(file);
        var known = SidecarIndex.Load(path, file, format, length);
        string[] keys = [.. known?.Domains.Keys ?? Enumerable.Empty<string>()];
        var isNew = key is not null && !keys.Contains(key);
        if (known is not null && known.Covered == length && !isNew)
            return known;
        // A key that was never asked for is looked for in all of the file; otherwise only what was appended is new.
        if (isNew)
            (known, keys) = (null, [.. keys.Append(key!).TakeLast(ScannedSpan.MaxKeys)]);
        var index = Scan(path, file, format, known, keys, length, options);
        SidecarIndex.Save(path, file, index);
        return index;
    }

    private static TraceIndex Scan(
        string path,
        SafeFileHandle file,
        LargeFormat format,
        TraceIndex? before,
        IReadOnlyList<string> names,
        long length,
        ReadOptions options
    )
    {
        var keys = new WantedKeys(names);
        try
        {
            var tables = format.Scan(
                file,
                before?.Covered ?? 0,
                length,
                keys,
                options.Progress is { } progress ? new Bytes(progress, path, length, before?.Covered ?? 0) : null
            );
            return TraceIndex.Build(before, tables, keys, length);
        }
        catch (AggregateException e) when (e.InnerException is IOException io)
        {
            throw new BadInputException($"{path}: cannot be read: {io.Message}", io);
        }
    }

    private sealed class Bytes(IProgress<ReadProgress> progress, string path, long total, long before) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new(path, before + value, total));
    }

    private void Read(Posting posting, Place place, SpanCollector spans, HashSet<long> told)
    {
        try
        {
            var context = Index.Contexts[posting.Context];
            var resource = ResourceOf(context);
            if (resource.LeftOut.Count > 0 && told.Add(context.ResourceOffset))
                resource.Tell(spans.LeaveOut(At(context.ResourceOffset)));
            var bytes = Slice(posting.Offset, posting.Length);
            spans.Add(_format.SpanOf(bytes, resource.Attributes, ScopeOf(context), spans.LeaveOut(place)), place.Problem(""));
        }
        catch (JsonException e)
        {
            spans.Report(place.Problem($"a span is {JsonContainer.Why(e)}; it was left out"));
        }
    }

    private Place At(long offset) => new(Path, null, string.Create(CultureInfo.InvariantCulture, $"byte {offset}"));

    private Resource ResourceOf(SpanContext context)
    {
        if (context.ResourceLength == 0)
            return Resource.None;
        if (_resources.TryGetValue((context.ResourceOffset, context.ResourceLength), out var known))
            return known;
        List<(string Path, string Message)> leftOut = [];
        var bytes = Slice(context.ResourceOffset, context.ResourceLength);
        var attributes = _format.ResourceOf(bytes, (path, message) => leftOut.Add((path, message)));
        return _resources[(context.ResourceOffset, context.ResourceLength)] = new(attributes, leftOut);
    }

    // What was left out of it is told in every trace that has it: which of them reads it first depends on threads.
    private sealed record Resource(AttributeSet Attributes, IReadOnlyList<(string Path, string Message)> LeftOut)
    {
        public static Resource None { get; } = new(AttributeSet.None, []);

        public void Tell(LeaveOut leaveOut)
        {
            foreach (var (path, message) in LeftOut)
                leaveOut(path, message);
        }
    }

    private (string, string) ScopeOf(SpanContext context) =>
        context.ScopeLength == 0 ? ("", "") : _format.ScopeOf(Slice(context.ScopeOffset, context.ScopeLength));

    // A file that was cut while it is read gives fewer bytes, which are no span.
    private ReadOnlyMemory<byte> Slice(long offset, int length)
    {
        var bytes = new byte[length];
        return bytes.AsMemory(0, ReadFully(_file, bytes, offset));
    }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    internal static int ReadFully(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var read = 0;
        for (int got; read < buffer.Length && (got = RandomAccess.Read(file, buffer[read..], offset + read)) > 0; )
            read += got;
        return read;
    }
}
