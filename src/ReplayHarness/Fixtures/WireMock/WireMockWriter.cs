using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReplayHarness.Fixtures.WireMock;

/// <summary>
/// The authored responses of a fixture as mappings of WireMock (wiremock.org, 3.x): <c>/http/HOST/PATH</c> stands for
/// <c>http(s)://HOST/PATH</c>, as where the fixture is served.
/// </summary>
internal static class WireMockWriter
{
    /// <summary>What stands for an answer that never comes, which WireMock does not know: a delay of a day.</summary>
    public const long NeverMilliseconds = 86_400_000;

    /// <summary>The name of the metadata that keeps the URL as it is in the fixture.</summary>
    public const string UrlMetadata = "url";

    /// <summary>A file of mappings.</summary>
    public static JsonObject Write(FixtureIndex index) =>
        new() { ["mappings"] = new JsonArray([.. index.Responses.Select((r, i) => Mapping(r, i + 1))]) };

    /// <summary>The path, with its query, at which a URL is served.</summary>
    public static string PathOf(string url) => "/http/" + url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];

    // The first that matches answers here; there the one that was added last, unless priorities say otherwise.
    private static JsonObject Mapping(HttpAnswer answer, int priority)
    {
        var record = answer.Record;
        var mapping = new JsonObject
        {
            ["priority"] = priority,
            ["request"] = Request(record),
            ["response"] = Response(answer),
        };
        if (record.Scenario is { } scenario)
        {
            mapping["scenarioName"] = scenario.Name;
            if (scenario.Requires is { } requires)
                mapping["requiredScenarioState"] = requires;
            if (scenario.Becomes is { } becomes)
                mapping["newScenarioState"] = becomes;
        }
        mapping["metadata"] = new JsonObject { [UrlMetadata] = record.Url };
        return mapping;
    }

    private static JsonObject Request(HttpResponseRecord record)
    {
        var request = new JsonObject { ["method"] = record.Method, ["url"] = PathOf(record.Url) };
        if (record.RequestBody is { } body)
            request["bodyPatterns"] = new JsonArray(
                body.ValueKind == JsonValueKind.String
                    ? new JsonObject { ["equalTo"] = body.GetString() }
                    : new JsonObject { ["equalToJson"] = JsonNode.Parse(body.GetRawText()) }
            );
        return request;
    }

    private static JsonObject Response(HttpAnswer answer)
    {
        var record = answer.Record;
        var headers = new JsonObject { ["Content-Type"] = record.ContentType };
        foreach (var (name, value) in record.Headers ?? new Dictionary<string, string>())
            headers[name] = value;
        var response = new JsonObject
        {
            ["status"] = record.Status,
            ["headers"] = headers,
            ["body"] = answer.Body,
            ["fixedDelayMilliseconds"] = record.Fault == HttpFault.NoAnswer ? NeverMilliseconds : Milliseconds(record.LatencySeconds),
        };
        if (record.Dribble is { } dribble)
            response["chunkedDribbleDelay"] = new JsonObject
            {
                ["numberOfChunks"] = dribble.Pieces,
                ["totalDuration"] = Milliseconds(dribble.Seconds),
            };
        if (FaultName(record.Fault) is { } fault)
            response["fault"] = fault;
        return response;
    }

    private static string? FaultName(HttpFault? fault) =>
        fault switch
        {
            HttpFault.ConnectionReset => "CONNECTION_RESET_BY_PEER",
            HttpFault.EmptyResponse => "EMPTY_RESPONSE",
            HttpFault.MalformedResponse => "MALFORMED_RESPONSE_CHUNK",
            _ => null,
        };

    /// <summary>Seconds in whole milliseconds.</summary>
    public static long Milliseconds(double seconds) => (long)Math.Round(seconds * 1000);
}
