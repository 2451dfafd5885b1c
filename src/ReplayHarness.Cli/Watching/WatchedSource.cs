using ReplayHarness.Stores;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Watching;

/// <summary>What is watched: it gives what was not read before, as far as it can tell.</summary>
internal abstract class WatchedSource
{
    /// <summary>How far the clocks of who writes traces may be ahead; what is further is wrong.</summary>
    public static readonly long ClockNanos = (long)TimeSpan.FromHours(1).TotalNanoseconds;

    /// <summary>What is made of each trace that is new, or may be. Problems are told when all are read.</summary>
    public abstract IEnumerable<T> Read<T>(WatchState state, Func<Trace, T> map, Action<string> tell);

    /// <summary>Notes what the last <see cref="Read"/> gave, so that the next leaves it out.</summary>
    /// <param name="state">Where.</param>
    /// <param name="waiting">The start of the last span of the earliest trace that is not whole yet; null where none waits.</param>
    /// <param name="settledNanos">What ended before this is whole.</param>
    public abstract void Mark(WatchState state, long? waiting, long settledNanos);

    /// <summary>The source of a text.</summary>
    /// <param name="source">A folder, a file, a glob or a store.</param>
    /// <param name="query">Which traces.</param>
    /// <param name="options">How files are read.</param>
    /// <param name="own">How the paths of what watching writes itself begin.</param>
    public static WatchedSource Of(string source, TraceQuery query, ReadOptions options, IReadOnlyList<string> own) =>
        source == "-" ? throw new BadInputException("-: standard input can be read once only; watch needs files or a store")
        : Stores.Open(source, options.Strict) is { } store ? new WatchedStore(store, query)
        : new WatchedFiles(source, query, options, [.. own.Select(Path.GetFullPath)]);
}

/// <summary>Files: each is read again when its length or its time has changed.</summary>
internal sealed class WatchedFiles(string source, TraceQuery query, ReadOptions options, string[] own) : WatchedSource
{
    private static readonly string[] s_passedOver = [".rhx", ".logs.jsonl", ".metrics.jsonl"];

    private readonly Dictionary<string, FileMark> _read = new(StringComparer.Ordinal);
    private string[] _there = [];

    /// <inheritdoc/>
    public override IEnumerable<T> Read<T>(WatchState state, Func<Trace, T> map, Action<string> tell)
    {
        _there = [.. Files().Where(f => !IsPassedOver(f))];
        _read.Clear();
        foreach (var file in _there)
            if (MarkOf(file) is { Length: > 0 } mark && (!state.Files.TryGetValue(file, out var known) || known != mark))
                _read[file] = mark;
        if (_read.Count == 0)
            yield break;
        var files = _read.Keys.Order(StringComparer.Ordinal);
        using var reading = TraceReading.Open(
            files,
            query,
            options,
            (file, bad) =>
            {
                tell(bad.Message);
                // It is as it was when it can be read one day.
                if (bad.InnerException is IOException or UnauthorizedAccessException)
                    _read.Remove(file);
            }
        );
        foreach (var item in reading.Select(query, map))
            yield return item;
        foreach (var problem in reading.Problems)
            tell(problem.ToString());
    }

    /// <inheritdoc/>
    public override void Mark(WatchState state, long? waiting, long settledNanos)
    {
        foreach (var gone in state.Files.Keys.Except(_there, StringComparer.Ordinal).ToArray())
            state.Files.Remove(gone);
        // A trace that is not whole lies in what was written a moment ago: by the clock of who wrote it.
        var settled = DateTimeOffset.UnixEpoch.AddTicks((settledNanos - ClockNanos) / 100).UtcTicks;
        foreach (var (file, mark) in _read)
            if (waiting is null || mark.Modified < settled)
                state.Files[file] = mark;
    }

    private string[] Files() =>
        Directory.Exists(source) ? Glob.Files(Path.Combine(source, "**/*"))
        : Glob.IsOne(source) ? Glob.Files(source)
        : TraceFiles.Files(source);

    private bool IsPassedOver(string file)
    {
        var full = Path.GetFullPath(file);
        return Array.Exists(s_passedOver, end => file.EndsWith(end, StringComparison.Ordinal))
            || Array.Exists(own, o => full.StartsWith(o, StringComparison.Ordinal))
            || Path.GetRelativePath(Path.GetFullPath(Directory.Exists(source) ? source : "."), full)
                .Split('/', '\\')
                .Any(part => part is not ("." or "..") && part.StartsWith('.'));
    }

    private static FileMark? MarkOf(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? new(info.Length, info.LastWriteTimeUtc.Ticks) : null;
    }
}

/// <summary>A store: it is asked for what began since it was asked last, and a while before.</summary>
internal sealed class WatchedStore(TraceStore store, TraceQuery query) : WatchedSource
{
    // Runs may be exported long after their last span began: one hung call is enough.
    private static readonly long s_lookBackNanos = (long)TimeSpan.FromHours(1).TotalNanoseconds;

    private long? _newest;

    /// <inheritdoc/>
    public override IEnumerable<T> Read<T>(WatchState state, Func<Trace, T> map, Action<string> tell)
    {
        var since = state.UntilNanos is { } until ? Math.Max(query.SinceNanos ?? long.MinValue, until - s_lookBackNanos) : query.SinceNanos;
        var asked = query with { SinceNanos = since };
        var set = store.Load(asked);
        _newest = state.UntilNanos;
        foreach (var trace in set.Traces.Where(asked.Matches))
        {
            _newest = Math.Max(_newest ?? long.MinValue, trace.Spans[^1].StartNanos);
            yield return map(trace);
        }
        foreach (var problem in set.Problems)
            tell(problem.ToString());
    }

    /// <inheritdoc/>
    public override void Mark(WatchState state, long? waiting, long settledNanos)
    {
        // One trace with a wrong clock would hide all that come before its time.
        long? newest = _newest is { } n ? Math.Min(n, settledNanos) : null;
        state.UntilNanos = waiting is { } start && start < newest ? start : newest;
    }
}
