using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Stores;

/// <summary>Logfire's query interface (<c>POST /v2/query</c>) with a read token, from LOGFIRE_READ_TOKEN where none is given.</summary>
internal sealed class LogfireStore(string source, string address, StoreOptions options) : RecordsStore(source, options)
{
    private const string TokenVariable = "LOGFIRE_READ_TOKEN";

    // The interface wants a time to begin with; Logfire has nothing older.
    private const string Beginning = "2023-01-01T00:00:00Z";

    protected override IReadOnlyList<string> Query(string sql, long? sinceNanos)
    {
        var token = (Options.LogfireToken ?? Environment.GetEnvironmentVariable(TokenVariable)) is { Length: > 0 } t
            ? t
            : throw new BadInputException(
                $"{Source}: needs a read token in {TokenVariable}; make one in Logfire's project settings, under read tokens"
            );
        using var http = new StoreHttp(Source, address.Length > 0 ? address : Region(token), Options.Clock);
        http.Authorize("Bearer", token);
        var body = JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["sql"] = sql,
                ["min_timestamp"] = sinceNanos is { } since ? RecordsSql.Time(since) : Beginning,
                ["limit"] = RecordsSql.PageSize,
            }
        );
        return RowsOf(
            http.Post("v2/query", body, "application/json") ?? throw new BadInputException($"{Source}: has no v2/query; is it Logfire?")
        );
    }

    // A token names its region: pylf_v1_eu_….
    private static string Region(string token) =>
        $"https://logfire-{(token.Split('_') is [_, _, var region and ("eu" or "us"), ..] ? region : "us")}.pydantic.dev";

    private string[] RowsOf(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return [.. document.RootElement.GetProperty("data").EnumerateArray().Select(r => r.GetRawText().ReplaceLineEndings(" "))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new BadInputException($"{Source}: its answer is not what Logfire's v2/query gives (an object with data)");
        }
    }
}
