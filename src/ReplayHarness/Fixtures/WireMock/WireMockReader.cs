using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.WireMock;

/// <summary>
/// Reads mappings of WireMock (wiremock.org) as authored responses. What a fixture cannot say is an error, for leaving it out would
/// answer other requests, or otherwise.
/// </summary>
internal sealed class WireMockReader(MappingJson json)
{
    private static readonly string[] s_mapping =
    [
        "id",
        "uuid",
        "name",
        "priority",
        "persistent",
        "metadata",
        "request",
        "response",
        "scenarioName",
        "requiredScenarioState",
        "newScenarioState",
    ];
    private static readonly string[] s_request = ["method", "url", "urlPath", "queryParameters", "scheme", "host", "port", "bodyPatterns"];
    private static readonly string[] s_response =
    [
        "status",
        "statusMessage",
        "headers",
        "body",
        "jsonBody",
        "base64Body",
        "fixedDelayMilliseconds",
        "chunkedDribbleDelay",
        "fault",
    ];

    /// <summary>The responses of a file of mappings, in the order in which they are tried.</summary>
    /// <param name="root">One mapping, or an object with a list of <c>mappings</c>.</param>
    /// <param name="json">Reads its members.</param>
    /// <exception cref="BadInputException">It holds what a fixture cannot say; the message names the JSON path.</exception>
    public static IEnumerable<HttpResponseRecord> Read(JsonElement root, MappingJson json)
    {
        var reader = new WireMockReader(json);
        if (root.ValueKind != JsonValueKind.Object)
            throw json.Bad("$", "expected a mapping, or an object with a list of mappings");
        var several = root.TryGetProperty("mappings", out var list) && list.ValueKind == JsonValueKind.Array;
        // Those of equal priority are tried in the opposite order.
        return (several ? list.EnumerateArray().Select((m, i) => (Item: m, Path: $"$.mappings[{i}]")) : [(root, "$")])
            .Reverse()
            .OrderBy(m => json.Integer(m.Item, m.Path, "priority", DefaultPriority))
            .Select(m => reader.Record(m.Item, m.Path))
            .ToArray();
    }

    private const int DefaultPriority = 5;

    private HttpResponseRecord Record(JsonElement mapping, string path)
    {
        json.Known(mapping, path, s_mapping);
        var (request, response) = (json.Required(mapping, path, "request"), json.Required(mapping, path, "response"));
        json.Known(request, $"{path}.request", s_request);
        json.Known(response, $"{path}.response", s_response);
        var delay = json.Number(response, $"{path}.response", "fixedDelayMilliseconds") ?? 0;
        var (headers, contentType) = Headers(response, $"{path}.response.headers");
        return new()
        {
            Method = json.Text(request, $"{path}.request", "method") is { } method and not "ANY"
                ? method
                : throw json.Bad($"{path}.request.method", "expected one method: a fixture's response answers one"),
            Url = UrlOf(mapping, request, $"{path}.request"),
            RequestBody = RequestBody(request, $"{path}.request.bodyPatterns"),
            Status = json.Whole(response, $"{path}.response", "status") ?? 200,
            LatencySeconds = delay >= WireMockWriter.NeverMilliseconds ? 0 : delay / 1000,
            ContentType = contentType,
            Headers = headers.Count > 0 ? headers : null,
            Body = BodyOf(response, $"{path}.response"),
            Dribble = Dribble(response, $"{path}.response.chunkedDribbleDelay"),
            Fault = delay >= WireMockWriter.NeverMilliseconds ? HttpFault.NoAnswer : Fault(response, $"{path}.response"),
            Scenario = json.Text(mapping, path, "scenarioName") is { } name
                ? new(name, json.Text(mapping, path, "requiredScenarioState"), json.Text(mapping, path, "newScenarioState"))
                : null,
        };
    }

    // Metadata of others may be anything.
    private static string? UrlKept(JsonElement mapping) =>
        mapping.TryGetProperty("metadata", out var metadata)
        && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty(WireMockWriter.UrlMetadata, out var url)
        && url.ValueKind == JsonValueKind.String
            ? url.GetString()
            : null;

    private string UrlOf(JsonElement mapping, JsonElement request, string path)
    {
        if (UrlKept(mapping) is { } kept)
            return kept;
        var target =
            (json.Text(request, path, "url") ?? json.Text(request, path, "urlPath"))
            ?? throw json.Bad(path, "expected url or urlPath: a fixture's response answers one URL, and no pattern");
        if (request.TryGetProperty("queryParameters", out var query))
            target += "?" + string.Join('&', json.Members(query, $"{path}.queryParameters").Select(p => Parameter(p, path)));
        if (!request.TryGetProperty("host", out var host))
            return json.UrlOf(target, path);
        var port = json.Number(request, path, "port") is { } number ? FormattableString.Invariant($":{number}") : "";
        return $"{json.Text(request, path, "scheme") ?? "http"}://{EqualTo(host, $"{path}.host")}{port}{target}";
    }

    private string Parameter(JsonProperty parameter, string path) =>
        $"{Uri.EscapeDataString(parameter.Name)}="
        + Uri.EscapeDataString(EqualTo(parameter.Value, $"{path}.queryParameters.{parameter.Name}"));

    private string EqualTo(JsonElement matcher, string path)
    {
        json.Known(matcher, path, ["equalTo"]);
        return json.Text(matcher, path, "equalTo") ?? throw json.Bad(path, "expected equalTo");
    }

    private JsonElement? RequestBody(JsonElement request, string path)
    {
        if (!request.TryGetProperty("bodyPatterns", out var patterns))
            return null;
        if (patterns.ValueKind != JsonValueKind.Array || patterns.GetArrayLength() != 1)
            throw json.Bad(path, "expected one pattern: equalTo or equalToJson");
        var members = json.Members(patterns[0], $"{path}[0]").ToArray();
        return members switch
        {
            [{ Name: "equalToJson" } only] => json.Parsed(only.Value, $"{path}[0].equalToJson"),
            [{ Name: "equalTo" } only] => only.Value.Clone(),
            _ => throw json.Bad($"{path}[0]", "expected equalTo or equalToJson alone"),
        };
    }

    private JsonElement? BodyOf(JsonElement response, string path)
    {
        if (response.TryGetProperty("jsonBody", out var value))
            return value.Clone();
        if (json.Text(response, path, "base64Body") is { } encoded)
            return json.Decoded(encoded, $"{path}.base64Body");
        return response.TryGetProperty("body", out var body) ? body.Clone() : null;
    }

    private (Dictionary<string, string> Headers, string ContentType) Headers(JsonElement response, string path)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        if (response.TryGetProperty("headers", out var all))
            foreach (var header in json.Members(all, path))
                headers[header.Name] =
                    header.Value.ValueKind == JsonValueKind.String
                        ? header.Value.GetString()!
                        : throw json.Bad($"{path}.{header.Name}", "expected one value");
        var contentType = headers.GetValueOrDefault("Content-Type", "text/plain");
        headers.Remove("Content-Type");
        return (headers, contentType);
    }

    private HttpDribble? Dribble(JsonElement response, string path)
    {
        if (!response.TryGetProperty("chunkedDribbleDelay", out var dribble))
            return null;
        json.Known(dribble, path, ["numberOfChunks", "totalDuration"]);
        return new(
            json.Whole(dribble, path, "numberOfChunks") ?? throw json.Bad($"{path}.numberOfChunks", "is missing"),
            (json.Number(dribble, path, "totalDuration") ?? throw json.Bad($"{path}.totalDuration", "is missing")) / 1000
        );
    }

    private HttpFault? Fault(JsonElement response, string path) =>
        json.Text(response, path, "fault") switch
        {
            null => null,
            "CONNECTION_RESET_BY_PEER" => HttpFault.ConnectionReset,
            "EMPTY_RESPONSE" => HttpFault.EmptyResponse,
            "MALFORMED_RESPONSE_CHUNK" or "RANDOM_DATA_THEN_CLOSE" => HttpFault.MalformedResponse,
            var other => throw json.Bad(
                $"{path}.fault",
                $"is {other}; expected CONNECTION_RESET_BY_PEER, EMPTY_RESPONSE, MALFORMED_RESPONSE_CHUNK or RANDOM_DATA_THEN_CLOSE"
            ),
        };
}
