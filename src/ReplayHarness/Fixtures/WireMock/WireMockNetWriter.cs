using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReplayHarness.Fixtures.WireMock;

/// <summary>The authored responses of a fixture as mappings of WireMock.Net, at the same paths as <see cref="WireMockWriter"/>.</summary>
internal static class WireMockNetWriter
{
    /// <summary>What WireMock.Net does at EMPTY_RESPONSE.</summary>
    public const string InsteadOfEmpty = "answers with the status and an empty body, and closes no connection";

    /// <summary>What WireMock.Net does at MALFORMED_RESPONSE_CHUNK.</summary>
    public const string InsteadOfMalformed = "answers with the status and a body that ends in random bytes, a sound response otherwise";

    /// <summary>A file of mappings.</summary>
    /// <param name="index">The fixture.</param>
    /// <param name="warn">Told of what WireMock.Net cannot do, and what it does instead.</param>
    public static JsonArray Write(FixtureIndex index, Action<string> warn) =>
        [.. index.Responses.Select((r, i) => Mapping(r, i + 1, warn))];

    private static JsonObject Mapping(HttpAnswer answer, int priority, Action<string> warn)
    {
        var record = answer.Record;
        var mapping = new JsonObject { ["Title"] = $"{record.Method} {record.Url}", ["Priority"] = priority };
        if (record.Scenario is { } scenario)
            Write(mapping, scenario, line => warn($"{record.Url}: {line}"));
        mapping["Request"] = Request(record);
        mapping["Response"] = Response(answer, warn);
        return mapping;
    }

    // The first state has no name there: a mapping that names none answers in it alone, and nothing leads back to it.
    private static void Write(JsonObject mapping, HttpScenario scenario, Action<string> warn)
    {
        mapping["Scenario"] = scenario.Name;
        if (scenario.Requires is null)
            warn($"answers in the first state of {scenario.Name} alone: WireMock.Net has no word for any state");
        else if (scenario.Requires != HttpScenario.Started)
            mapping["WhenStateIs"] = scenario.Requires;
        if (scenario.Becomes == HttpScenario.Started)
            warn($"{scenario.Name} does not come back to its first state: WireMock.Net has no word for it");
        if (scenario.Becomes is { } becomes)
            mapping["SetStateTo"] = becomes;
    }

    private static JsonObject Request(HttpResponseRecord record)
    {
        var path = WireMockWriter.PathOf(record.Url).Split('?', 2);
        var request = new JsonObject
        {
            ["Path"] = Matchers("ExactMatcher", Uri.UnescapeDataString(path[0])),
            ["Methods"] = new JsonArray(record.Method),
        };
        if (path.Length == 2)
            request["Params"] = new JsonArray([
                .. path[1]
                    .Split('&')
                    .Select(p => p.Split('=', 2))
                    .Select(p =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["Name"] = Unescaped(p[0]),
                                ["Matchers"] = new JsonArray(Matcher("ExactMatcher", Unescaped(p.ElementAtOrDefault(1) ?? ""))),
                            }
                    ),
            ]);
        if (record.RequestBody is { } body)
            request["Body"] = new JsonObject
            {
                ["Matcher"] =
                    body.ValueKind == JsonValueKind.String
                        ? Matcher("ExactMatcher", body.GetString()!)
                        : Matcher("JsonMatcher", JsonNode.Parse(body.GetRawText())!),
            };
        return request;
    }

    private static JsonObject Response(HttpAnswer answer, Action<string> warn)
    {
        var (record, delay) = (answer.Record, WireMockWriter.Milliseconds(answer.Record.LatencySeconds));
        if (record.Dribble is { } dribble)
        {
            warn($"{record.Url}: comes whole after {dribble.Seconds} s more: WireMock.Net sends no body in pieces");
            delay += WireMockWriter.Milliseconds(dribble.Seconds);
        }
        var headers = new JsonObject { ["Content-Type"] = record.ContentType };
        foreach (var (name, value) in record.Headers ?? new Dictionary<string, string>())
            headers[name] = value;
        var response = new JsonObject
        {
            ["StatusCode"] = record.Status,
            ["Headers"] = headers,
            ["Body"] = answer.Body,
            ["Delay"] = record.Fault == HttpFault.NoAnswer ? WireMockWriter.NeverMilliseconds : delay,
        };
        if (record.Fault is { } fault and not HttpFault.NoAnswer)
            response["Fault"] = Fault(fault, line => warn($"{record.Url}: {line}"));
        return response;
    }

    private static JsonObject Fault(HttpFault fault, Action<string> warn)
    {
        var (type, instead) =
            fault == HttpFault.MalformedResponse ? ("MALFORMED_RESPONSE_CHUNK", InsteadOfMalformed) : ("EMPTY_RESPONSE", InsteadOfEmpty);
        warn($"is {FaultName(fault)} in the fixture; WireMock.Net {instead}");
        return new() { ["Type"] = type };
    }

    private static string FaultName(HttpFault fault) =>
        fault switch
        {
            HttpFault.ConnectionReset => "connection-reset",
            HttpFault.EmptyResponse => "empty-response",
            _ => "malformed-response",
        };

    private static string Unescaped(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static JsonObject Matchers(string name, string pattern) => new() { ["Matchers"] = new JsonArray(Matcher(name, pattern)) };

    private static JsonObject Matcher(string name, JsonNode pattern) => new() { ["Name"] = name, ["Pattern"] = pattern };
}
