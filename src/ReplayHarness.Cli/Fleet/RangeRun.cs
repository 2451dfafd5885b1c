using ReplayHarness.Cli.Commands;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>Runs a range of the schedules of one job, or puts all of its ranges together.</summary>
internal static class RangeRun
{
    /// <summary>Runs a range, where it is not there already; gives the exit code.</summary>
    /// <param name="job">The job, and which range of it.</param>
    /// <param name="expect">The verdict on which the job exits 0; null for <c>removed</c>.</param>
    /// <param name="folder">Where it is kept.</param>
    /// <param name="fresh">Whether it is run although it is there.</param>
    /// <param name="token">Stops it; nothing is kept then.</param>
    public static async Task<ExitCode> RunAsync(ReplayJob job, string? expect, RangeFolder folder, bool fresh, CancellationToken token)
    {
        using var keys = new JobKeys(HostProcess.Resolve(job.Assembly!));
        var key = KeyOf(keys, job);
        var range = new RangeFile
        {
            Version = RangeFile.CurrentVersion,
            Harness = Evidence.EvidenceFile.HarnessVersion,
            Key = key.Key,
            State = key.State,
            Named = key.Named,
            Job = job,
            Expect = expect,
            IsControlled = true,
            Hypotheses = [],
        };
        folder.RequireRoomFor(range.Range);
        if (!fresh && folder.Find(range) is { } kept)
            return Tell(kept, folder.FileOf(kept.Range), "was there already");
        var report = await RunCommand.ReplayAsync(job.Fixture, Agent.InAssembly(job.Assembly!, job.Driver), job.Options, token);
        range = range with { IsControlled = report.Uncontrolled.Count == 0, Hypotheses = report.Ranges! };
        if (WhyNotKept(range, token) is { } why)
            return Refuse(range, why);
        if (!keys.IsAsBefore(JobOf(job)))
            return Refuse(range, "the fixture or the agent was changed while it ran");
        return Tell(range, folder.Save(range), "kept");
    }

    /// <summary>What all ranges show together, judged as if one machine had run them; and the verdict on which the job exits 0.</summary>
    /// <param name="folders">The folders in which they are.</param>
    /// <param name="token">Stops it.</param>
    /// <exception cref="BadInputException">A range is missing, or they are not of one job, or not of what is here.</exception>
    public static async Task<(ReplayReport Report, string? Expect)> MergeAsync(IReadOnlyList<string> folders, CancellationToken token)
    {
        var ranges = RangeFolder.All(folders);
        var job = ranges[0].Whole;
        if (!File.Exists(job.Assembly))
            throw new BadInputException(
                $"{folders[0]}: its ranges were run with {job.Assembly}, which is not there; merge them in the folder that they were run in"
            );
        using var keys = new JobKeys(HostProcess.Resolve(job.Assembly));
        var here = KeyOf(keys, job);
        if (here.Named != ranges[0].Named)
            throw new BadInputException(
                $"{folders[0]}: its ranges were run with other values of variables that the agent's code names than are set here; set them "
                    + "alike"
            );
        if (here.State != ranges[0].State)
            throw new BadInputException(
                $"{folders[0]}: its ranges were run with other code or another fixture than {job.Agent} and {job.Fixture} are here; merge "
                    + "them on the commit that they were run on"
            );
        var options = job.Options with { Others = [.. ranges.Select(r => r.Hypotheses)] };
        var report = await RunCommand.ReplayAsync(job.Fixture, Agent.InAssembly(job.Assembly!, job.Driver), options, token);
        return (report with { Job = job }, ranges[0].Expect);
    }

    private static string? WhyNotKept(RangeFile range, CancellationToken token) =>
        token.IsCancellationRequested ? "it was stopped"
        : range.State.Length == 0 ? "the files that it depends on cannot be read"
        : range.Hypotheses.FirstOrDefault(h => h.Shown is { IsWhole: false, IsEndless: false }) is { } cut
            ? $"{cut.Hypothesis}: the budget of {range.Job.Options.Budget} ran out"
        : null;

    private static ExitCode Refuse(RangeFile range, string why)
    {
        Console.Error.WriteLine($"replay-harness: range {range.Range} is not kept: {why}");
        Console.Error.WriteLine($"rerun: {Invocation.Again()}");
        return ExitCode.NotEstablished;
    }

    private static ExitCode Tell(RangeFile range, string file, string how)
    {
        Console.Out.Write($"range {range.Range} of {range.Whole.Options.Schedules.Options}: {how}: {file}\n");
        foreach (var (hypothesis, shown) in range.Hypotheses)
            Console.Out.Write(
                shown is null
                    ? $"  {hypothesis}: not divided; merge explores it\n"
                    : $"  {hypothesis}: {Sentences.Plural(shown.Runs)}, {Sentences.Text(shown.Failed)} failed\n"
            );
        Console.Out.Write($"next, when all {range.Range.Count} are there: {Invocation.In(Directory.GetCurrentDirectory())} merge DIR…\n");
        return ExitCode.Ok;
    }

    private static JobKey KeyOf(JobKeys keys, ReplayJob job) => keys.Of(JobOf(job));

    private static FleetJob JobOf(ReplayJob job) =>
        new("", "", job.Fixture, new("", VerdictKind.Removed, new Dictionary<string, VerdictKind>(), job.Driver));
}
