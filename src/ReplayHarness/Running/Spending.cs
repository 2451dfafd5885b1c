#pragma warning disable RS0030 // The one place of this folder that knows real time: how long a person is willing to wait.
using System.Diagnostics;
using System.Globalization;

namespace ReplayHarness.Running;

/// <summary>How much of a budget the exploration of one hypothesis has used.</summary>
/// <param name="budget">The budget.</param>
/// <param name="stop">Set when the user has stopped the job: what was explored so far is judged.</param>
internal sealed class Spending(Budget budget, CancellationToken stop)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public TimeSpan Elapsed => _watch.Elapsed;

    public bool IsStopped => stop.IsCancellationRequested;

    public bool IsSpent(int runs) => IsOver || runs >= budget.Schedules;

    /// <summary>True where nobody waits any longer, not even for the schedule that runs.</summary>
    public bool IsOver => IsStopped || IsLate;

    /// <summary>Why no more schedules were run.</summary>
    public string WhySpent =>
        IsStopped ? "the exploration was stopped"
        : IsLate ? string.Create(CultureInfo.InvariantCulture, $"the budget of {budget.Time!.Value.TotalSeconds} s ran out")
        : string.Create(CultureInfo.InvariantCulture, $"the budget of {budget.Schedules} schedules ran out");

    private bool IsLate => budget.Time is { } most && _watch.Elapsed >= most;
}
