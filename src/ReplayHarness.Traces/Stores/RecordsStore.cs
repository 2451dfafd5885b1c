using System.Text;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>A store that answers SQL over <c>records</c> with rows as JSON, one a line.</summary>
internal abstract class RecordsStore(string source, StoreOptions options) : Store(source, options)
{
    public override TraceSet Load(TraceQuery query)
    {
        using var rows = new MemoryStream();
        foreach (var ids in TraceIds(query).Chunk(RecordsSql.TracesAtOnce))
            Copy(ids, rows);
        return Read(rows.ToArray());
    }

    /// <summary>The rows of a query, each a JSON object.</summary>
    protected abstract IReadOnlyList<string> Query(string sql, long? sinceNanos);

    private IEnumerable<string> TraceIds(TraceQuery query)
    {
        var last = "";
        while (true)
        {
            var rows = Query(RecordsSql.TraceIds(query, last), query.SinceNanos);
            foreach (var row in rows)
                yield return last = Member(row, "trace_id");
            if (rows.Count < RecordsSql.PageSize)
                yield break;
        }
    }

    private void Copy(string[] traceIds, MemoryStream into)
    {
        (string, string, string)? last = null;
        while (true)
        {
            // A trace's rows may begin before the time that its span was searched from.
            var rows = Query(RecordsSql.Rows(traceIds, last), null);
            foreach (var row in rows)
                into.Write(Encoding.UTF8.GetBytes(row + "\n"));
            if (rows.Count < RecordsSql.PageSize)
                return;
            last = (Member(rows[^1], "start_timestamp"), Member(rows[^1], "trace_id"), Member(rows[^1], "span_id"));
        }
    }

    private string Member(string row, string name)
    {
        using var document = JsonDocument.Parse(row);
        return document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new BadInputException($"{Source}: a row of records has no {name}");
    }
}
