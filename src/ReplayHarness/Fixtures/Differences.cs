using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>How what an agent does differs from what was captured, in few words.</summary>
internal static class Differences
{
    private const int Around = 24,
        MostShown = 60;

    /// <summary>Where two texts differ: what they share is cut to a few characters, captured and present parts stand in brackets.</summary>
    public static string Text(string captured, string now)
    {
        var start = captured.AsSpan().CommonPrefixLength(now);
        var (left, right) = (captured.Length, now.Length);
        while (left > start && right > start && captured[left - 1] == now[right - 1])
            (left, right) = (left - 1, right - 1);
        var before = start <= Around ? captured[..start] : "…" + captured[(start - Around)..start];
        var after = captured.Length - left <= Around ? captured[left..] : captured[left..(left + Around)] + "…";
        return $"{before}[captured: {Short(captured[start..left])}, now: {Short(now[start..right])}]{after}".ReplaceLineEndings(" ");
    }

    /// <summary>Which members of two JSON objects differ.</summary>
    public static IReadOnlyList<string> Members(string captured, string now)
    {
        if (
            Json.TryParse(captured) is not IReadOnlyDictionary<string, object?> was
            || Json.TryParse(now) is not IReadOnlyDictionary<string, object?> asked
        )
            return [$"is {Short(now)}, captured {Short(captured)}"];
        List<string> differences = [];
        foreach (var (name, value) in was)
            if (!asked.TryGetValue(name, out var other))
                differences.Add($"{name} is missing, captured {Shown(value)}");
            else if (Json.Canonical(other) != Json.Canonical(value))
                differences.Add($"{name} is {Shown(other)}, captured {Shown(value)}");
        differences.AddRange(asked.Where(m => !was.ContainsKey(m.Key)).Select(m => $"{m.Key} is {Shown(m.Value)}, which was not captured"));
        return differences;
    }

    /// <summary>How the tools that an agent offers its model differ from those that were captured.</summary>
    public static IEnumerable<string> Tools(IReadOnlyList<RecordedTool> captured, IReadOnlyList<RecordedTool> now)
    {
        foreach (var tool in captured)
            if (now.FirstOrDefault(t => t.Name == tool.Name) is not { } offered)
                yield return $"the agent no longer offers {tool.Name} to the model";
            else if (Parameters(tool) is var was && Parameters(offered) is var asks && was != asks)
                yield return $"the parameters of {tool.Name} differ: {Text(was, asks)}";
        foreach (var tool in now.Where(t => captured.All(c => c.Name != t.Name)))
            yield return $"the agent offers {tool.Name} to the model, which was not captured";
    }

    // Names, types and what is required; drafts, descriptions and strictness decide nothing. A whole number is a number.
    private static string Parameters(RecordedTool tool)
    {
        var schema = Json.Value(tool.Schema) as IReadOnlyDictionary<string, object?>;
        var required = (schema?.GetValueOrDefault("required") as IReadOnlyList<object?> ?? []).ToHashSet();
        var properties = schema?.GetValueOrDefault("properties") as IReadOnlyDictionary<string, object?>;
        return string.Join(
            ", ",
            (properties ?? new Dictionary<string, object?>())
                .OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => $"{p.Key}{(required.Contains(p.Key) ? "" : "?")}: {TypeOf(p.Value)}")
        );
    }

    private static string TypeOf(object? property)
    {
        var type = (property as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("type");
        return Json.Write(type).Replace("integer", "number", StringComparison.Ordinal);
    }

    private static string Shown(object? value) => Short(Json.Write(value));

    private static string Short(string text) => text.Length <= MostShown ? text : text[..MostShown] + "…";
}
