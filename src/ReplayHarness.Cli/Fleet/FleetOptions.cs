using System.CommandLine;
using System.Globalization;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>How many jobs run at once, which of them here, and where they are kept.</summary>
internal sealed class FleetOptions
{
    private readonly Option<int?> _jobs = new("--jobs")
    {
        Description = "How many replays run at once, each in a process of its own; the number of processors where it is left out.",
    };

    private readonly Option<string?> _shard = new("--shard")
    {
        Description =
            "I/N: only the I-th of N parts of all jobs; auto: the part that the variables of Slurm, Kubernetes, GitLab, CircleCI, Bazel or "
            + "Azure say.",
    };

    private readonly Option<string?> _weights = new("--weights")
    {
        Description =
            "DIR or FILE: with --shard: parts that take equally long, by how long each job took in an earlier run: its folder of results, "
            + "or what merge --weights wrote. Each part is given the same.",
    };

    private readonly Option<string?> _results = new("--results")
    {
        Description =
            "DIR: keeps a file there for each job that has ended; what is there already and would come out again is not run again.",
    };

    private readonly Option<bool> _fresh = new("--fresh") { Description = "Runs every job, whatever --results holds." };

    private readonly Option<bool> _reports = new("--reports")
    {
        Description = "With --results: keeps a page about each job, too, as report writes it; merge --html links to them.",
    };

    private readonly Option<bool> _plan = new("--plan")
    {
        Description =
            "Prints the names of the jobs, and runs none; with --results which would not be run; with --json what each depends on.",
    };

    /// <summary>What was chosen.</summary>
    /// <param name="Jobs">The jobs.</param>
    /// <param name="Run">Runs them.</param>
    /// <param name="Plan">They are only listed, beside these results; null where they are run.</param>
    internal sealed record Chosen(IReadOnlyList<FleetJob> Jobs, FleetRun Run, FleetPlan? Plan);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_jobs, _shard, _weights, _results, _fresh, _reports, _plan])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_jobs) is < 1)
                result.AddError(
                    string.Create(CultureInfo.InvariantCulture, $"--jobs {result.GetValue(_jobs)}: expected a whole number from 1")
                );
            if (result.GetValue(_fresh) && result.GetValue(_results) is null)
                result.AddError("--fresh: says what becomes of --results DIR, which is missing");
            if (result.GetValue(_reports) && result.GetValue(_results) is null)
                result.AddError("--reports: says what is kept in --results DIR, which is missing");
            if (result.GetValue(_weights) is not null && result.GetValue(_shard) is null)
                result.AddError("--weights: says how jobs are divided among parts; expected --shard, too");
        });
    }

    /// <summary>What a command line chose.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="assembly">The assembly that holds the drivers.</param>
    /// <param name="all">All jobs.</param>
    public Chosen Of(ParseResult parsed, string assembly, IReadOnlyList<FleetJob> all)
    {
        var shard = parsed.GetValue(_shard) is { } text ? Shard.Parse(text) : null;
        var weights = parsed.GetValue(_weights) is { } path ? FleetWeights.Load(path) : null;
        string[] names = [.. all.Select(j => j.Name)];
        var jobs = shard is null ? all : shard.Of(all, weights);
        var isPlan = parsed.GetValue(_plan);
        var results = parsed.GetValue(_results) is { } folder
            ? new ResultFolder(folder, assembly, parsed.GetValue(_fresh), parsed.GetValue(_reports))
            : null;
        if (!isPlan && results is not null)
        {
            // After a change most of the time goes by with these two.
            _ = Parallel.ForEachAsync([assembly], MakeCopy);
            results.Plan(all, weights?.HashFor(names));
        }
        var atOnce = Math.Min(parsed.GetValue(_jobs) ?? Environment.ProcessorCount, Math.Max(1, jobs.Count));
        var progress = FleetProgress.OnTerminal(jobs.Count);
        var run = new FleetRun(assembly, atOnce, results)
        {
            SecondsOf = job => results?.SecondsOf(job) ?? weights?.SecondsOf(job.Name) ?? 0,
            OnRow = progress is null ? null : progress.Add,
            Progress = atOnce == 1 ? progress : null,
        };
        return new(jobs, run, isPlan ? new(assembly, jobs, results) : null);
    }

    // Whoever replays makes it where this could not, or hears why.
    private static ValueTask MakeCopy(string assembly, CancellationToken token)
    {
        try
        {
            HostPool.CopyOf(assembly);
        }
        catch (Exception e) when (e is BadInputException or MissingToolException or IOException or UnauthorizedAccessException)
        {
            // It is not needed yet.
        }
        return ValueTask.CompletedTask;
    }
}
