using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Cli.Commands;
using ReplayHarness.Evidence;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>
/// A folder with a file for each job that has ended: whole or absent, whoever is killed when. What is there, and would come out again, is
/// not run again.
/// </summary>
/// <param name="path">The folder; it is made where there is none.</param>
/// <param name="assembly">The assembly that holds the drivers.</param>
/// <param name="isFresh">Whether everything is run again.</param>
/// <param name="withPages">Whether a page about each job is kept, too.</param>
internal sealed class ResultFolder(string path, string assembly, bool isFresh, bool withPages = false)
{
    private const string Extension = ".result.json";
    private const string PageExtension = ".html";
    private const int LongestName = 100;

    private static readonly TimeSpan s_longestWriting = TimeSpan.FromHours(1);

    private readonly JobKeys _keys = new(assembly);
    private readonly ConcurrentDictionary<string, ResultFile?> _read = new(StringComparer.Ordinal);
    private Dictionary<string, JobKey> _keyOf = [];

    /// <summary>Keeps the list of all jobs, of which those that are run here are a part.</summary>
    /// <param name="all">All jobs.</param>
    /// <param name="weights">A hash of the weights by which they were divided; null where none were given.</param>
    /// <exception cref="BadInputException">There is no such assembly.</exception>
    public void Plan(IReadOnlyList<FleetJob> all, string? weights)
    {
        HostProcess.Resolve(assembly);
        _keyOf = all.ToDictionary(j => j.Name, _keys.Of, StringComparer.Ordinal);
        Directory.CreateDirectory(path);
        var file = Path.Combine(path, PlanFile.FileName);
        WholeFile.Write(file, PlanFile.Of(all, j => _keyOf[j.Name], weights).ToJson());
        DeleteDrafts(File.GetLastWriteTimeUtc(file) - s_longestWriting);
    }

    /// <summary>Whether it holds a result that would come out again.</summary>
    public bool Holds(FleetJob job, JobKey key) =>
        !isFresh
        && key.Key.Length > 0
        && Read(job) is { Report: { } report } found
        && found.Key == key.Key
        // What nobody controlled may come out otherwise.
        && report.Uncontrolled.Count == 0
        && (!withPages || (found.HasPage && File.Exists(PageOf(path, job.Name))));

    /// <summary>Whether a page about each job is kept.</summary>
    public bool WithPages => withPages;

    /// <summary>The row of an earlier run that would come out again; null where there is none.</summary>
    public FleetRow? Find(FleetJob job)
    {
        var key = _keyOf[job.Name];
        if (!Holds(job, key) || Read(job) is not { Report: { } report } found)
            return null;
        // What is expected, and how the command is spelt, is no part of what was shown.
        var replayed = Agent.InAssembly(assembly, job.Expected!.Driver).JobOf(job.Fixture, new());
        var row = found.Row with
        {
            Job = job,
            Page = found.HasPage ? PageOf(path, job.Name) : null,
            Report = RunCommand.Worded(report with { Job = replayed }, job.Expected.Verdict.Text()),
        };
        if (found.State != key.State || row.Report.Rerun != report.Rerun)
            Write(row, key);
        return row;
    }

    /// <summary>How long a job took in an earlier run, in seconds; null where nothing says so.</summary>
    public double? SecondsOf(FleetJob job) => Read(job)?.Seconds;

    /// <summary>Keeps a row. One whose fixture or agent was changed while it ran is of neither, and is not kept.</summary>
    /// <param name="row">The row.</param>
    /// <param name="page">The page about it; null for none.</param>
    public void Save(FleetRow row, string? page = null)
    {
        var key = _keyOf[row.Job.Name];
        if (row.Report is null)
            key = key with { Key = "" };
        else if (!_keys.IsAsBefore(row.Job))
            return;
        var file = PageOf(path, row.Job.Name);
        if (page is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            WholeFile.Write(file, page);
        }
        Write(row with { Page = page is null ? null : file }, key);
        if (page is null)
            File.Delete(file);
    }

    /// <summary>The rows of several folders, in the order of their plan.</summary>
    /// <exception cref="BadInputException">Their plans differ, a job is missing or there twice; the message names all of them.</exception>
    public static IReadOnlyList<FleetRow> Merge(IReadOnlyList<string> folders)
    {
        var plan = PlanFile.Load(folders[0]);
        foreach (var folder in folders.Skip(1))
            plan.RequireSame(folders[0], PlanFile.Load(folder), folder);
        string[][] found = [.. plan.Jobs.Select(job => folders.Select(f => FileOf(f, job.Name)).Where(File.Exists).ToArray())];
        Refuse(plan.Jobs.Zip(found).Where(j => j.Second.Length == 0).Select(j => j.First.Name), "no result of");
        Refuse(
            plan.Jobs.Zip(found).Where(j => j.Second.Length > 1).Select(j => $"{j.First.Name} ({string.Join(", ", j.Second)})"),
            "several results of"
        );
        ResultFile[] results = [.. found.AsParallel().AsOrdered().Select(f => ResultFile.Load(f[0]))];
        Refuse(
            plan.Jobs.Zip(results)
                .Where(j => j.Second.Row.Job.Name != j.First.Name)
                .Select(j => $"{j.First.Name} ({j.Second.Row.Job.Name})"),
            "the result of another job in the place of"
        );
        Refuse(
            plan.Jobs.Zip(results).Where(j => j.Second.State != j.First.State).Select(j => j.First.Name),
            "only results of other code, another fixture or other expectations of"
        );
        return [.. results.Zip(found).Select(r => r.First.Row with { Page = PageBeside(r.First, r.Second[0]) })];
    }

    /// <summary>The whole results in a folder, whatever run they are of.</summary>
    public static IEnumerable<ResultFile> All(string folder) =>
        Directory
            .EnumerateFiles(folder, "*" + Extension, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(Read)
            .OfType<ResultFile>();

    private static void Refuse(IEnumerable<string> jobs, string what)
    {
        string[] all = [.. jobs];
        if (all.Length > 0)
            throw new BadInputException($"{what} {string.Join(", ", all)}: run these jobs again, and merge then");
    }

    private void Write(FleetRow row, JobKey key)
    {
        var file = FileOf(path, row.Job.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        WholeFile.Write(file, ResultFile.Of(row, key).ToJson());
    }

    private ResultFile? Read(FleetJob job) => _read.GetOrAdd(job.Name, name => Read(FileOf(path, name)));

    private static ResultFile? Read(string file)
    {
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

    // Somebody was killed while he wrote.
    private void DeleteDrafts(DateTime before)
    {
        foreach (var file in Directory.EnumerateFiles(path, "*.*", SearchOption.AllDirectories))
            if (IsDraft(file) && File.GetLastWriteTimeUtc(file) < before)
                File.Delete(file);
    }

    private static bool IsDraft(string file) => Path.GetExtension(file) is { Length: 33 } end && end.Skip(1).All(char.IsAsciiHexDigitLower);

    private static string? PageBeside(ResultFile result, string file) =>
        result.HasPage && File.Exists(PageOf(file)) ? PageOf(file) : null;

    private static string PageOf(string file) => file[..^Extension.Length] + PageExtension;

    private static string PageOf(string folder, string job) => PageOf(FileOf(folder, job));

    private static string FileOf(string folder, string job) => Path.Combine([folder, .. job.Split('/').Select(Spelt)]) + Extension;

    // A name may hold what no file's name may, and two may differ only in what some file systems do not tell apart.
    private static string Spelt(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')
            ? name
            : Short(Uri.EscapeDataString(name)) + "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];

    private static string Short(string name) => name.Length <= LongestName ? name : name[..LongestName];
}
