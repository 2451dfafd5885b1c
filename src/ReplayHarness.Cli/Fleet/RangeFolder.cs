using System.Globalization;
using ReplayHarness.Evidence;
using ReplayHarness.Running;
using ReplayHarness.Running.Ranges;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>A folder with a file for each range of one job that has ended: whole or absent.</summary>
/// <param name="path">The folder; it is made where there is none.</param>
internal sealed class RangeFolder(string path)
{
    private const string Prefix = "range-";
    private const string Extension = ".json";

    /// <summary>The file of a range.</summary>
    public string FileOf(ScheduleRange range) =>
        Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{range.Index}-of-{range.Count}{Extension}"));

    /// <summary>Whether a folder holds ranges, and no results of jobs.</summary>
    public static bool IsOne(string folder) => !File.Exists(Path.Combine(folder, PlanFile.FileName)) && Files(folder).Length > 0;

    /// <summary>The kept one that would come out again; null where there is none.</summary>
    /// <param name="wanted">What is to be run.</param>
    /// <exception cref="BadInputException">The range of another job is kept in its place.</exception>
    public RangeFile? Find(RangeFile wanted)
    {
        var file = FileOf(wanted.Range);
        if (Read(file) is not { } found || found.Range != wanted.Range)
            return null;
        if (found.WholeText != wanted.WholeText)
            throw new BadInputException(
                $"{file}: is of another job ({Invocation.Of(found.Job, found.Expect)}); give this one another --results, or --fresh"
            );
        return found.Key == wanted.Key && found.Key.Length > 0 && found.IsControlled ? found : null;
    }

    /// <summary>Sees that a range can be kept, before it runs.</summary>
    /// <exception cref="BadInputException">Something else is in its place.</exception>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    public void RequireRoomFor(ScheduleRange range)
    {
        var file = FileOf(range);
        if (Directory.Exists(file))
            throw new BadInputException($"{file}: is a folder; a range is kept in a file of this name");
        Directory.CreateDirectory(path);
        File.Create(DraftName.Of(file), 1, FileOptions.DeleteOnClose).Dispose();
    }

    /// <summary>Keeps one; gives its file.</summary>
    public string Save(RangeFile range)
    {
        var file = FileOf(range.Range);
        WholeFile.Write(file, range.ToJson());
        return file;
    }

    /// <summary>All ranges of one job, in their order.</summary>
    /// <param name="folders">The folders in which they are.</param>
    /// <exception cref="BadInputException">One is missing or there twice, or they are of different jobs or code.</exception>
    public static IReadOnlyList<RangeFile> All(IReadOnlyList<string> folders)
    {
        foreach (var folder in folders)
            if (!IsOne(folder))
                throw new BadInputException($"{folder}: holds no range; expected folders that run --range --results wrote");
        (string File, RangeFile Range)[] all =
        [
            .. folders
                .DistinctBy(Path.GetFullPath, StringComparer.Ordinal)
                .SelectMany(Files)
                .Select(f => (f, RangeFile.Load(f)))
                .OrderBy(r => r.Item2.Range.Index),
        ];
        foreach (var other in all.Skip(1))
            RequireSame(all[0], other);
        foreach (var same in all.GroupBy(r => r.Range.Range.Index))
            if (same.Count() > 1)
                throw new BadInputException(
                    $"range {same.First().Range.Range} is there twice: {string.Join(", ", same.Select(r => r.File))}"
                );
        var missing = Enumerable.Range(1, all[0].Range.Range.Count).Except(all.Select(r => r.Range.Range.Index)).ToArray();
        return missing.Length == 0
            ? [.. all.Select(r => r.Range)]
            : throw new BadInputException(
                $"no range {string.Join(", ", missing.Take(10))}{(missing.Length > 10 ? $", and {missing.Length - 10} more," : "")} of "
                    + $"{all[0].Range.Range.Count}: run {Command(all[0].Range, missing[0])}"
            );
    }

    private static string Command(RangeFile one, int index)
    {
        var options = one.Job.Options with { Range = one.Range with { Index = index } };
        return $"{Invocation.Of(one.Job with { Options = options }, one.Expect)} --results DIR";
    }

    private static void RequireSame((string File, RangeFile Range) one, (string File, RangeFile Range) other)
    {
        if (other.Range.Range.Count != one.Range.Range.Count)
            throw new BadInputException(
                $"{other.File}: is one of {other.Range.Range.Count} ranges, and {one.File} of {one.Range.Range.Count}"
            );
        if (other.Range.WholeText != one.Range.WholeText)
            throw new BadInputException(
                $"{other.File}: is of another job than {one.File}: {Invocation.Of(other.Range.Whole, other.Range.Expect)}; expected "
                    + Invocation.Of(one.Range.Whole, one.Range.Expect)
            );
        if (other.Range.Named != one.Range.Named)
            throw new BadInputException(
                $"{other.File}: was run with other values of variables that the agent's code names than {one.File}; set them alike"
            );
        if (other.Range.State != one.Range.State)
            throw new BadInputException(
                $"{other.File}: was run with other code or another fixture than {one.File}; run both on one commit"
            );
    }

    // One that cannot be read is run again.
    private static RangeFile? Read(string file)
    {
        try
        {
            return File.Exists(file) ? RangeFile.Load(file) : null;
        }
        catch (BadInputException)
        {
            return null;
        }
    }

    private static string[] Files(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, $"{Prefix}*{Extension}").Order(StringComparer.Ordinal)] : [];
}
