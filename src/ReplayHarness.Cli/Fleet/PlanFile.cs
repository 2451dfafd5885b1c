using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>All jobs of a run, whichever part of them is run here: what a merge must find.</summary>
/// <param name="Version">The version of the file's form.</param>
/// <param name="Harness">The version of the harness.</param>
/// <param name="Jobs">The names of the jobs, in order.</param>
internal sealed record PlanFile(int Version, string Harness, IReadOnlyList<string> Jobs)
{
    /// <summary>The name of the file, in the folder of results.</summary>
    public const string FileName = "plan.json";

    /// <summary>That of a list of jobs.</summary>
    public static PlanFile Of(IReadOnlyList<FleetJob> jobs) =>
        new(ResultFile.CurrentVersion, Evidence.EvidenceFile.HarnessVersion, [.. jobs.Select(j => j.Name)]);

    /// <summary>Reads one.</summary>
    /// <exception cref="BadInputException">There is none, or the file holds something else.</exception>
    public static PlanFile Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new BadInputException($"{folder}: holds no {FileName}; expected a folder that replays --results wrote");
        try
        {
            return JsonSerializer.Deserialize(JsonBytes.Of(path), ResultJson.Relaxed.PlanFile)
                ?? throw new BadInputException($"{path}: holds null; expected a list of jobs");
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: {e.Path}: no list of jobs", e);
        }
    }

    /// <summary>The file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ResultJson.Relaxed.PlanFile) + "\n";
}
