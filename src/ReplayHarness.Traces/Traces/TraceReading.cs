using System.Globalization;
using System.Runtime.ExceptionServices;
using ReplayHarness.Traces.Containers;
using ReplayHarness.Traces.Scanning;

namespace ReplayHarness.Traces;

/// <summary>
/// An opened source. Large files of OTLP requests (JSON lines, protobuf frames) are scanned and then read by trace, so that memory holds
/// one trace at a time; everything else is loaded whole. Spans of one trace may lie in different files.
/// </summary>
public sealed class TraceReading : IDisposable
{
    private const int TracesAhead = 2;

    private readonly List<IndexedFile> _large = [];
    private readonly SpanCollector _small;
    private readonly SpanCollector _odd;
    private readonly bool _strict;
    private readonly List<InputProblem> _problems = [];
    private IReadOnlyList<Trace>? _whole,
        _leftOver;

    private TraceReading(bool strict)
    {
        _strict = strict;
        _small = new(strict);
        _odd = new(strict);
    }

    /// <summary>What could not be read so far, in order of the input.</summary>
    public IReadOnlyList<InputProblem> Problems => _problems;

    /// <summary>Opens a source.</summary>
    /// <param name="source">A file, a glob (<c>dir/**/*.jsonl</c>), or <c>-</c> for standard input.</param>
    /// <param name="query">What will be asked for: its attribute is noted while a large file is scanned.</param>
    /// <param name="options">How to read.</param>
    /// <exception cref="BadInputException">There is no such file, it is empty or of no known container, or a bound is exceeded.</exception>
    public static TraceReading Open(string source, TraceQuery query, ReadOptions options) =>
        Open(TraceFiles.Files(source), query, options, bad: null);

    /// <summary>Opens files as one source.</summary>
    /// <param name="files">The files.</param>
    /// <param name="query">What will be asked for.</param>
    /// <param name="options">How to read.</param>
    /// <param name="bad">Is told of a file that cannot be read, which stops no other; null where it is to stop all.</param>
    internal static TraceReading Open(
        IEnumerable<string> files,
        TraceQuery query,
        ReadOptions options,
        Action<string, BadInputException>? bad
    )
    {
        var reading = new TraceReading(options.Strict);
        foreach (var file in files)
            try
            {
                var large = FormatOf(file, options) is { } format ? IndexedFile.Open(file, format, query.Where?.Key, options) : null;
                if (large is null)
                    TraceFiles.LoadFile(reading._small, file);
                else
                    reading._large.Add(large);
            }
            catch (BadInputException e) when (bad is not null)
            {
                bad(file, e);
            }
            // It was taken away, or may not be read.
            catch (Exception e) when (bad is not null && e is IOException or UnauthorizedAccessException)
            {
                bad(file, new($"{file}: {e.Message}", e));
            }
        foreach (var file in reading._large)
            file.ReadOdd(reading._odd);
        reading._small.IsBesideSpans = reading._odd.IsBesideSpans =
            reading._small.HasSpans || reading._odd.HasSpans || reading._large.Exists(f => f.Index.Postings.Length > 0);
        return reading;
    }

    /// <summary>The traces that a query asks for, by earliest start, then by id.</summary>
    public IEnumerable<Trace> Traces(TraceQuery query) => Select(query, trace => trace);

    /// <summary>What becomes of each trace that a query asks for, in the order of <see cref="Traces"/>.</summary>
    /// <param name="query">Which traces.</param>
    /// <param name="map">What to make of one; it runs on all processors.</param>
    public IEnumerable<T> Select<T>(TraceQuery query, Func<Trace, T> map)
    {
        if (_large.Count == 0)
            return Whole().Where(query.Matches).Select(map);
        return Known(query).Chunk(Environment.ProcessorCount * TracesAhead).SelectMany(chunk => ReadChunk(chunk, query, map));
    }

    /// <summary>How many spans there are, without reading those of large files.</summary>
    public int CountSpans() =>
        Whole().Sum(t => t.Spans.Count) + (_leftOver ??= Built(_odd)).Sum(t => t.Spans.Count) + _large.Sum(f => f.Index.Postings.Length);

    /// <inheritdoc/>
    public void Dispose() => _large.ForEach(f => f.Dispose());

    private static LargeFormat? FormatOf(string file, ReadOptions options) =>
        file == "-" || new FileInfo(file).Length < options.LargeFrom ? null : LargeFormat.Of(file);

    private IReadOnlyList<Trace> Whole() => _whole ??= Built(_small);

    private IReadOnlyList<Trace> Built(SpanCollector spans)
    {
        var set = spans.Build();
        _problems.AddRange(set.Problems);
        return set.Traces;
    }

    // What is in memory already, from small files and odd lines; a trace may go on in a large file.
    private IEnumerable<Candidate> Known(TraceQuery query)
    {
        var known = Whole()
            .Concat(_leftOver ??= Built(_odd))
            .GroupBy(t => t.TraceId)
            .ToDictionary(g => g.Key, g => g.SelectMany(t => t.Spans).ToArray(), StringComparer.Ordinal);
        return Candidates(query, known).Select(c => new Candidate(c.Parts, known.GetValueOrDefault(c.Id, [])));
    }

    // As many traces as all processors can work on at once; results and problems stay in order.
    private IEnumerable<T> ReadChunk<T>(Candidate[] chunk, TraceQuery query, Func<Trace, T> map)
    {
        var results = new (List<T> Items, IReadOnlyList<InputProblem> Problems, ExceptionDispatchInfo? Error)[chunk.Length];
        Parallel.For(
            0,
            chunk.Length,
            i =>
            {
                try
                {
                    var set = Read(chunk[i]);
                    results[i] = ([.. set.Traces.Where(query.Matches).Select(map)], set.Problems, null);
                }
                catch (Exception e)
                {
                    results[i] = ([], [], ExceptionDispatchInfo.Capture(e));
                }
            }
        );
        foreach (var (items, problems, error) in results)
        {
            // The first in order, whichever came first.
            error?.Throw();
            _problems.AddRange(problems);
            foreach (var item in items)
                yield return item;
        }
    }

    private TraceSet Read(Candidate candidate)
    {
        var spans = new SpanCollector(_strict);
        foreach (var (file, trace) in candidate.Parts)
            file.Read(trace, spans);
        foreach (var span in candidate.Known)
            spans.Add(span, new("", null, null, null, ""));
        return spans.Build();
    }

    private sealed record Candidate(List<(IndexedFile File, int Trace)> Parts, Span[] Known);

    private IEnumerable<(string Id, List<(IndexedFile File, int Trace)> Parts)> Candidates(
        TraceQuery query,
        Dictionary<string, Span[]> known
    )
    {
        var all = new Dictionary<string, List<(IndexedFile, int)>>(StringComparer.Ordinal);
        var starts = known.ToDictionary(k => k.Key, k => k.Value.Min(s => s.StartNanos), StringComparer.Ordinal);
        foreach (var id in known.Keys)
            all[id] = [];
        var wanted = WantedIds(query, known);
        foreach (var file in _large)
        {
            for (var t = 0; t < file.Index.Traces.Length; t++)
            {
                var entry = file.Index.Traces[t];
                if (wanted is not null && !wanted.Contains(entry.Id))
                    continue;
                var id = entry.Id.ToString("x32", CultureInfo.InvariantCulture);
                if (query.TraceId is { } prefix && !id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                    continue;
                if (!all.TryGetValue(id, out var parts))
                    all[id] = parts = [];
                parts.Add((file, t));
                starts[id] = Math.Min(starts.GetValueOrDefault(id, long.MaxValue), entry.StartNanos);
            }
        }
        return all.OrderBy(a => starts[a.Key]).ThenBy(a => a.Key, StringComparer.Ordinal).Select(a => (a.Key, a.Value));
    }

    // Cheap conditions, which may let too much through: each trace is looked at again when it is read. A trace that any file has a reason
    // for is read from all of them.
    private HashSet<UInt128>? WantedIds(TraceQuery query, Dictionary<string, Span[]> known)
    {
        if (query.Where is null && !query.FailedOnly)
            return null;
        var (key, value) = query.Where ?? default;
        HashSet<UInt128> ids = [.. known.Keys.Select(id => UInt128.Parse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        foreach (var index in _large.Select(f => f.Index))
            ids.UnionWith(
                (
                    key is null ? Enumerable.Range(0, index.Traces.Length).Where(t => index.Traces[t].Failed > 0) : index.Find(key, value!)
                ).Select(t => index.Traces[t].Id)
            );
        return ids;
    }
}
