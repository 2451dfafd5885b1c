#pragma warning disable RS0030 // The one place of this folder that knows real time: how long a person is willing to wait.
using System.Diagnostics;
using System.Globalization;

namespace ReplayHarness.Running;

/// <summary>How many schedules of one hypothesis may run, and for how long.</summary>
internal sealed class Budget(ReplayJob job)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Set when the user has stopped the job: what was explored so far is judged.</summary>
    public static volatile bool Stopped;

    public TimeSpan Elapsed => _watch.Elapsed;

    public bool IsSpent(int runs) =>
        Stopped || runs >= job.MaxSchedules || (job.MaxSeconds is { } seconds && _watch.Elapsed.TotalSeconds >= seconds);

    /// <summary>Why no more schedules were run.</summary>
    public string WhySpent =>
        Stopped ? "the exploration was stopped"
        : job.MaxSeconds is { } seconds && _watch.Elapsed.TotalSeconds >= seconds
            ? string.Create(CultureInfo.InvariantCulture, $"the budget of {seconds} s ran out")
        : string.Create(CultureInfo.InvariantCulture, $"the budget of {job.MaxSchedules} schedules ran out");
}
