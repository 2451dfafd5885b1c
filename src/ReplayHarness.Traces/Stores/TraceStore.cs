using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>
/// A service that keeps traces: Jaeger, Tempo, Logfire, PostgreSQL, ClickHouse, or buckets of files. Local files are read by <see
/// cref="TraceFiles"/> and <see cref="TraceReading"/>.
/// </summary>
public sealed class TraceStore
{
    private readonly Store _store;

    private TraceStore(Store store) => _store = store;

    /// <summary>
    /// The store of a source: <c>jaeger:URL</c>, <c>tempo:URL</c>, <c>logfire:</c> (with a URL for one of your own),
    /// <c>postgres:CONNECTION</c>, <c>clickhouse:URL</c> or <c>s3://BUCKET/PREFIX</c>
    /// (or a glob). Null for any other text, which names files. Nothing is asked yet.
    /// </summary>
    public static TraceStore? Open(string source, StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        return Store.Of(source, options) is { } store ? new(store) : null;
    }

    /// <summary>
    /// Loads the traces that a query asks for, each whole, and perhaps others: filter with <see cref="TraceQuery.Matches"/>. What is only
    /// for now (429, 5xx) is tried again; where a store has more than it may be asked for, <see cref="TraceSet.Problems"/> says so.
    /// </summary>
    /// <exception cref="BadInputException">The store cannot be reached, refuses, or answers what cannot be read.</exception>
    public TraceSet Load(TraceQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _store.Load(query);
    }
}
