namespace ReplayHarness.Replays;

/// <summary>How a run of the kernel ended.</summary>
internal enum KernelEnd
{
    /// <summary>The agent finished, with or without an error.</summary>
    Finished,

    /// <summary>The agent waits for something that can never happen.</summary>
    Deadlock,

    /// <summary>A boundary stopped the replay (the agent contradicted the fixture).</summary>
    Stopped,

    /// <summary>A bound on calls, steps or virtual time was reached.</summary>
    OutOfBudget,

    /// <summary>It took longer than somebody is willing to wait; what it would have shown is not known.</summary>
    Cut,

    /// <summary>The strategy knows what follows from here.</summary>
    Merged,

    /// <summary>What happened is not what the schedule says that was to be followed.</summary>
    LeftSchedule,
}

/// <summary>An operation was issued, or it completed; or a timer fired.</summary>
/// <param name="Label">The operation or timer.</param>
/// <param name="Starts">True where it was issued.</param>
internal readonly record struct KernelEvent(string Label, bool Starts);
