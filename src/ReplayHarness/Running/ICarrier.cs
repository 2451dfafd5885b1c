using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Judging;
using ReplayHarness.Replays;

namespace ReplayHarness.Running;

/// <summary>
/// Delivers to an agent what the boundaries answer: in this process, or to another. Which answers, and what they show, is decided
/// elsewhere, once for all carriers; a carrier only says what it can guarantee.
/// </summary>
internal interface ICarrier
{
    /// <summary>Runs schedules under a hypothesis.</summary>
    /// <param name="hypothesis">The hypothesis.</param>
    /// <param name="isGivenUp">Whether nobody waits any longer for the schedule that runs: it ends, and shows nothing.</param>
    IScheduleRunner RunnerOf(Hypothesis hypothesis, Func<bool> isGivenUp);

    /// <summary>Why nothing can be judged under a hypothesis; null where it can.</summary>
    Doubt? WhyNot(Hypothesis hypothesis, IScheduleRunner runner);

    /// <summary>Which responses of the agent's backend were inferred, as sentences without their full stops.</summary>
    IEnumerable<string> Assumed => [];

    /// <summary>
    /// Whether the calls of one turn ran at once, and what asked for it; null where that is the agent's own affair.
    /// </summary>
    CallsAtOnce? AtOnce => null;

    /// <summary>The runtime that it controls; null where it controls none.</summary>
    string? Runtime { get; }

    /// <summary>
    /// True where the agent's own clock is real. The captured schedule, by the clock, then shows what no order of answers does: its own
    /// time-outs win there. And a schedule costs a process, so that none is run just to explain another.
    /// </summary>
    bool IsRealTime { get; }

    /// <summary>Looks at the captured schedule, once it has run, for what the carrier does not control in it.</summary>
    /// <param name="runner">Runs it again, where that tells.</param>
    /// <param name="captured">What it showed.</param>
    /// <param name="tally">Takes doubts.</param>
    /// <returns>What is not controlled, but no reason to doubt.</returns>
    IEnumerable<string> Check(IScheduleRunner runner, ScheduleResult captured, Tally tally);

    /// <summary>What it never controls, whatever the agent does.</summary>
    IEnumerable<string> Unguaranteed { get; }
}
