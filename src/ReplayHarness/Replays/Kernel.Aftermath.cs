namespace ReplayHarness.Replays;

/// <summary>
/// What happens once the agent's run has ended. Whatever it left running is let run on for a bounded virtual time, in the order in which it
/// is due: a crash then would have ended the process in production. Then what it was built of is disposed of.
/// </summary>
internal sealed partial class Kernel
{
    private const int MostStepsAfterEnd = 1_000;

    /// <summary>How much virtual time passes after the end, at most.</summary>
    public static TimeSpan Aftermath { get; } = TimeSpan.FromSeconds(60);

    private ExecutionContext? _flow;
    private long? _endTicks;
    private Task? _closing;
    private int _stepsAfterEnd;

    /// <summary>Called once, when the agent's task has ended and before anything that it left running goes on.</summary>
    public Action? OnEnded { get; init; }

    /// <summary>Disposes of what the agent was built of.</summary>
    public Func<Task>? Close { get; init; }

    /// <summary>When the run ended, in virtual ticks.</summary>
    public long EndTicks => _endTicks ?? Time.NowTicks;

    /// <summary>An exception that no agent code caught after the run had ended; null where there was none.</summary>
    public Exception? LateCrash { get; private set; }

    private bool StepAfterEnd()
    {
        if (_endTicks is null)
        {
            Log("end", nameof(KernelEnd.Finished));
            _endTicks = Time.NowTicks;
            OnEnded?.Invoke();
        }
        if (_closing is null && _root.IsCompletedSuccessfully && LateCrash is null && StepOldest(EndTicks + Aftermath.Ticks))
            return true;
        if (_closing is not null)
        {
            if (_closing.IsFaulted)
                LateCrash ??= _closing.Exception.InnerException;
            return !_closing.IsCompleted && StepOldest(s_mostVirtual);
        }
        ExecutionContext.Run(_flow!, static kernel => ((Kernel)kernel!).BeginClose(), this);
        return true;
    }

    private void BeginClose()
    {
        try
        {
            _closing = Close?.Invoke() ?? Task.CompletedTask;
        }
        catch (Exception e)
        {
            _closing = Task.FromException(e);
        }
    }

    // No strategy is asked: what comes after the end multiplies no schedules.
    private bool StepOldest(long until)
    {
        _pump.SyncTimers();
        if (++_stepsAfterEnd > MostStepsAfterEnd)
            return false;
        Operation? operation;
        lock (_pending)
            operation = _pending.MinBy(o => o.DueTicks);
        var timer = Time.Timers.MinBy(t => t.DueTicks);
        var due = Math.Min(operation?.DueTicks ?? Operation.Never, timer?.DueTicks ?? Operation.Never);
        if (due == Operation.Never || due > until)
            return false;
        if (operation is not null && operation.DueTicks == due)
            Complete(operation);
        else
            Fire(timer!);
        return true;
    }

    // What was blocked is unwound once the replay is over, through agent code that may make anything of that.
    private void NoteUnhandled(Exception exception)
    {
        if (_isOver)
            return;
        if (_endTicks is null)
            Unhandled ??= exception;
        else
            LateCrash ??= exception;
    }
}
