using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>SQL over a table <c>records</c> with Logfire's columns, in what PostgreSQL and Logfire's own dialect share.</summary>
internal static class RecordsSql
{
    /// <summary>The most rows that one query may give: Logfire's limit.</summary>
    public const int PageSize = 10_000;

    /// <summary>How many traces are asked for at once.</summary>
    public const int TracesAtOnce = 100;

    // Where a table leaves the kind out of a row, the row is a span.
    private const string NotPending = "kind IS DISTINCT FROM 'pending_span'";

    /// <summary>The ids of the traces that a query asks for, a page of them after an id.</summary>
    public static string TraceIds(TraceQuery query, string after)
    {
        List<string> conditions = [NotPending, $"trace_id > {Text(after)}"];
        if (query.TraceId is { } prefix)
            conditions.Add($"trace_id LIKE {Text(prefix.ToLowerInvariant() + "%")}");
        if (query.Where is var (key, value))
            conditions.Add($"(attributes->>{Text(key)} = {Text(value)} OR otel_resource_attributes->>{Text(key)} = {Text(value)})");
        if (query.Environment is { } environment)
            conditions.Add($"deployment_environment = {Text(environment)}");
        if (query.FailedOnly)
            conditions.Add("otel_status_code = 'ERROR'");
        if (query.SinceNanos is { } since)
            conditions.Add($"start_timestamp >= {Text(Time(since))}");
        return $"SELECT DISTINCT trace_id FROM records WHERE {string.Join(" AND ", conditions)} ORDER BY trace_id LIMIT {PageSize}";
    }

    /// <summary>
    /// The rows of traces, a page of them after a row: by time, then by id, so that no row is missed and none comes twice.
    /// </summary>
    public static string Rows(IEnumerable<string> traceIds, (string Start, string TraceId, string SpanId)? after)
    {
        var where = $"{NotPending} AND trace_id IN ({string.Join(", ", traceIds.Select(Text))})";
        if (after is var (start, trace, span))
            where +=
                $" AND (start_timestamp > {Text(start)} OR (start_timestamp = {Text(start)} AND (trace_id > {Text(trace)} OR "
                + $"(trace_id = {Text(trace)} AND span_id > {Text(span)}))))";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT * FROM records WHERE {where} ORDER BY start_timestamp, trace_id, span_id LIMIT {PageSize}"
        );
    }

    /// <summary>A time as SQL and JSON take it, to 100 ns.</summary>
    public static string Time(long nanos) =>
        DateTimeOffset
            .UnixEpoch.AddTicks(nanos / 100)
            .ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);

    // Standard SQL: a quote is doubled, nothing else is special.
    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
