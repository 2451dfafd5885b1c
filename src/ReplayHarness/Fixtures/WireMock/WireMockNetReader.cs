using System.Globalization;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.WireMock;

/// <summary>
/// Reads mappings of WireMock.Net, as <c>SaveStaticMappings</c> and <c>/__admin/mappings</c> write them, as authored responses. What a
/// fixture cannot say is an error.
/// </summary>
internal sealed class WireMockNetReader(MappingJson json, Action<string> warn)
{
    private static readonly string[] s_mapping =
    [
        "Guid",
        "UpdatedAt",
        "Title",
        "Description",
        "Priority",
        "Scenario",
        "WhenStateIs",
        "SetStateTo",
        "TimesInSameState",
        "Request",
        "Response",
    ];

    // What the server writes beside a response's content, each with its one value that changes nothing.
    private static readonly string[] s_response =
    [
        "StatusCode",
        "Headers",
        "Body",
        "BodyAsJson",
        "BodyAsBytes",
        "BodyDestination",
        "BodyEncoding",
        "Delay",
        "Fault",
    ];

    private readonly WireMockNetRequest _requests = new(json);

    /// <summary>Whether a file is of this dialect, whose members begin with capitals, and not of WireMock's own.</summary>
    public static bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Array
            ? root.GetArrayLength() > 0
            : root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Any(m => m.Name is "Request" or "Response" or "Guid");

    /// <summary>The responses of a file of mappings, in the order in which they are tried.</summary>
    /// <param name="root">One mapping, or a list of them.</param>
    /// <param name="json">Reads its members.</param>
    /// <param name="warn">Told of what WireMock.Net itself does otherwise.</param>
    /// <exception cref="BadInputException">It holds what a fixture cannot say; the message names the JSON path.</exception>
    public static IEnumerable<HttpResponseRecord> Read(JsonElement root, MappingJson json, Action<string> warn)
    {
        var reader = new WireMockNetReader(json, warn);
        // Those of equal priority are tried in the opposite order.
        return (root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().Select((m, i) => (Item: m, Path: $"$[{i}]")) : [(root, "$")])
            .Reverse()
            .Select(m => (Record: reader.Record(m.Item, m.Path), Priority: json.Integer(m.Item, m.Path, "Priority", otherwise: 0)))
            .OrderBy(m => m.Priority)
            .Select(m => m.Record)
            .ToArray();
    }

    private HttpResponseRecord Record(JsonElement mapping, string path)
    {
        json.Known(mapping, path, s_mapping);
        var (request, response) = (json.Required(mapping, path, "Request"), json.Required(mapping, path, "Response"));
        var asked = _requests.Read(request, $"{path}.Request", json.Text(mapping, path, "Title"));
        path += ".Response";
        json.Known(response, path, s_response);
        Only(response, path, "BodyDestination", "SameAsSource");
        if (response.TryGetProperty("BodyEncoding", out var encoding))
            Utf8(encoding, $"{path}.BodyEncoding");
        var delay = json.Number(response, path, "Delay") ?? 0;
        var never = delay >= WireMockWriter.NeverMilliseconds;
        var (headers, contentType) = Headers(response, $"{path}.Headers");
        return new()
        {
            Method = asked.Method,
            Url = asked.Url,
            RequestBody = asked.Body,
            Status = Status(response, $"{path}.StatusCode"),
            LatencySeconds = never ? 0 : delay / 1000,
            ContentType = contentType,
            Headers = headers.Count > 0 ? headers : null,
            Body = BodyOf(response, path),
            Fault = never ? HttpFault.NoAnswer : Fault(response, $"{path}.Fault"),
            Scenario = Scenario(mapping, path[..^".Response".Length]),
        };
    }

    // Without a state to be in, a mapping answers in the first state, which has no name there.
    private HttpScenario? Scenario(JsonElement mapping, string path)
    {
        Only(mapping, path, "TimesInSameState", 1);
        var (requires, becomes) = (json.Text(mapping, path, "WhenStateIs"), json.Text(mapping, path, "SetStateTo"));
        foreach (var (name, state) in (ReadOnlySpan<(string, string?)>)[("WhenStateIs", requires), ("SetStateTo", becomes)])
            if (state == HttpScenario.Started)
                throw json.Bad($"{path}.{name}", $"is {state}, as a fixture calls the first state; WireMock.Net's has no name: rename it");
        if (json.Text(mapping, path, "Scenario") is { } scenario)
            return new(scenario, requires ?? HttpScenario.Started, becomes);
        return requires is null && becomes is null
            ? null
            : throw json.Bad($"{path}.Scenario", "is missing; WhenStateIs and SetStateTo are states of one");
    }

    private int Status(JsonElement response, string path)
    {
        if (!response.TryGetProperty("StatusCode", out var status))
            return 200;
        var text = status.ValueKind == JsonValueKind.String ? status.GetString()! : status.GetRawText();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 100 and <= 599
            ? code
            : throw json.Bad(path, "expected a number from 100 to 599");
    }

    private JsonElement? BodyOf(JsonElement response, string path)
    {
        if (response.TryGetProperty("BodyAsJson", out var value))
            return value.Clone();
        if (json.Text(response, path, "BodyAsBytes") is { } encoded)
            return json.Decoded(encoded, $"{path}.BodyAsBytes");
        return !response.TryGetProperty("Body", out var body) ? null
            : body.ValueKind == JsonValueKind.String ? body.Clone()
            : throw json.Bad($"{path}.Body", "expected a text; JSON is BodyAsJson");
    }

    private (Dictionary<string, string> Headers, string ContentType) Headers(JsonElement response, string path)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        if (response.TryGetProperty("Headers", out var all))
            foreach (var (name, value) in json.Members(all, path).Select(h => (h.Name, OneOf(h.Value))))
                headers[name] =
                    value.ValueKind == JsonValueKind.String ? value.GetString()! : throw json.Bad($"{path}.{name}", "expected one value");
        var contentType = headers.GetValueOrDefault("Content-Type", "text/plain");
        headers.Remove("Content-Type");
        return (headers, contentType);
    }

    private static JsonElement OneOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 ? value[0] : value;

    private void Utf8(JsonElement encoding, string path)
    {
        json.Known(encoding, path, ["CodePage", "EncodingName", "WebName"]);
        if (json.Text(encoding, path, "WebName") != "utf-8")
            throw json.Bad($"{path}.WebName", "expected utf-8, in which a fixture's bodies are written");
    }

    private HttpFault? Fault(JsonElement response, string path)
    {
        if (!response.TryGetProperty("Fault", out var fault))
            return null;
        json.Known(fault, path, ["Type"]);
        var type = json.Text(fault, path, "Type");
        (HttpFault? read, string instead) = type switch
        {
            "NONE" => ((HttpFault?)null, ""),
            "EMPTY_RESPONSE" => (HttpFault.EmptyResponse, WireMockNetWriter.InsteadOfEmpty),
            "MALFORMED_RESPONSE_CHUNK" => (HttpFault.MalformedResponse, WireMockNetWriter.InsteadOfMalformed),
            _ => throw json.Bad($"{path}.Type", "expected NONE, EMPTY_RESPONSE or MALFORMED_RESPONSE_CHUNK"),
        };
        if (read is not null)
            warn($"{path}: {type} is read as the fault of that name; WireMock.Net itself {instead}");
        return read;
    }

    // A member that a fixture has no word for, at the one value that changes nothing.
    private void Only<T>(JsonElement item, string path, string name, T value)
    {
        if (item.TryGetProperty(name, out var given) && given.ToString() != FormattableString.Invariant($"{value}"))
            throw json.Bad($"{path}.{name}", FormattableString.Invariant($"a fixture's response can say {value} alone"));
    }
}
