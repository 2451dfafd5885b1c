using ReplayHarness.Replays.Races;

namespace ReplayHarness.Replays.Strategies;

/// <summary>What the kernel may do next.</summary>
/// <param name="Label">The operation or timer.</param>
/// <param name="DueTicks">When it is due, in virtual ticks.</param>
/// <param name="IsTimer">True for a timer.</param>
/// <param name="Chain">The chain of calls it belongs to: those of one tool call follow each other.</param>
internal readonly record struct Choice(string Label, long DueTicks, bool IsTimer, string Chain);

/// <summary>A point at which more than one thing may happen next.</summary>
internal sealed class Decision(IReadOnlyList<Choice> enabled, Func<long> now, Func<UInt128?> state)
{
    /// <summary>Taken instead of a choice: what follows from this state is known, and the schedule need not be run to its end.</summary>
    public const int Prune = -1;

    /// <summary>Taken instead of a choice: what may happen is not what the strategy was told to follow.</summary>
    public const int Leave = -2;

    /// <summary>The virtual time, in ticks.</summary>
    public long NowTicks => now();

    /// <summary>What may happen; at least two, or one for a strategy that sees forced steps.</summary>
    public IReadOnlyList<Choice> Enabled => enabled;

    /// <summary>True where the choices are work items that are ready at once.</summary>
    public bool IsOfItems { get; init; }

    /// <summary>What is in flight, what may be next first.</summary>
    public Func<IReadOnlyList<PendingCall>> InFlight { get; init; } = static () => [];

    /// <summary>What the agent waits for, as chains of methods.</summary>
    public Func<IReadOnlyList<string>> WaitChains { get; init; } = static () => [];

    /// <summary>The hash of everything the future depends on; null where it cannot be told.</summary>
    public UInt128? State() => state();
}

/// <summary>The one seam that decides all nondeterminism of a replay.</summary>
internal interface IStrategy
{
    /// <summary>True where the strategy is asked even if just one thing may happen.</summary>
    bool SeesForcedSteps => false;

    /// <summary>
    /// True where everything happens when it is due, by the clock: out of process, answers then wait for their latencies.
    /// </summary>
    bool KeepsPace => false;

    /// <summary>True where the order of work items that are ready at once is chosen too, and not only that of answers and timers.</summary>
    bool InterleavesItems => false;

    /// <summary>The machine that the agent sees.</summary>
    Machine Machine => Machine.Usual;

    /// <summary>
    /// What seeds the agent's random numbers in the schedule that comes next; null for what seeds those of the captured schedule.
    /// </summary>
    ulong? RandomSeed => null;

    /// <summary>What the schedules are watched for between awaits; null for nothing.</summary>
    RaceWatch? Races => null;

    /// <summary>The latency of an operation, given the captured one.</summary>
    TimeSpan Latency(TimeSpan captured) => captured;

    /// <summary>What goes wrong with an operation.</summary>
    FaultKind FaultOf(string label) => FaultKind.None;

    /// <summary>A new schedule starts.</summary>
    void Begin();

    /// <summary>The index of the choice to take, <see cref="Decision.Prune"/>, or <see cref="Decision.Leave"/>.</summary>
    int Choose(Decision decision);

    /// <summary>The schedule has ended; true where there is another one to run.</summary>
    /// <param name="outcome">What it showed, as a text that is equal for equal verdicts; null for one that was pruned.</param>
    bool Next(string? outcome);
}
