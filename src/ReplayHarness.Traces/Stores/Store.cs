using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>Where traces are kept by a service: it is asked for what a query wants, as far as it can be told.</summary>
internal abstract class Store(string source, StoreOptions options)
{
    private static readonly Dictionary<string, Func<string, string, StoreOptions, Store>> s_all = new(StringComparer.Ordinal)
    {
        ["jaeger:"] = (source, address, options) => new JaegerStore(source, address, options),
        ["tempo:"] = (source, address, options) => new TempoStore(source, address, options),
        ["logfire:"] = (source, address, options) => new LogfireStore(source, address, options),
        ["postgres:"] = (source, address, options) => new PostgresStore(source, address, options),
        ["clickhouse:"] = (source, address, options) => new ClickHouseStore(source, address, options),
        ["s3:"] = (source, address, options) => new S3Store(source, address, options),
    };

    /// <summary>The store that a source names, or null where it names files.</summary>
    public static Store? Of(string source, StoreOptions options)
    {
        foreach (var (prefix, open) in s_all)
            if (source.StartsWith(prefix, StringComparison.Ordinal))
                return open(Secret.Hide(source), source[prefix.Length..], options);
        return null;
    }

    protected StoreOptions Options => options;

    /// <summary>What messages call it; passwords are left out.</summary>
    protected string Source => source;

    /// <summary>Loads the traces that a query asks for, and perhaps others.</summary>
    /// <exception cref="BadInputException">The store cannot be reached, refuses, or answers what cannot be read.</exception>
    public abstract TraceSet Load(TraceQuery query);

    /// <summary>Traces from what a store answered.</summary>
    protected TraceSet Read(byte[] answer)
    {
        using var stream = new MemoryStream(answer);
        return answer.AsSpan().Trim(" \r\n\t"u8).IsEmpty ? new([], []) : TraceFiles.Load(stream, source, options.Strict);
    }

    /// <summary>Notes that a store was asked for the most it may be asked for, and perhaps has more.</summary>
    protected TraceSet Cut(TraceSet set, string message)
    {
        var cut = new InputProblem(source, null, null, null, $"{message}. Ask for less: a key and its value, or a time since");
        return options.Strict ? throw new BadInputException(cut.ToString()) : set with { Problems = [.. set.Problems, cut] };
    }

    /// <summary>Several answers as one: spans of one trace may come in different ones.</summary>
    protected static TraceSet Merge(IReadOnlyList<TraceSet> sets) =>
        sets.Count == 1
            ? sets[0]
            : new(
                [
                    .. sets.SelectMany(s => s.Traces)
                        .GroupBy(t => t.TraceId, StringComparer.Ordinal)
                        .Select(g => new Trace(g.Key, g.SelectMany(t => t.Spans).DistinctBy(s => s.SpanId)))
                        .OrderBy(t => t.Spans[0].StartNanos)
                        .ThenBy(t => t.TraceId, StringComparer.Ordinal),
                ],
                [.. sets.SelectMany(s => s.Problems).Distinct()]
            );
}
