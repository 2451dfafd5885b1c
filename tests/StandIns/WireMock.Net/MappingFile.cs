using System.Text.Json.Nodes;
using WireMock.Matchers;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;

namespace WireMock.Server;

/// <summary>Reads the mappings of a file; a key that is not known is an error.</summary>
internal static class MappingFile
{
    public static void Read(string path, Func<Request, IRespondWithAProvider> given)
    {
        var root = JsonNode.Parse(File.ReadAllText(path));
        foreach (var mapping in root as JsonArray ?? [root!.DeepClone()])
            Add(mapping!.AsObject(), given);
    }

    private static void Add(JsonObject mapping, Func<Request, IRespondWithAProvider> given)
    {
        Known(mapping, "Guid", "Title", "Priority", "Scenario", "WhenStateIs", "SetStateTo", "Request", "Response");
        var provider = given(RequestOf(mapping["Request"]!.AsObject()));
        if (mapping["Priority"] is { } priority)
            provider.AtPriority((int)priority);
        if (mapping["Scenario"] is { } scenario)
            provider.InScenario((string)scenario!);
        if (mapping["WhenStateIs"] is { } when)
            provider.WhenStateIs((string)when!);
        if (mapping["SetStateTo"] is { } next)
            provider.WillSetStateTo((string)next!);
        provider.RespondWith(ResponseOf(mapping["Response"]!.AsObject()));
    }

    private static Request RequestOf(JsonObject model)
    {
        Known(model, "Path", "Methods", "Params", "Body");
        var request = (Request)Request.Create();
        if (model["Path"] is { } path)
            request.WithPath(MatchersOf(path));
        if (model["Methods"] is JsonArray methods)
            request.UsingMethod([.. methods.Select(m => (string)m!)]);
        foreach (var parameter in model["Params"]?.AsArray() ?? [])
        {
            var matchers = MatchersOf(parameter!);
            request.And(r => r.Query.TryGetValue((string)parameter!["Name"]!, out var value) && matchers.All(m => m.IsMatch(value)));
        }
        if (model["Body"]?["Matcher"] is { } body)
            request.WithBody(MatcherOf(body));
        return request;
    }

    private static IResponseBuilder ResponseOf(JsonObject model)
    {
        Known(model, "StatusCode", "Headers", "Body", "BodyAsJson", "Delay", "Fault");
        var response = Response.Create().WithStatusCode((int?)model["StatusCode"] ?? 200);
        foreach (var (name, value) in model["Headers"]?.AsObject() ?? [])
            response.WithHeader(name, (string)value!);
        if (model["Body"] is { } body)
            response.WithBody((string)body!);
        if (model["BodyAsJson"] is { } json)
            response.WithBodyAsJson(json);
        if (model["Delay"] is { } delay)
            response.WithDelay((int)delay);
        if (model["Fault"]?["Type"] is { } fault)
            response.WithFault(Enum.Parse<FaultType>((string)fault!));
        return response;
    }

    private static IStringMatcher[] MatchersOf(JsonNode model) =>
        model is JsonValue text ? [new WildcardMatcher((string)text!)] : [.. model["Matchers"]!.AsArray().Select(m => MatcherOf(m!))];

    private static IStringMatcher MatcherOf(JsonNode model) =>
        (string?)model["Name"] switch
        {
            "ExactMatcher" => new ExactMatcher((string)model["Pattern"]!),
            "WildcardMatcher" => new WildcardMatcher((string)model["Pattern"]!),
            "RegexMatcher" => new RegexMatcher((string)model["Pattern"]!),
            "JsonMatcher" => new JsonMatcher(model["Pattern"]!),
            var other => throw new NotSupportedException($"the stand-in does not know the matcher {other}"),
        };

    private static void Known(JsonObject model, params string[] names)
    {
        foreach (var (name, _) in model)
            if (!names.Contains(name))
                throw new NotSupportedException($"the stand-in does not know the key {name}; known are {string.Join(", ", names)}");
    }
}
