using System.Text;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.WireMock;

/// <summary>
/// Reads mappings of WireMock (wiremock.org) as authored responses. What a fixture cannot say is an error, for leaving it out would
/// answer other requests, or otherwise.
/// </summary>
internal sealed class WireMockReader(string file, Uri? baseUrl)
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
    /// <param name="file">The file, as messages name it.</param>
    /// <param name="root">One mapping, or an object with a list of <c>mappings</c>.</param>
    /// <param name="baseUrl">The host of mappings that name none; null where each must.</param>
    /// <exception cref="BadInputException">It holds what a fixture cannot say; the message names the JSON path.</exception>
    public static IEnumerable<HttpResponseRecord> Read(string file, JsonElement root, Uri? baseUrl)
    {
        var reader = new WireMockReader(file, baseUrl);
        if (root.ValueKind != JsonValueKind.Object)
            throw reader.Bad("$", "expected a mapping, or an object with a list of mappings");
        var several = root.TryGetProperty("mappings", out var list) && list.ValueKind == JsonValueKind.Array;
        // Those of equal priority are tried in the opposite order.
        return (several ? list.EnumerateArray().Select((m, i) => (Item: m, Path: $"$.mappings[{i}]")) : [(root, "$")])
            .Reverse()
            .OrderBy(m => reader.Priority(m.Item, m.Path))
            .Select(m => reader.Record(m.Item, m.Path))
            .ToArray();
    }

    private const int DefaultPriority = 5;

    private int Priority(JsonElement mapping, string path) =>
        mapping.ValueKind != JsonValueKind.Object || !mapping.TryGetProperty("priority", out var value) ? DefaultPriority
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var priority) ? priority
        : throw Bad($"{path}.priority", "expected a whole number");

    private HttpResponseRecord Record(JsonElement mapping, string path)
    {
        Known(mapping, path, s_mapping);
        var (request, response) = (Required(mapping, path, "request"), Required(mapping, path, "response"));
        Known(request, $"{path}.request", s_request);
        Known(response, $"{path}.response", s_response);
        var delay = Number(response, $"{path}.response", "fixedDelayMilliseconds") ?? 0;
        var (headers, contentType) = Headers(response, $"{path}.response.headers");
        return new()
        {
            Method = Text(request, "method") is { } method and not "ANY"
                ? method
                : throw Bad($"{path}.request.method", "expected one method: a fixture's response answers one"),
            Url = UrlOf(mapping, request, $"{path}.request"),
            RequestBody = RequestBody(request, $"{path}.request.bodyPatterns"),
            Status = Whole(response, $"{path}.response", "status") ?? 200,
            LatencySeconds = delay >= WireMockWriter.NeverMilliseconds ? 0 : delay / 1000,
            ContentType = contentType,
            Headers = headers.Count > 0 ? headers : null,
            Body = BodyOf(response, $"{path}.response"),
            Dribble = Dribble(response, $"{path}.response.chunkedDribbleDelay"),
            Fault = delay >= WireMockWriter.NeverMilliseconds ? HttpFault.NoAnswer : Fault(response, $"{path}.response.fault"),
            Scenario = Text(mapping, "scenarioName") is { } name
                ? new(name, Text(mapping, "requiredScenarioState"), Text(mapping, "newScenarioState"))
                : null,
        };
    }

    private string UrlOf(JsonElement mapping, JsonElement request, string path)
    {
        if (mapping.TryGetProperty("metadata", out var metadata) && Text(metadata, WireMockWriter.UrlMetadata) is { } kept)
            return kept;
        var target =
            (Text(request, "url") ?? Text(request, "urlPath"))
            ?? throw Bad(path, "expected url or urlPath: a fixture's response answers one URL, and no pattern");
        if (request.TryGetProperty("queryParameters", out var query))
            target += "?" + string.Join('&', Members(query, $"{path}.queryParameters").Select(p => Parameter(p, path)));
        if (request.TryGetProperty("host", out var host))
        {
            var name = Text(host, "equalTo") ?? throw Bad($"{path}.host", "expected equalTo");
            var port = Number(request, path, "port") is { } number ? FormattableString.Invariant($":{number}") : "";
            return $"{Text(request, "scheme") ?? "http"}://{name}{port}{target}";
        }
        if (target.StartsWith("/http/", StringComparison.Ordinal))
            return "http://" + target["/http/".Length..];
        return baseUrl is not null
            ? baseUrl.GetLeftPart(UriPartial.Authority) + target
            : throw Bad(path, "names no host; give the one it stands for with --base-url https://HOST");
    }

    private string Parameter(JsonProperty parameter, string path)
    {
        var value = Text(parameter.Value, "equalTo") ?? throw Bad($"{path}.queryParameters.{parameter.Name}", "expected equalTo");
        return $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(value)}";
    }

    private JsonElement? RequestBody(JsonElement request, string path)
    {
        if (!request.TryGetProperty("bodyPatterns", out var patterns))
            return null;
        if (patterns.ValueKind != JsonValueKind.Array || patterns.GetArrayLength() != 1)
            throw Bad(path, "expected one pattern: equalTo or equalToJson");
        var pattern = patterns[0];
        var alone = Members(pattern, $"{path}[0]").Count() == 1;
        if (pattern.TryGetProperty("equalToJson", out var json) && alone)
            return json.ValueKind == JsonValueKind.String ? Parsed(json.GetString()!, $"{path}[0].equalToJson") : json.Clone();
        return pattern.TryGetProperty("equalTo", out var text) && alone
            ? text.Clone()
            : throw Bad($"{path}[0]", "expected equalTo or equalToJson alone");
    }

    private JsonElement Parsed(string text, string path)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            throw Bad(path, "is a text that is no JSON");
        }
    }

    private JsonElement? BodyOf(JsonElement response, string path)
    {
        if (response.TryGetProperty("jsonBody", out var json))
            return json.Clone();
        if (Text(response, "base64Body") is not { } encoded)
            return response.TryGetProperty("body", out var body) ? body.Clone() : null;
        try
        {
            return JsonElement.Parse(
                Json.Write(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(encoded)))
            );
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            throw Bad($"{path}.base64Body", "is no text in UTF-8; a fixture's bodies are text");
        }
    }

    private (Dictionary<string, string> Headers, string ContentType) Headers(JsonElement response, string path)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        if (response.TryGetProperty("headers", out var all))
            foreach (var header in Members(all, path))
                headers[header.Name] =
                    header.Value.ValueKind == JsonValueKind.String
                        ? header.Value.GetString()!
                        : throw Bad($"{path}.{header.Name}", "expected one value");
        var contentType = headers.GetValueOrDefault("Content-Type", "text/plain");
        headers.Remove("Content-Type");
        return (headers, contentType);
    }

    private HttpDribble? Dribble(JsonElement response, string path) =>
        !response.TryGetProperty("chunkedDribbleDelay", out var dribble)
            ? null
            : new(
                Whole(dribble, path, "numberOfChunks") ?? throw Bad($"{path}.numberOfChunks", "is missing"),
                (Number(dribble, path, "totalDuration") ?? throw Bad($"{path}.totalDuration", "is missing")) / 1000
            );

    private HttpFault? Fault(JsonElement response, string path) =>
        Text(response, "fault") switch
        {
            null => null,
            "CONNECTION_RESET_BY_PEER" => HttpFault.ConnectionReset,
            "EMPTY_RESPONSE" => HttpFault.EmptyResponse,
            "MALFORMED_RESPONSE_CHUNK" or "RANDOM_DATA_THEN_CLOSE" => HttpFault.MalformedResponse,
            var other => throw Bad(
                path,
                $"is {other}; expected CONNECTION_RESET_BY_PEER, EMPTY_RESPONSE, MALFORMED_RESPONSE_CHUNK or RANDOM_DATA_THEN_CLOSE"
            ),
        };

    private void Known(JsonElement item, string path, string[] names)
    {
        foreach (var member in Members(item, path))
            if (!names.Contains(member.Name))
                throw Bad($"{path}.{member.Name}", $"a fixture's response cannot say this; known are {string.Join(", ", names)}");
    }

    private JsonElement.ObjectEnumerator Members(JsonElement item, string path) =>
        item.ValueKind == JsonValueKind.Object ? item.EnumerateObject() : throw Bad(path, "expected an object");

    private JsonElement Required(JsonElement item, string path, string name) =>
        item.TryGetProperty(name, out var value) ? value : throw Bad($"{path}.{name}", "is missing");

    private double? Number(JsonElement item, string path, string name) =>
        item.ValueKind != JsonValueKind.Object ? throw Bad(path, "expected an object")
        : !item.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.GetDouble() >= 0 ? value.GetDouble()
        : throw Bad($"{path}.{name}", "expected a number from 0");

    private int? Whole(JsonElement item, string path, string name) =>
        Number(item, path, name) is not { } number ? null
        : number <= int.MaxValue ? (int)number
        : throw Bad($"{path}.{name}", "expected a whole number of 32 bits");

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private BadInputException Bad(string path, string what) => new($"{file}: {path}: {what}");
}
