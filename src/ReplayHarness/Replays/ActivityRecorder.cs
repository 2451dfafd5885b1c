using System.Diagnostics;
using ReplayHarness.Replays.States;

namespace ReplayHarness.Replays;

/// <summary>
/// Records the agent's own spans in virtual time. One listener serves the process; each schedule records into its own list.
/// Event times come from the real clock; they are mapped to the virtual time that was current when they were taken.
/// </summary>
internal sealed class ActivityRecorder(VirtualTime time)
{
    private static ActivityListener? s_listener;

    private readonly List<Activity> _activities = [];
    private readonly List<(DateTimeOffset Real, long VirtualTicks)> _steps = [];

    /// <summary>The agent's spans in the order they were started.</summary>
    public IReadOnlyList<Activity> Activities => _activities;

    /// <summary>The errors and stop reasons that the agent's spans carried so far, in order.</summary>
    public ulong ErrorDigest { get; private set; }

    /// <summary>Records from now on, to the end of the schedule that runs.</summary>
    public void Start()
    {
        ProcessState.Current!.Recorder = this;
        Step();
        if (s_listener is not null)
            return;
        s_listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = static activity => ProcessState.Current?.Recorder?.OnStarted(activity),
            ActivityStopped = static activity => ProcessState.Current?.Recorder?.OnStopped(activity),
            // The stack names paths of this machine, and writing it costs as much as all else of a failing replay.
            ExceptionRecorder = static (Activity _, Exception _, ref TagList tags) => tags.Add("exception.stacktrace", null),
        };
        ActivitySource.AddActivityListener(s_listener);
    }

    /// <summary>The virtual time has moved.</summary>
#pragma warning disable RS0030 // The one place that relates the real clock, which stamps span events, to virtual time.
    public void Step() => _steps.Add((DateTimeOffset.UtcNow, time.NowTicks));
#pragma warning restore RS0030

    /// <summary>The virtual time, in ticks, at which something happened that the real clock has stamped.</summary>
    public long VirtualTicksOf(DateTimeOffset real)
    {
        for (var i = _steps.Count - 1; i >= 0; i--)
            if (_steps[i].Real <= real)
                return _steps[i].VirtualTicks;
        return 0;
    }

    private void OnStarted(Activity activity)
    {
        activity.SetStartTime(time.GetUtcNow().UtcDateTime);
        lock (_activities)
            _activities.Add(activity);
    }

    private void OnStopped(Activity activity)
    {
        activity.SetEndTime(time.GetUtcNow().UtcDateTime);
        if (activity.GetTagItem(AgentSpan.StopReasonAttribute) is { } reason)
            ErrorDigest = (ErrorDigest * 0x9E3779B97F4A7C15) + StateHash.WordOf(reason.ToString() ?? "");
        if (activity.Status == ActivityStatusCode.Error)
            ErrorDigest = (ErrorDigest * 0x9E3779B97F4A7C15) + StateHash.WordOf(activity.StatusDescription ?? "");
    }
}
