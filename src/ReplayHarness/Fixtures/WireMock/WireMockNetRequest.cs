using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.WireMock;

/// <summary>What a request must be, by a mapping of WireMock.Net.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Url">Its whole URL.</param>
/// <param name="Body">Its body; null for any.</param>
internal sealed record AskedRequest(string Method, string Url, JsonElement? Body);

/// <summary>
/// Reads the <c>Request</c> of mappings of WireMock.Net: one method, one URL, one body or any; every matcher must stand for one value.
/// </summary>
internal sealed class WireMockNetRequest(MappingJson json)
{
    private static readonly string[] s_request = ["Path", "Url", "Methods", "MethodsMatchOperator", "Params", "Body"];
    private static readonly string[] s_matched = ["Matchers", "MatchOperator"];
    private static readonly string[] s_body = ["Matcher", "Matchers", "MatchOperator"];
    private static readonly string[] s_parameter = ["Name", "Matchers", "IgnoreCase", "RejectOnMatch"];
    private static readonly string[] s_matcher = ["Name", "Pattern", "IgnoreCase", "RejectOnMatch", "Regex"];

    /// <summary>Reads one.</summary>
    /// <param name="request">The JSON.</param>
    /// <param name="path">Its path.</param>
    /// <param name="title">The mapping's title, which may be the method and the URL.</param>
    public AskedRequest Read(JsonElement request, string path, string? title)
    {
        json.Known(request, path, s_request);
        if (
            !request.TryGetProperty("Methods", out var methods)
            || methods.ValueKind != JsonValueKind.Array
            || methods.GetArrayLength() != 1
            || methods[0] is not { ValueKind: JsonValueKind.String } only
        )
            throw json.Bad($"{path}.Methods", "expected one method: a fixture's response answers one");
        var method = only.GetString()!;
        return new(method, UrlOf(request, path, method, title), Body(request, path));
    }

    private string UrlOf(JsonElement request, string path, string method, string? title)
    {
        var query = Query(request, $"{path}.Params");
        if (request.TryGetProperty("Url", out var whole))
        {
            if (request.TryGetProperty("Path", out _))
                throw json.Bad($"{path}.Path", "stands beside Url; expected one of them");
            var url = Literal(whole, $"{path}.Url", wildcards: ["*"]);
            return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? url + query
                : throw json.Bad($"{path}.Url", "expected http://HOST/PATH");
        }
        if (!request.TryGetProperty("Path", out var pattern))
            throw json.Bad(path, "expected Path or Url: a fixture's response answers one URL, and no pattern");
        var literal = Literal(pattern, $"{path}.Path", wildcards: ["*", "?"]);
        if (!literal.StartsWith('/'))
            throw json.Bad($"{path}.Path", "expected a path that begins with /");
        var target = string.Join('/', literal.Split('/').Select(Escaped)) + query;
        // A title of our own also tells http from https, and how the URL was written.
        return title?.StartsWith($"{method} http", StringComparison.Ordinal) == true && Same(title[(method.Length + 1)..], target)
            ? title[(method.Length + 1)..]
            : json.UrlOf(target, $"{path}.Path");
    }

    private static bool Same(string url, string target) =>
        url.Contains("://", StringComparison.Ordinal) && Unescaped(WireMockWriter.PathOf(url)) == Unescaped(target);

    private static string Unescaped(string target) => Uri.UnescapeDataString(target.Replace('+', ' '));

    // What a path may hold as it is, a host with a port among it.
    private static string Escaped(string segment) =>
        Uri.EscapeDataString(segment)
            .Replace("%3A", ":", StringComparison.Ordinal)
            .Replace("%40", "@", StringComparison.Ordinal)
            .Replace("%2C", ",", StringComparison.Ordinal)
            .Replace("%24", "$", StringComparison.Ordinal)
            .Replace("%26", "&", StringComparison.Ordinal)
            .Replace("%2B", "+", StringComparison.Ordinal)
            .Replace("%3D", "=", StringComparison.Ordinal)
            .Replace("%3B", ";", StringComparison.Ordinal);

    private string Query(JsonElement request, string path)
    {
        if (!request.TryGetProperty("Params", out var parameters))
            return "";
        if (parameters.ValueKind != JsonValueKind.Array)
            throw json.Bad(path, "expected a list");
        var pairs = parameters.EnumerateArray().Select((p, i) => Parameter(p, $"{path}[{i}]")).ToArray();
        return pairs.Length == 0 ? "" : "?" + string.Join('&', pairs);
    }

    private string Parameter(JsonElement parameter, string path)
    {
        json.Known(parameter, path, s_parameter);
        Off(parameter, path, "IgnoreCase", "RejectOnMatch");
        var name = json.Text(parameter, path, "Name") ?? throw json.Bad($"{path}.Name", "is missing");
        var value = OneMatcher(json.Required(parameter, path, "Matchers"), $"{path}.Matchers", ["*", "?"]);
        return $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}";
    }

    private JsonElement? Body(JsonElement request, string path)
    {
        if (!request.TryGetProperty("Body", out var body))
            return null;
        path += ".Body";
        json.Known(body, path, s_body);
        var several = body.TryGetProperty("Matchers", out var list);
        if (several && (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != 1 || body.TryGetProperty("Matcher", out _)))
            throw json.Bad($"{path}.Matchers", "expected one matcher");
        var (matcher, at) = several ? (list[0], $"{path}.Matchers[0]") : (json.Required(body, path, "Matcher"), $"{path}.Matcher");
        json.Known(matcher, at, s_matcher);
        if (json.Text(matcher, at, "Name") != "JsonMatcher")
            return JsonElement.Parse(Json.Write(Value(matcher, at, ["*", "?"])));
        Off(matcher, at, "IgnoreCase", "RejectOnMatch", "Regex");
        return json.Parsed(json.Required(matcher, at, "Pattern"), $"{at}.Pattern");
    }

    // A text, or matchers, of which there must be one.
    private string Literal(JsonElement pattern, string path, string[] wildcards)
    {
        if (pattern.ValueKind == JsonValueKind.String)
            return NoWildcard(pattern.GetString()!, path, wildcards);
        json.Known(pattern, path, s_matched);
        return OneMatcher(json.Required(pattern, path, "Matchers"), $"{path}.Matchers", wildcards);
    }

    private string OneMatcher(JsonElement matchers, string path, string[] wildcards) =>
        matchers.ValueKind == JsonValueKind.Array && matchers.GetArrayLength() == 1
            ? Value(matchers[0], $"{path}[0]", wildcards)
            : throw json.Bad(path, "expected one matcher");

    private string Value(JsonElement matcher, string path, string[] wildcards)
    {
        json.Known(matcher, path, s_matcher);
        Off(matcher, path, "IgnoreCase", "RejectOnMatch", "Regex");
        var pattern = json.Text(matcher, path, "Pattern") ?? throw json.Bad($"{path}.Pattern", "expected a text");
        return json.Text(matcher, path, "Name") switch
        {
            "ExactMatcher" => pattern,
            "WildcardMatcher" => NoWildcard(pattern, $"{path}.Pattern", wildcards),
            _ => throw json.Bad($"{path}.Name", "expected ExactMatcher, or WildcardMatcher without a wildcard: a fixture knows no pattern"),
        };
    }

    // In a whole URL, ? begins the query.
    private string NoWildcard(string pattern, string path, string[] wildcards) =>
        wildcards.FirstOrDefault(w => pattern.Contains(w, StringComparison.Ordinal)) is { } wildcard
            ? throw json.Bad(path, $"holds the wildcard {wildcard}: a fixture knows no pattern")
            : pattern;

    private void Off(JsonElement item, string path, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.False)
                throw json.Bad($"{path}.{name}", "a fixture's response can say false alone");
    }
}
