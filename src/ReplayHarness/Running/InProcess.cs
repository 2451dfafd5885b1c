using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Shapes;

namespace ReplayHarness.Running;

/// <summary>The carrier in the agent's own process: the kernel, which controls threads, timers and the clock.</summary>
/// <param name="index">The fixture.</param>
/// <param name="newDriver">Makes a driver for each schedule.</param>
/// <param name="runtime">Controls the runtime.</param>
/// <param name="seed">The seed of the agent's random numbers.</param>
/// <param name="atOnce">How the calls of one turn run; null where that is the agent's own affair.</param>
internal sealed class InProcess(
    FixtureIndex index,
    Func<IReplayDriver> newDriver,
    IRuntimeControl runtime,
    ulong seed,
    ToolsAtOnce? atOnce = null
) : ICarrier
{
    private ScheduleRunner? _runner;
    private IStateHasher? _hasher;

    public string? Runtime => runtime.Runtime;

    public bool IsRealTime => false;

    public IEnumerable<string> Unguaranteed => [];

    public CallsAtOnce? AtOnce => atOnce?.Facts;

    public IEnumerable<string> Assumed => index.Assumed;

    /// <summary>The last thing that happened in the schedule that runs, in words.</summary>
    public string LastStep => _runner?.LastStep is { } step ? $"after {step}" : "before its first step";

    public IScheduleRunner RunnerOf(Hypothesis hypothesis, Func<bool> isGivenUp) =>
        _runner = new ScheduleRunner(index, hypothesis, newDriver, runtime, isGivenUp, seed) { AtOnce = atOnce };

    public Doubt? WhyNot(Hypothesis hypothesis, IScheduleRunner runner) =>
        !hypothesis.NeedsCalibration ? null
        : hypothesis.IsCalibratedInTurn ? CalibrationInTurn.Check(index, (ScheduleRunner)runner)
        : Calibration.Check(index, (ScheduleRunner)runner);

    public IEnumerable<string> Check(IScheduleRunner runner, ScheduleResult captured, Tally tally)
    {
        if (RuleTable.MayMerge(index.Known.Promoted))
            ((ScheduleRunner)runner).Hasher = _hasher ??= runtime.NewHasher();
        var again = runner.Run(new CapturedOrder());
        if (again.End != KernelEnd.Cut && again.LogHash != captured.LogHash)
            tally.Note(
                new(
                    "uncontrolled: the captured schedule, run twice, gave two different replays "
                        + "(real time, real I/O or unseeded randomness in the agent)"
                )
            );
        if (captured.Uncontrolled.Count == 0)
            foreach (var beside in captured.Inert)
                yield return beside;
    }
}
