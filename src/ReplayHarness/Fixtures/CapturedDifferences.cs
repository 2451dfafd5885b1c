using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>Calls that gave another result in the incident than they give when nothing is wrong.</summary>
internal static class CapturedDifferences
{
    private const int MostShown = 60;

    /// <summary>A line for each, where the incident's result was that of another call too.</summary>
    public static IEnumerable<string> Of(Fixture fixture)
    {
        foreach (var healthy in fixture.Hypotheses.SelectMany(h => h.Healthy).DistinctBy(h => FixtureIndex.Key(h.Tool, h.Arguments)))
        {
            var key = FixtureIndex.Key(healthy.Tool, healthy.Arguments);
            var right = Canonical(healthy.Result);
            foreach (var was in fixture.Behaviours.Where(b => b.Result is not null && FixtureIndex.Key(b.Tool, b.Arguments) == key))
            {
                var captured = Canonical(was.Result!.Value);
                if (captured == right)
                    continue;
                var other = Results(fixture).FirstOrDefault(c => c.Key != key && Canonical(c.Result) == captured).Key;
                yield return $"{key.Tool} {key.Arguments} gave {Short(captured)} in the incident and {Short(right)} when healthy: "
                    + (other.Tool is null ? "a wrong result" : $"what {other.Tool} {other.Arguments} gives (cross-talk)")
                    + "; the healthy one calibrates";
                break;
            }
        }
    }

    private static IEnumerable<((string Tool, string Arguments) Key, System.Text.Json.JsonElement Result)> Results(Fixture fixture)
    {
        foreach (var healthy in fixture.Hypotheses.SelectMany(h => h.Healthy))
            yield return (FixtureIndex.Key(healthy.Tool, healthy.Arguments), healthy.Result);
        foreach (var captured in fixture.Behaviours.Where(b => b.Result is not null))
            yield return (FixtureIndex.Key(captured.Tool, captured.Arguments), captured.Result!.Value);
    }

    private static string Canonical(System.Text.Json.JsonElement result) => Json.Canonical(FixtureIndex.TextOf(result));

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= MostShown ? line : line[..MostShown] + "…";
    }
}
