using System.Text.Json.Nodes;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Tests.Support;

/// <summary>
/// Fixtures of incidents that were written, not captured: a run as it would have been traced, and what a capture makes of it.
/// </summary>
internal static class Authored
{
    /// <summary>Writes the fixture of a run into a folder and gives its path.</summary>
    public static string Write(TempFolder folder, string incident, RunBuilder run, IReadOnlyDictionary<string, bool>? effects = null)
    {
        var trace = run.Build();
        var path = Path.Combine(folder.Path, incident);
        var fixture = Capture.Create(incident, "authored", [trace], [], []);
        FixtureWriter.Write(path, fixture with { Effects = effects ?? fixture.Effects }, [trace], []);
        return path;
    }

    /// <summary>Changes what a fixture says, as a person would.</summary>
    public static async Task EditAsync(string fixture, Action<JsonNode> edit)
    {
        var file = Path.Combine(fixture, "fixture.json");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        edit(json);
        await File.WriteAllTextAsync(file, json.ToJsonString());
    }

    /// <summary>Arguments that name what a call is about.</summary>
    public static string About(string what) => $$"""{"of":"{{what}}"}""";

    /// <summary>The messages of a model's answer that asks for calls of one tool, each about one thing; call ids are the things.</summary>
    public static string Asks(string tool, params string[] things) => Asks([.. things.Select(thing => (tool, thing))]);

    /// <summary>The messages of a model's answer that asks for calls.</summary>
    public static string Asks(params (string Tool, string Thing)[] calls) =>
        System.Text.Json.JsonSerializer.Serialize(
            new object[]
            {
                new
                {
                    role = "assistant",
                    parts = calls.Select(call => new
                    {
                        type = "tool_call",
                        id = call.Thing,
                        name = call.Tool,
                        arguments = new { of = call.Thing },
                    }),
                },
            }
        );
}
