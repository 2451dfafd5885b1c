namespace ReplayHarness.Replays;

/// <summary>
/// The clock of one replay. It stands still while agent code runs and moves only when the kernel completes an operation or fires a timer.
/// Ticks are 100 ns, counted from the start of the replay; the epoch is the time at which the incident was captured.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly DateTimeOffset _epoch;
    private readonly List<VirtualTimer> _timers = [];

    internal VirtualTime(DateTimeOffset epoch) => _epoch = epoch;

    /// <summary>The virtual time that has passed since the start of the replay, in ticks.</summary>
    public long NowTicks { get; private set; }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _epoch.AddTicks(NowTicks);

    /// <inheritdoc/>
    public override long GetTimestamp() => NowTicks + TimestampAtStart;

    // Much code takes a timestamp of 0 for one that was never set.
    private const long TimestampAtStart = TimeSpan.TicksPerHour;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        Create(callback, state, dueTime, period, ExecutionContext.Capture(), VirtualTimer.LabelOf(callback));

    internal VirtualTimer Create(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period,
        ExecutionContext? context,
        string label,
        (Delegate? Callback, object? State)? twinOf = null,
        Piece? piece = null
    )
    {
        VirtualTimer timer;
        lock (_timers)
            timer = new VirtualTimer(this, callback, state, context)
            {
                Label = label,
                For = twinOf ?? (callback, state),
                Piece = piece,
            };
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>What whoever arms a timer knows; null where nobody watches.</summary>
    internal Func<object?>? Origin { get; init; }

    /// <summary>The armed timers, oldest first.</summary>
    internal IReadOnlyList<VirtualTimer> Timers => _timers;

    /// <summary>The earliest due time of any timer, or <see cref="long.MaxValue"/>.</summary>
    /// <param name="alsoPieces">False to look only at timers that bring no piece of an answer.</param>
    internal long EarliestTimer(bool alsoPieces = true)
    {
        var earliest = long.MaxValue;
        foreach (var timer in _timers)
            if (alsoPieces || timer.Piece is null)
                earliest = Math.Min(earliest, timer.DueTicks);
        return earliest;
    }

    internal void Advance(long ticks) => NowTicks = Math.Max(NowTicks, ticks);

    internal void Arm(VirtualTimer timer)
    {
        lock (_timers)
            _timers.Add(timer);
    }

    internal void Disarm(VirtualTimer timer)
    {
        lock (_timers)
            _timers.Remove(timer);
    }
}

/// <summary>A timer in virtual time; it fires only when the kernel chooses it.</summary>
internal sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state, ExecutionContext? context) : ITimer
{
    private long _period;

    public long DueTicks { get; private set; }

    /// <summary>What it calls, and with what; of a twin of the runtime's own timer, what that calls.</summary>
    public (Delegate? Callback, object? State) For { get; init; } = (callback, state);

    /// <summary>What was known where it was armed; null where nobody watches.</summary>
    public object? Origin { get; private set; }

    /// <summary>True where a framework made it for itself; null as long as nobody has asked.</summary>
    public bool? IsOfFramework { get; set; }

    /// <summary>The piece of an answer that it brings; null for any other timer.</summary>
    public Piece? Piece { get; init; }

    /// <summary>True where a thread sleeps until it fires.</summary>
    public bool IsSleep => Label == Sleep;

    /// <summary>The label of the timers of threads that sleep.</summary>
    public const string Sleep = "sleep";

    /// <summary>What the timer is for, by its callback, so that two schedules that fire different timers never look alike.</summary>
    public required string Label { get; init; }

    public static string LabelOf(Delegate callback) => $"timer {callback.Method.DeclaringType?.Name}.{callback.Method.Name}";

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period > TimeSpan.Zero ? period.Ticks : 0;
        time.Disarm(this);
        if (dueTime < TimeSpan.Zero)
            return true;
        DueTicks = time.NowTicks + dueTime.Ticks;
        Origin = time.Origin?.Invoke();
        time.Arm(this);
        return true;
    }

    public void Fire()
    {
        time.Disarm(this);
        if (_period > 0)
        {
            DueTicks = time.NowTicks + _period;
            time.Arm(this);
        }
        if (context is null)
            callback(state);
        else
            ExecutionContext.Run(context, static timer => ((VirtualTimer)timer!).Invoke(), this);
    }

    private void Invoke() => callback(state);

    public void Dispose() => time.Disarm(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }
}
