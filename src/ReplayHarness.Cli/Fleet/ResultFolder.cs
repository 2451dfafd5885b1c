using ReplayHarness.Evidence;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>
/// A folder with a file for each job that has ended: whole or absent, whoever is killed when. What is there, and would come out again, is
/// not run again.
/// </summary>
/// <param name="path">The folder; it is made where there is none.</param>
/// <param name="isFresh">Whether everything is run again.</param>
internal sealed class ResultFolder(string path, bool isFresh)
{
    private const string Extension = ".result.json";

    private readonly JobKeys _keys = new();

    /// <summary>The hash of all that the report of a job depends on.</summary>
    public string KeyOf(FleetJob job, string assembly) => _keys.Of(job, assembly);

    /// <summary>The row of an earlier run that would come out again; null where there is none.</summary>
    public FleetRow? Find(FleetJob job, string key)
    {
        if (isFresh || Read(job) is not { } found || found.Key != key || found.Report is null)
            return null;
        // What is expected is no part of what was shown.
        return found.Row with { Job = job };
    }

    /// <summary>How long a job took in an earlier run, in seconds; null where nothing says so.</summary>
    public double? SecondsOf(FleetJob job) => Read(job)?.Seconds;

    /// <summary>Keeps a row.</summary>
    public void Save(FleetRow row, string key)
    {
        var file = FileOf(row.Job.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        WholeFile.Write(file, ResultFile.Of(row, key).ToJson());
    }

    /// <summary>Keeps the list of all jobs, of which these are a part.</summary>
    public void Save(PlanFile plan)
    {
        Directory.CreateDirectory(path);
        WholeFile.Write(Path.Combine(path, PlanFile.FileName), plan.ToJson());
    }

    /// <summary>The rows of several folders, in the order of their plan.</summary>
    /// <exception cref="BadInputException">Their plans differ, a job is missing or there twice; the message names all of them.</exception>
    public static IReadOnlyList<FleetRow> Merge(IReadOnlyList<string> folders)
    {
        var plan = PlanFile.Load(folders[0]);
        foreach (var folder in folders.Skip(1))
        {
            var other = PlanFile.Load(folder);
            if (other.Harness != plan.Harness)
                throw new BadInputException($"{folder}: is of version {other.Harness} of the harness, and {folders[0]} of {plan.Harness}");
            if (!other.Jobs.SequenceEqual(plan.Jobs, StringComparer.Ordinal))
                throw new BadInputException(
                    $"{folder}: is of another list of jobs than {folders[0]}: "
                        + string.Join(", ", other.Jobs.Except(plan.Jobs).Concat(plan.Jobs.Except(other.Jobs)).Take(10))
                );
        }
        Dictionary<string, string[]> found = plan.Jobs.ToDictionary(
            job => job,
            job => folders.Select(f => FileOf(f, job)).Where(File.Exists).ToArray(),
            StringComparer.Ordinal
        );
        Refuse(plan.Jobs.Where(j => found[j].Length == 0), "no result of");
        Refuse(plan.Jobs.Where(j => found[j].Length > 1).Select(j => $"{j} ({string.Join(", ", found[j])})"), "several results of");
        return [.. plan.Jobs.Select(j => ResultFile.Load(found[j][0]).Row)];
    }

    private static void Refuse(IEnumerable<string> jobs, string what)
    {
        string[] all = [.. jobs];
        if (all.Length > 0)
            throw new BadInputException($"{what} {string.Join(", ", all)}: run these jobs again, and merge then");
    }

    private ResultFile? Read(FleetJob job)
    {
        var file = FileOf(job.Name);
        try
        {
            return File.Exists(file) ? ResultFile.Load(file) : null;
        }
        catch (BadInputException)
        {
            // Of another version, or no result: it is run again.
            return null;
        }
    }

    private string FileOf(string job) => FileOf(path, job);

    // A name may hold what no file's name may.
    private static string FileOf(string folder, string job) =>
        Path.Combine([folder, .. job.Split('/').Select(Uri.EscapeDataString)]) + Extension;
}
