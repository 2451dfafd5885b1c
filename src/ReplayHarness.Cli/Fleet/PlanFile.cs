using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>All jobs of a run, whichever part of them is run here: what a merge must find.</summary>
/// <param name="Version">The version of the file's form.</param>
/// <param name="Harness">The version of the harness.</param>
/// <param name="Jobs">The jobs, in order.</param>
/// <param name="Weights">A hash of the weights by which they were divided; null where none were given.</param>
internal sealed record PlanFile(int Version, string Harness, IReadOnlyList<PlannedJob> Jobs, string? Weights = null)
{
    /// <summary>The name of the file, in the folder of results.</summary>
    public const string FileName = "plan.json";

    /// <summary>That of a list of jobs.</summary>
    public static PlanFile Of(IReadOnlyList<FleetJob> jobs, Func<FleetJob, JobKey> keyOf, string? weights) =>
        new(
            ResultFile.CurrentVersion,
            Evidence.EvidenceFile.HarnessVersion,
            [.. jobs.Select(j => new PlannedJob(j.Name, keyOf(j).State))],
            weights
        );

    /// <summary>Reads one.</summary>
    /// <exception cref="BadInputException">There is none, or the file holds something else.</exception>
    public static PlanFile Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new BadInputException($"{folder}: holds no {FileName}; expected a folder that replays --results wrote");
        try
        {
            var plan =
                JsonSerializer.Deserialize(JsonBytes.Of(path), ResultJson.Relaxed.PlanFile)
                ?? throw new BadInputException($"{path}: holds null; expected a list of jobs");
            return plan.Jobs.DistinctBy(j => j.Name).Count() == plan.Jobs.Count
                ? plan
                : throw new BadInputException($"{path}: names a job twice; run the jobs again");
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: {e.Path}: no list of jobs; run the jobs again",
                e
            );
        }
    }

    /// <summary>Refuses a plan of something else.</summary>
    /// <param name="folder">The folder that this plan is of.</param>
    /// <param name="other">The plan of another folder.</param>
    /// <param name="otherFolder">That folder.</param>
    /// <exception cref="BadInputException">They differ; the message says in what.</exception>
    public void RequireSame(string folder, PlanFile other, string otherFolder)
    {
        if (other.Harness != Harness)
            throw new BadInputException($"{otherFolder}: is of version {other.Harness} of the harness, and {folder} of {Harness}");
        string[] here = [.. Jobs.Select(j => j.Name)],
            there = [.. other.Jobs.Select(j => j.Name)];
        if (!there.SequenceEqual(here, StringComparer.Ordinal))
            throw new BadInputException(
                $"{otherFolder}: is of another list of jobs than {folder}: "
                    + (there.Except(here).Concat(here.Except(there)).ToArray() is { Length: > 0 } less ? Some(less) : "in another order")
            );
        string[] changed = [.. Jobs.Except(other.Jobs).Select(j => j.Name)];
        if (changed.Length > 0)
            throw new BadInputException(
                $"{otherFolder}: was run with other code, fixtures or expectations than {folder}: {Some(changed)}; run both on one commit"
            );
        if (other.Weights != Weights)
            throw new BadInputException(
                $"{otherFolder}: its part was made by other weights than that of {folder}; give each part the same --weights"
            );
    }

    /// <summary>The file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ResultJson.Relaxed.PlanFile) + "\n";

    private static string Some(string[] names) =>
        string.Join(", ", names.Take(10)) + (names.Length > 10 ? $", and {names.Length - 10} more" : "");
}

/// <summary>A job of a plan.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">A hash of what it is, the same on every machine; empty where it cannot be read.</param>
internal sealed record PlannedJob(string Name, string State);
