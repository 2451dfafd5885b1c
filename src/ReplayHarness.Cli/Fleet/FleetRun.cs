using ReplayHarness.Cli.Commands;
using ReplayHarness.Judging;
using ReplayHarness.Reports.Page;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>
/// Runs jobs, several at once, each in a host process that serves one after another. What goes wrong with one is its row, and the others
/// go on.
/// </summary>
/// <param name="assembly">The assembly that holds the drivers.</param>
/// <param name="atOnce">How many run at once; at least 1.</param>
/// <param name="results">Where finished jobs are kept; null for nowhere.</param>
internal sealed class FleetRun(string assembly, int atOnce, ResultFolder? results)
{
    /// <summary>Hears of each row when it is there, in no order; null for nobody.</summary>
    public Action<FleetRow>? OnRow { get; init; }

    /// <summary>Hears how far a job is, where just one runs at a time; null for nobody.</summary>
    public IProgress<ReplayProgress>? Progress { get; init; }

    /// <summary>How long a job is thought to take, in seconds: of several at once, the longest is run first.</summary>
    public Func<FleetJob, double> SecondsOf { get; init; } = static _ => 0;

    /// <summary>Runs them; gives their rows in the order of the jobs, each as soon as it and all before it are there.</summary>
    public async IAsyncEnumerable<FleetRow> RunAsync(
        IReadOnlyList<FleetJob> jobs,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token = default
    )
    {
        HostPool.Expect(atOnce);
        TaskCompletionSource<FleetRow>[] rows =
        [
            .. jobs.Select(_ => new TaskCompletionSource<FleetRow>(TaskCreationOptions.RunContinuationsAsynchronously)),
        ];
        // The longest first, so that none is left alone at the end.
        var order = Enumerable.Range(0, jobs.Count).OrderByDescending(i => atOnce > 1 ? SecondsOf(jobs[i]) : 0);
        var running = Parallel.ForEachAsync(
            order,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = CancellationToken.None },
            async (i, _) =>
            {
                var row = await RowOfAsync(jobs[i], token);
                OnRow?.Invoke(row);
                rows[i].SetResult(row);
            }
        );
        foreach (var row in rows)
            // A mistake of the harness itself ends all.
            yield return await await Task.WhenAny(row.Task, AfterAll(running, row.Task));
        await running;
    }

    private static async Task<FleetRow> AfterAll(Task running, Task<FleetRow> row)
    {
        await running;
        return await row;
    }

    private async Task<FleetRow> RowOfAsync(FleetJob job, CancellationToken token)
    {
        if (job.Error is { } error)
            return Failed(job, error);
        if (token.IsCancellationRequested)
            return Stopped(job);
        try
        {
            return await ReplayAsync(job, token);
        }
        catch (Exception e)
            when (e
                    is BadInputException
                        or HostFailedException
                        or MissingToolException
                        or UncontrollableRuntimeException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            return Failed(job, e.Message);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return Stopped(job);
        }
    }

    private FleetRow Failed(FleetJob job, string error)
    {
        var row = new FleetRow(job, null, error);
        results?.Save(row);
        return row;
    }

    private async Task<FleetRow> ReplayAsync(FleetJob job, CancellationToken token)
    {
        var folder = Mending.Load(job.Fixture);
        if (results?.Find(job) is { } found)
            return found;
        var began = RealTime.Elapsed;
        var report = await Replayer.RunAsync(job.Fixture, Agent.InAssembly(assembly, job.Expected!.Driver), null, Progress, token);
        // One that was stopped is judged by what ran, which is not what all would have shown.
        if (token.IsCancellationRequested)
            return Stopped(job);
        report = RunCommand.Worded(report, job.Expected.Verdict.Text());
        var row = new FleetRow(job, report.WithoutTraces())
        {
            Heading = FleetText.HeadingOf(folder),
            Seconds = (RealTime.Elapsed - began).TotalSeconds,
        };
        results?.Save(row, results.WithPages ? ReportPage.Of(folder, [new(job.Agent, report)]) : null);
        return row;
    }

    private static FleetRow Stopped(FleetJob job) => new(job, null, "not run: stopped") { IsStopped = true };
}
