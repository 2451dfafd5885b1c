using System.Globalization;
using ReplayHarness.Running;

namespace ReplayHarness.Cli.Fleet;

/// <summary>One line on a terminal that says how far all jobs are; nothing where standard error is a file.</summary>
internal sealed class FleetProgress : IProgress<ReplayProgress>
{
    private readonly int _jobs;
    private readonly Lock _gate = new();
    private int _done,
        _unexpected,
        _kept;

    private FleetProgress(int jobs) => _jobs = jobs;

    /// <summary>That for a number of jobs; null where nobody would see it.</summary>
    public static FleetProgress? OnTerminal(int jobs) => Console.IsErrorRedirected ? null : new(jobs);

    /// <summary>A job has ended.</summary>
    public void Add(FleetRow row)
    {
        lock (_gate)
        {
            _done++;
            _kept += row.IsOfBefore ? 1 : 0;
            _unexpected += row.AsExpected ? 0 : 1;
            Write("");
        }
    }

    /// <inheritdoc/>
    public void Report(ReplayProgress value)
    {
        lock (_gate)
            Write($"; {value}");
    }

    private void Write(string now)
    {
        var seconds = RealTime.Elapsed.TotalSeconds;
        var run = _done - _kept;
        var left = run == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", about {(_jobs - _done) * seconds / run:0} s left");
        var kept = _kept == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {_kept} as before");
        Console.Error.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Ink.EraseLine}{_done} of {_jobs}{kept}, {_unexpected} not as expected, {_done / Math.Max(seconds, 0.1):0.0}/s{left}{now}"
            )
        );
    }
}
