using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReplayHarness.Evidence;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fleet.Page;

/// <summary>A folder of results as <c>replays --results</c> writes it, of jobs that nobody had to run.</summary>
internal sealed class Results : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _jobs = [];

    public string Path => _folder.Path;

    public void Dispose() => _folder.Dispose();

    /// <summary>A job that was replayed; where another verdict was expected, it was under each hypothesis.</summary>
    public Results Add(string incident, string agent, ReplayReport report, VerdictKind expected, double seconds = 1)
    {
        var wrong = report.Verdict != expected;
        return Write(
            incident,
            agent,
            new()
            {
                ["expected"] = new JsonObject
                {
                    ["agent"] = agent,
                    ["verdict"] = expected.Text(),
                    ["hypotheses"] = new JsonObject(
                        report.Hypotheses.Select(h => KeyValuePair.Create(h.Name, (JsonNode?)(wrong ? expected : h.Verdict).Text()))
                    ),
                },
                ["seconds"] = seconds,
                ["report"] = JsonSerializer.SerializeToNode(report, ReportJson.Relaxed.ReplayReport),
            }
        );
    }

    /// <summary>A job that could not be replayed.</summary>
    public Results AddError(string incident, string agent, string error) =>
        Write(
            incident,
            agent,
            new()
            {
                ["expected"] = new JsonObject
                {
                    ["agent"] = agent,
                    ["verdict"] = "removed",
                    ["hypotheses"] = new JsonObject(),
                },
                ["error"] = error,
            }
        );

    /// <summary>Merges it into a page; gives the page's file.</summary>
    public async Task<string> MergeAsync(string page = "page.html")
    {
        Save();
        var merged = await Tool.RunInAsync(Path, "merge", "kept", "--html", page, "--markdown");
        Assert.That(merged.Output, Does.Contain("as expected."), merged.Errors);
        return System.IO.Path.Combine(Path, page);
    }

    /// <summary>Writes the list of its jobs.</summary>
    public void Save() =>
        _folder.Write(
            System.IO.Path.Combine("kept", "plan.json"),
            new JsonObject
            {
                ["version"] = 2,
                ["harness"] = EvidenceFile.HarnessVersion,
                ["jobs"] = new JsonArray([.. _jobs.Select(j => new JsonObject { ["name"] = j, ["state"] = "" })]),
            }.ToJsonString()
        );

    private Results Write(string incident, string agent, JsonObject result)
    {
        var job = $"{incident}/{agent}";
        _jobs.Add(job);
        result["version"] = 2;
        result["harness"] = EvidenceFile.HarnessVersion;
        result["key"] = "";
        result["state"] = "";
        result["incident"] = incident;
        result["fixture"] = $"fixtures/{agent}";
        var file = System.IO.Path.Combine(["kept", .. job.Split('/').Select(Spelt)]) + ".result.json";
        _folder.Write(file, Summed(result.ToJsonString()));
        return this;
    }

    /// <summary>A result's text with the sum that says that nobody changed it.</summary>
    public static string Summed(string json) =>
        $"{{\"sum\":\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("," + json[1..])))}\",{json[1..]}";

    // As the tool does, so that no two names meet in one file.
    private static string Spelt(string name) =>
        name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')
            ? name
            : Uri.EscapeDataString(name)[..Math.Min(100, Uri.EscapeDataString(name).Length)]
                + "~"
                + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
}
