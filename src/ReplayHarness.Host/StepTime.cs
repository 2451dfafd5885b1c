namespace ReplayHarness.Host;

/// <summary>Why a step does not end.</summary>
internal enum Stall
{
    None,

    /// <summary>It computes.</summary>
    Spins,

    /// <summary>It waits for something that no schedule brings.</summary>
    Waits,
}

/// <summary>What the watchdog saw between two looks.</summary>
/// <param name="Asked">How long it meant to sleep.</param>
/// <param name="Wall">How long it slept.</param>
/// <param name="Processor">The processor time that this process spent.</param>
/// <param name="Starved">How long its threads were ready and got no processor; null where the system does not tell.</param>
internal readonly record struct Look(TimeSpan Asked, TimeSpan Wall, TimeSpan Processor, TimeSpan? Starved);

/// <summary>
/// How much of the time of a step is its own. On a busy machine the clock runs and the step does not: what counts is the processor time
/// that was spent, and time in which nothing was to be done though there was a processor to do it.
/// </summary>
/// <param name="limit">The processor time that a step may spend.</param>
/// <param name="mayCompute">Whether it may spend more, so that it is stuck only where it waits.</param>
internal sealed class StepTime(TimeSpan limit, bool mayCompute = false)
{
    /// <summary>How many times the limit a step may wait; a wait may be anything, a spin loop is nothing else.</summary>
    public const int Waits = 3;

    // The watchdog's own look takes less.
    private const double LeastShare = 0.01;
    private static readonly TimeSpan s_late = TimeSpan.FromMilliseconds(20);

    private TimeSpan _spent,
        _waited;

    /// <summary>Says whether the step is stuck, by all that was seen of it.</summary>
    public Stall Add(Look look)
    {
        _spent += look.Processor < look.Wall ? look.Processor : look.Wall;
        // One that slept too long itself was not served: nobody else was, perhaps.
        if (look.Wall <= (2 * look.Asked) + s_late)
            Wait(look);
        return _spent >= limit && !mayCompute ? Stall.Spins
            : _waited >= Waits * limit ? Stall.Waits
            : Stall.None;
    }

    private void Wait(Look look)
    {
        if (look.Starved is { } starved)
            _waited += starved < look.Wall ? look.Wall - starved : TimeSpan.Zero;
        else if (look.Processor <= LeastShare * look.Wall)
            _waited += look.Wall;
        else
            // Who gets a little, now and then, may have wanted more.
            _waited = TimeSpan.Zero;
    }
}
