using ReplayHarness.Replays.Boundaries;

namespace ReplayHarness.Replays;

/// <summary>
/// What of a schedule the whole process must see: agent code, timers and events come in by ways that carry no reference to it. There is
/// one, between <see cref="Enter"/> and <see cref="Leave"/>; afterwards nothing of it is left. What outlives a schedule on purpose stands
/// with its owner: pure facts (how a type is walked, compiled accessors), the queues that were taken over, threads that wait for work, and
/// how much I/O is in flight.
/// </summary>
internal sealed class ProcessState
{
    private static ProcessState? s_current;
    private static long s_progress;

    private ProcessState(Kernel kernel, IPump pump) => (Kernel, Pump) = (kernel, pump);

    /// <summary>That of the schedule that runs now; null between schedules.</summary>
    public static ProcessState? Current => Volatile.Read(ref s_current);

    /// <summary>Grows whenever a replay gets on, over all schedules; a watchdog reads it from another thread.</summary>
    public static long Progress => Volatile.Read(ref s_progress);

    public Kernel Kernel { get; }

    public IPump Pump { get; }

    /// <summary>Answers the HTTP clients that the agent makes itself; null until its container stands.</summary>
    public HttpBoundary? Http { get; set; }

    /// <summary>Catches the tools that the agent invokes; null until its container stands.</summary>
    public ToolCatcher? Tools { get; set; }

    /// <summary>How the calls of one turn run; null where that is the agent's own affair.</summary>
    public ToolsAtOnce? ToolsAtOnce { get; set; }

    /// <summary>Records the agent's spans; null where nobody asked for them.</summary>
    public ActivityRecorder? Recorder { get; set; }

    /// <summary>A schedule begins.</summary>
    /// <exception cref="InvalidOperationException">Another one runs in this process.</exception>
    public static ProcessState Enter(Kernel kernel, IPump pump)
    {
        var entered = new ProcessState(kernel, pump);
        return Interlocked.CompareExchange(ref s_current, entered, null) is null
            ? entered
            : throw new InvalidOperationException("a schedule runs in this process already; one process runs one at a time");
    }

    /// <summary>The schedule has ended.</summary>
    public void Leave() => Interlocked.CompareExchange(ref s_current, null, this);

    /// <summary>The replay gets on; called by the thread that holds the baton.</summary>
    public static void NoteProgress() => Volatile.Write(ref s_progress, s_progress + 1);
}
