using System.Data.Common;

namespace ReplayHarness.Stores;

/// <summary>How a store of traces is asked.</summary>
public sealed record StoreOptions
{
    /// <summary>The clock of now and of the pauses between tries: <c>TimeProvider.System</c>, save in a test.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>True where any problem of what a store answers is fatal, false where the rest is read.</summary>
    public bool Strict { get; init; }

    /// <summary>The read token of <c>logfire:</c>; null for the one in the environment variable LOGFIRE_READ_TOKEN.</summary>
    public string? LogfireToken { get; init; }

    /// <summary>
    /// Opens the database that stands after <c>postgres:</c>, for example with <c>NpgsqlDataSource.Create</c>; an <see
    /// cref="ArgumentException"/> says that the text is no connection. Null where no PostgreSQL is asked. The session's time zone should be
    /// UTC.
    /// </summary>
    public Func<string, DbDataSource>? Postgres { get; init; }

    /// <summary>Opens the buckets that <c>s3:</c> reads; null where none is read.</summary>
    public Func<ObjectStorage>? Objects { get; init; }
}
