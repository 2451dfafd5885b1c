using System.Globalization;
using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>ClickHouse over HTTP with the collector's table <c>otel_traces</c>; values are parameters, never parts of the SQL.</summary>
internal sealed class ClickHouseStore(string source, string address, StoreOptions options) : Store(source, options)
{
    public override TraceSet Load(TraceQuery query)
    {
        using var http = new StoreHttp(Source, address, Options.Clock);
        var parameters = new List<(string Name, string Value)> { ("date_time_output_format", "iso") };
        var sql = Sql(query, parameters);
        var path = "?" + string.Join('&', parameters.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));
        return Read(
            http.Post(path, sql, "text/plain")
                ?? throw new BadInputException(
                    $"{Source}: answered 404; is it ClickHouse's HTTP interface (port 8123), and has the database a table otel_traces?"
                )
        );
    }

    private static string Sql(TraceQuery query, List<(string Name, string Value)> parameters)
    {
        var traces = new StringBuilder();
        void In(string condition, params ReadOnlySpan<(string, string)> values)
        {
            foreach (var (name, value) in values)
                parameters.Add(($"param_{name}", value));
            traces
                .Append(traces.Length == 0 ? " WHERE" : " AND")
                .Append($" TraceId IN (SELECT DISTINCT TraceId FROM otel_traces WHERE {condition})");
        }
        if (query.TraceId is { } id)
            In("startsWith(TraceId, {trace:String})", ("trace", id.ToLowerInvariant()));
        if (query.Where is var (key, value))
            In(
                "SpanAttributes[{key:String}] = {value:String} OR ResourceAttributes[{key:String}] = {value:String}",
                ("key", key),
                ("value", value)
            );
        if (query.Environment is { } environment)
            In(
                "ResourceAttributes['deployment.environment.name'] = {environment:String} OR "
                    + "ResourceAttributes['deployment.environment'] = {environment:String}",
                ("environment", environment)
            );
        if (query.FailedOnly)
            In("StatusCode IN ('Error', 'STATUS_CODE_ERROR')");
        if (query.SinceNanos is { } since)
            In("toUnixTimestamp64Nano(Timestamp) >= {since:Int64}", ("since", since.ToString(CultureInfo.InvariantCulture)));
        return $"SELECT * FROM otel_traces{traces} ORDER BY Timestamp, TraceId, SpanId FORMAT JSONEachRow";
    }
}
