using System.Text.Json.Nodes;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fleet;

/// <summary>A folder of small incidents, each with agents of this assembly.</summary>
internal sealed class Incidents : IDisposable
{
    private readonly TempFolder _folder = new();

    public Incidents(params string[] names)
    {
        foreach (var name in names)
            Add(name);
    }

    public string Path => _folder.Path;

    /// <summary>The options of the command that replays them, in their folder.</summary>
    public static string[] Arguments(params string[] options) => ["replays", "replays", "--assembly", Replay.Assembly, .. options];

    public Task<ToolResult> RunAsync(params string[] options) => Tool.RunInAsync(Path, Arguments(options));

    public Task<ToolResult> MergeAsync(params string[] options) => Tool.RunInAsync(Path, ["merge", .. options]);

    /// <summary>The results in a folder, by the names of their jobs, in order.</summary>
    public string[] Results(string folder) =>
        [
            .. Directory
                .GetFiles(System.IO.Path.Combine(Path, folder), "*.result.json", SearchOption.AllDirectories)
                .Select(f => System.IO.Path.GetRelativePath(System.IO.Path.Combine(Path, folder), f).Split('.')[0])
                .Order(StringComparer.Ordinal),
        ];

    public string Write(string file, string text) => _folder.Write(file, text);

    public void Dispose() => _folder.Dispose();

    public void Add(string incident) =>
        Add(incident, ("mended", nameof(RaceTokenTotalFixed), "removed"), ("broken", nameof(RaceTokenTotalBroken), "reproduced"));

    public void Add(string incident, params (string Agent, string Driver, string Verdict)[] agents)
    {
        if (!Directory.Exists(System.IO.Path.Combine(Path, incident)))
        {
            var fixture = System.IO.Path.Combine(Authored.Write(_folder, incident, RaceRuns.Turn()), "fixture.json");
            var json = JsonNode.Parse(File.ReadAllText(fixture))!;
            var hypotheses = json["hypotheses"]!.AsArray();
            hypotheses.RemoveAll(h => (string?)h!["name"] != "captured@tool");
            File.WriteAllText(fixture, json.ToJsonString());
        }
        var expected = new JsonObject
        {
            ["fixture"] = $"../../{incident}",
            ["agents"] = new JsonArray([
                .. agents.Select(a => new JsonObject
                {
                    ["agent"] = a.Agent,
                    ["driver"] = a.Driver,
                    ["verdict"] = a.Verdict,
                    ["hypotheses"] = new JsonObject(),
                }),
            ]),
        };
        Write(System.IO.Path.Combine("replays", incident, "expected.json"), expected.ToJsonString());
    }
}
