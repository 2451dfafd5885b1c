using ReplayHarness.Host.Pumping;

namespace ReplayHarness.Host.Controlled;

/// <summary>Synchronization contexts as rewritten code sees them: what blocks under one of its own is handed to the kernel, too.</summary>
public static class ControlledContexts
{
    /// <summary>Instead of <see cref="SynchronizationContext.Current"/>: none where the agent set none, as in a console.</summary>
    [Replaces(typeof(SynchronizationContext), "get_Current")]
    public static SynchronizationContext? Current() => AgentsContext.Seen;

    /// <summary>Instead of <see cref="SynchronizationContext.SetSynchronizationContext"/>.</summary>
    [Replaces(typeof(SynchronizationContext), "SetSynchronizationContext")]
    public static void Set(SynchronizationContext? syncContext) => Pump.SetContext(syncContext);

    /// <summary>Instead of <see cref="TaskScheduler.FromCurrentSynchronizationContext"/>, which needs one.</summary>
    /// <exception cref="InvalidOperationException">The agent set none.</exception>
    [Replaces(typeof(TaskScheduler), "FromCurrentSynchronizationContext")]
    public static TaskScheduler Scheduler() =>
        AgentsContext.Seen is null
            ? throw new InvalidOperationException("The current SynchronizationContext may not be used as a TaskScheduler.")
            : TaskScheduler.FromCurrentSynchronizationContext();
}
